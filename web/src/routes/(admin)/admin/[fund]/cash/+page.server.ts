import type { listCash } from '@commonpot/server/payouts/cash/contract';
import { call } from '#lib/api.ts';
import { admit, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const query = { limit: 50, cursor: event.url.searchParams.get('cursor') ?? undefined };
  const list = admit(event, await call<typeof listCash>(event, 'GET', '/funds/:fund/cash', { params: event.params, query }));
  return { fund: await fundOf(event), ...list };
};
