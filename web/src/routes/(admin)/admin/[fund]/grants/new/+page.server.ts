import { fail, redirect } from '@sveltejs/kit';
import type { createGrantRound } from '@commonpot/server/grants/rounds/contract';
import type { listPots } from '@commonpot/server/money/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  return { fund, ...must(await call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params: event.params })) };
};

export const actions = {
  default: async (event) => {
    const [form, fund] = await Promise.all([event.request.formData(), openFund(event)]);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const given = { title: text('title'), summary: text('summary'), pot: text('pot'), kind: text('kind') === 'window' ? 'window' as const : 'rolling' as const, budget: text('budget'), closes: text('closes') };
    const window = given.kind === 'window' ? { budgetMinor: readMoney(given.budget, fund.currency), closesAt: fromField(given.closes, fund.timeZone) } : {};
    const reply = await call<typeof createGrantRound>(event, 'POST', '/funds/:fund/grants', { params: event.params, body: { title: given.title, summary: given.summary, potId: given.pot, kind: given.kind, ...window } });
    return reply.ok ? redirect(303, links.adminGrant(event.params.fund, reply.value.slug)) : fail(reply.problem.status, { problem: reply.problem, given });
  },
};
