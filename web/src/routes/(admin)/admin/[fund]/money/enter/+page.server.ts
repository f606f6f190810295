import { fail, redirect } from '@sveltejs/kit';
import type { enterContribution, readMoney } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { readMoney as readAmount } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { textOf, wrongShape } from '#lib/money/given.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => {
  const fund = await readPageFund(event);
  const money = mustBeMember(event, await call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params: event.params }));
  const pledge = money.pledges.find((each) => each.id === event.url.searchParams.get('pledge')) ?? null;
  const pots = pledge?.potId ? money.pots.filter((pot) => pot.id === pledge.potId) : money.pots;
  return { fund, currency: money.currency, pledge, pots, agencies: money.agencies, key: crypto.randomUUID() };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const fund = await readPageFund(event);
    const given = { amount: textOf(form, 'amount'), receivedOn: textOf(form, 'receivedOn'), reference: textOf(form, 'reference'), pot: textOf(form, 'pot'), agency: textOf(form, 'agency') };
    const amountMinor = readAmount(given.amount, fund.currency);
    const missing = [...(amountMinor ? [] : ['amountMinor']), ...(/^\d{4}-\d{2}-\d{2}$/.test(given.receivedOn) ? [] : ['receivedOn']), ...(given.reference ? [] : ['reference']), ...(given.pot ? [] : ['potId'])];
    if (!amountMinor || missing.length > 0) return fail(400, { problem: wrongShape(...missing), given });
    const reply = await call<typeof enterContribution>(event, 'POST', '/funds/:fund/contributions', {
      params: event.params, idempotencyKey: textOf(form, 'key'),
      body: { pledgeId: textOf(form, 'pledge') || null, agencyId: given.agency || null, potId: given.pot, amountMinor, receivedOn: given.receivedOn, reference: given.reference },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, given });
    redirect(303, links.contribution(fund.slug, reply.value.id));
  },
};
