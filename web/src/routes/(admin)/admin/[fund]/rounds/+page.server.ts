import type { listRounds } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const query = { limit: 20, cursor: event.url.searchParams.get('cursor') ?? '' };
  return { fund, ...must(await call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params: { fund: event.params.fund }, query })) };
};
