import type { readTurnout } from '@commonpot/server/votes/ballots/contract';
import { call } from '#lib/api.ts';
import { loadVoter } from '#lib/votes/ballot.server.ts';

/** The receipt itself is on the phone; the server does not know it. */
export const load = async (event) => {
  const [voter, turnout] = await Promise.all([
    loadVoter(event), call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params: event.params }),
  ]);
  event.setHeaders({ 'cache-control': 'private, no-cache' });
  return { ...voter, turnout: turnout.value?.ballots ?? 0 };
};
