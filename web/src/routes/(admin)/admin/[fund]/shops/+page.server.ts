import type { listShops } from '@commonpot/server/payouts/settlements/contract';
import { call } from '#lib/api.ts';
import { admit, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => ({
  ...admit(event, await call<typeof listShops>(event, 'GET', '/funds/:fund/shops', { params: event.params })),
  fund: await fundOf(event),
});
