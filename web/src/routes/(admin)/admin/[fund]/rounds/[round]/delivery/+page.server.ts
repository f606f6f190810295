import type { readDelivery } from '@commonpot/server/votes/delivery/contract';
import { call, must } from '#lib/api.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { projects, overdue } = must(await call<typeof readDelivery>(event, 'GET', '/funds/:fund/rounds/:round/delivery', { params: paramsOf(event) }));
  return { fund, round, projects, overdue };
};
