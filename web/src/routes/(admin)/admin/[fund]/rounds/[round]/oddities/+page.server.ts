import { redirect } from '@sveltejs/kit';
import type { readOddities } from '@commonpot/server/votes/oddities/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { loadProjects } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  if (!round.sealedAt) redirect(303, links.adminRound(fund.slug, round.slug));
  const oddities = must(await call<typeof readOddities>(event, 'GET', '/funds/:fund/rounds/:round/oddities', { params: paramsOf(event) }));
  const titles = Object.fromEntries((await loadProjects(event)).map((project) => [project.number, project.title]));
  return { fund, round, oddities, titles };
};
