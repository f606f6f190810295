import type { listRounds } from '@commonpot/server/rounds/contract';
import type { listSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { markSetAside } from '#lib/rounds/set-aside.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const query = { limit: 20, cursor: event.url.searchParams.get('cursor') ?? '' };
  const params = { fund: event.params.fund };
  const [rounds, aside] = await Promise.all([call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params, query }), call<typeof listSetAside>(event, 'GET', '/funds/:fund/set-aside', { params })]);
  return { fund, ...markSetAside(must(rounds), must(aside)) };
};
