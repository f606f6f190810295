import { redirect } from '@sveltejs/kit';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  const reply = await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params });
  if (!reply.ok && reply.problem.code === 'not-found') redirect(303, links.round(fund.slug, round.slug));
  return { fund, round, tally: must(reply) };
};
