import type { readMoney } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => ({
  fund: await readPageFund(event),
  money: mustBeMember(event, await call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params: event.params })),
});
