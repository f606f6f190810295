import type { listGrantRounds } from '@commonpot/server/grants/rounds/contract';
import type { listPots } from '@commonpot/server/money/contract';
import type { readFund } from '@commonpot/server/people/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import type { listSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { markSetAside } from '#lib/rounds/set-aside.ts';

export const load = async (event) => {
  const { params } = event;
  const cursor = event.url.searchParams.get('cursor') ?? undefined;
  const [fund, rounds, pots, grants, aside] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params, query: { limit: 20, cursor } }),
    call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params }),
    call<typeof listGrantRounds>(event, 'GET', '/funds/:fund/grants', { params }),
    call<typeof listSetAside>(event, 'GET', '/funds/:fund/set-aside', { params }),
  ]);
  return { fund: must(fund), ...markSetAside(must(rounds), must(aside)), ...must(pots), grants: must(grants).rounds.filter((each) => each.phase !== 'draft') };
};
