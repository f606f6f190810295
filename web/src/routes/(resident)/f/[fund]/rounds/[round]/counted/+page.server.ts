import { fail, redirect } from '@sveltejs/kit';
import type { enterVoterCode } from '@commonpot/server/rounds/roll/contract';
import type { readMyTurnout, readSealing } from '@commonpot/server/votes/sealing/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadRound } from '#lib/votes/round.ts';

/** What the list of who voted says of the reader, for as long as there is one. */
export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  const [mine, sealing] = await Promise.all([
    call<typeof readMyTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout-roll/mine', { params: event.params }),
    call<typeof readSealing>(event, 'GET', '/funds/:fund/rounds/:round/sealing', { params: event.params }),
  ]);
  event.setHeaders({ 'cache-control': 'private, no-cache' });
  const isThere = must(sealing).rollUntil !== null && (mine.ok || mine.problem.code !== 'roll-erased');
  return { fund, round, isThere, mine: mine.value ?? null, isSignedOut: !mine.ok && mine.problem.code === 'signed-out' };
};

export const actions = {
  default: async (event) => {
    const code = String((await event.request.formData()).get('code') ?? '');
    const reply = await call<typeof enterVoterCode>(event, 'POST', '/funds/:fund/rounds/:round/enter-code', { params: event.params, body: { code: code.slice(0, 40) } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.counted(event.params.fund, event.params.round));
  },
};
