import type { listWaiting } from '@commonpot/server/payouts/disbursements/contract';
import type { listAwards } from '@commonpot/server/rounds/awards/contract';
import { call } from '#lib/api.ts';
import { admit, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const query = { limit: 100, cursor: event.url.searchParams.get('cursor') ?? undefined };
  const { awards, nextCursor } = admit(event, await call<typeof listAwards>(event, 'GET', '/funds/:fund/awards', { params: event.params, query }));
  const { payouts } = admit(event, await call<typeof listWaiting>(event, 'GET', '/funds/:fund/payouts', { params: event.params }));
  const waiting = payouts.map((each) => ({ ...each, award: awards.find((one) => one.reservation === each.reservation)?.id ?? null }));
  return { fund: await fundOf(event), awards, nextCursor, waiting };
};
