import type { listVouchers } from '@commonpot/server/payouts/vouchers/contract';
import { call } from '#lib/api.ts';
import { admit, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const query = { limit: 100, cursor: event.url.searchParams.get('cursor') ?? undefined };
  const list = admit(event, await call<typeof listVouchers>(event, 'GET', '/funds/:fund/vouchers', { params: event.params, query }));
  return { fund: await fundOf(event), ...list };
};
