import type { readMoney } from '@commonpot/server/money/contract';
import type { listWaiting } from '@commonpot/server/payouts/disbursements/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const params = { fund: event.params.fund };
  const [money, payouts, rounds] = await Promise.all([
    call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params }), call<typeof listWaiting>(event, 'GET', '/funds/:fund/payouts', { params }),
    call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params, query: { limit: 20 } }),
  ]);
  return { fund, money: must(money), payouts: must(payouts).payouts, ...must(rounds) };
};
