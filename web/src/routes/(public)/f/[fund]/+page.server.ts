import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => ({
  fund: must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: event.params })),
});
