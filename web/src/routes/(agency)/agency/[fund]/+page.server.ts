import type { listAdoptions } from '@commonpot/server/grants/adoption/contract';
import type { readAgency } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => ({
  fund: await readPageFund(event),
  agency: mustBeMember(event, await call<typeof readAgency>(event, 'GET', '/funds/:fund/agency', { params: event.params })),
  adoptions: mustBeMember(event, await call<typeof listAdoptions>(event, 'GET', '/funds/:fund/adoptions', { params: event.params })).lists,
});
