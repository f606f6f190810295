import { redirect } from '@sveltejs/kit';
import type { readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import type { readProject } from '@commonpot/server/votes/projects/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { landing } from '#lib/sharing/landing.ts';

/** Sends whoever arrives by a poster or a message to the step that is open now; an old or mistyped link leads to the fund, or home. */
export const GET = async (event) => {
  const { params } = event;
  event.setHeaders({ 'cache-control': 'no-store' });
  const round = (await call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params })).value;
  if (!round) redirect(303, (await call<typeof readFund>(event, 'GET', '/funds/:fund', { params })).ok ? links.fund(params.fund) : links.home());
  const isCounted = ['counting', 'results', 'delivery', 'closed'].includes(round.phase);
  const hasResult = isCounted && (await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params })).ok;
  const { number } = params;
  const isThere = number !== undefined && (await call<typeof readProject>(event, 'GET', '/funds/:fund/rounds/:round/project/:number', { params: { ...params, number } })).ok;
  redirect(303, landing(params.fund, round, isThere ? number : null, hasResult));
};
