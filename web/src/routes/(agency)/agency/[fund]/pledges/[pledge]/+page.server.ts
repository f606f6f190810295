import { error, fail, redirect } from '@sveltejs/kit';
import type { readAgency, withdrawPledge } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => {
  const fund = await readPageFund(event);
  const agency = mustBeMember(event, await call<typeof readAgency>(event, 'GET', '/funds/:fund/agency', { params: event.params }));
  const pledge = agency.pledges.find((each) => each.id === event.params.pledge);
  if (!pledge) error(404, { message: '', code: 'not-found' });
  return { fund, pledge, currency: agency.currency, may: agency.may };
};

export const actions = {
  withdraw: async (event) => {
    const reply = await call<typeof withdrawPledge>(event, 'POST', '/funds/:fund/pledges/:pledge/withdraw', { params: event.params });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.pledge(event.params.fund, event.params.pledge));
  },
};
