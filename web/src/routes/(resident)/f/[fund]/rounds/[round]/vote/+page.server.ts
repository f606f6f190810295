import { fail, redirect } from '@sveltejs/kit';
import type { enterVoterCode } from '@commonpot/server/rounds/roll/contract';
import type { readBallot } from '@commonpot/server/votes/ballots/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadRound } from '#lib/votes/round.ts';

/** Who is on the roll goes on to the ballot; a browser carries the link's fragment along. */
export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  if (round.phase !== 'voting') redirect(303, links.round(fund.slug, round.slug));
  const reply = await call<typeof readBallot>(event, 'GET', '/funds/:fund/rounds/:round/ballot', { params: event.params });
  if (reply.ok) redirect(303, links.ballot(fund.slug, round.slug));
  return { fund, round, isSignedIn: reply.problem.code === 'not-on-roll', isAgain: event.url.searchParams.has('again') };
};

export const actions = {
  default: async (event) => {
    const code = String((await event.request.formData()).get('code') ?? '');
    const reply = await call<typeof enterVoterCode>(event, 'POST', '/funds/:fund/rounds/:round/enter-code', { params: event.params, body: { code: code.slice(0, 40) } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.ballot(event.params.fund, event.params.round));
  },
};
