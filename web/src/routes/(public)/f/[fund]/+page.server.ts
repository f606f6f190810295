import type { listPots } from '@commonpot/server/money/contract';
import type { readFund } from '@commonpot/server/people/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const cursor = event.url.searchParams.get('cursor') ?? undefined;
  const [fund, rounds, pots] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params, query: { limit: 20, cursor } }),
    call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params }),
  ]);
  return { fund: must(fund), ...must(rounds), ...must(pots) };
};
