import type { readMoney } from '@commonpot/server/money/contract';
import type { listGrantDesks } from '@commonpot/server/grants/rounds/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import type { listWaiting } from '@commonpot/server/payouts/disbursements/contract';
import type { listRounds } from '@commonpot/server/rounds/contract';
import type { listSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { markSetAside } from '#lib/rounds/set-aside.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const params = { fund: event.params.fund };
  const [money, payouts, rounds, desks, people, aside] = await Promise.all([
    call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params }), call<typeof listWaiting>(event, 'GET', '/funds/:fund/payouts', { params }),
    call<typeof listRounds>(event, 'GET', '/funds/:fund/rounds', { params, query: { limit: 20 } }), call<typeof listGrantDesks>(event, 'GET', '/funds/:fund/grant-desks', { params }),
    call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params, query: { limit: 50 } }), call<typeof listSetAside>(event, 'GET', '/funds/:fund/set-aside', { params }),
  ]);
  return { fund, money: must(money), payouts: must(payouts).payouts, desks: must(desks).desks, people: must(people), ...markSetAside(must(rounds), must(aside)) };
};
