import { fail, redirect } from '@sveltejs/kit';
import type { publishUpdate, recordPayout } from '@commonpot/server/payouts/disbursements/contract';
import type { planAward, readAward } from '@commonpot/server/rounds/awards/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { keysFor, move } from '#lib/payouts/forms.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const award = admit(event, await call<typeof readAward>(event, 'GET', '/funds/:fund/awards/:award', { params: event.params }));
  return {
    fund: await fundOf(event), award,
    keys: { ...keysFor(award.stages.flatMap((stage) => stage.payouts)), ...keysFor(award.stages) },
  };
};

/** The rows of the plan form that say something. */
function readRows(form: FormData) {
  const titles = form.getAll('title').map(String);
  const amounts = form.getAll('amount').map(String);
  return titles.map((title, index) => ({ title: title.trim(), amount: (amounts[index] ?? '').trim() })).filter((row) => row.title || row.amount);
}

export const actions = {
  plan: async (event) => {
    const rows = readRows(await event.request.formData());
    const { currency } = await fundOf(event);
    const stages = rows.map(({ title, amount }) => ({ title, amountMinor: readMoney(amount, currency) ?? 0 }));
    const reply = await call<typeof planAward>(event, 'POST', '/funds/:fund/awards/:award/plan', { params: event.params, body: { stages } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, rows });
    redirect(303, links.adminAward(event.params.fund, event.params.award));
  },
  tell: async (event) => {
    const form = await event.request.formData();
    const stage = field(form, 'stage');
    const words = field(form, 'words');
    const reply = await call<typeof publishUpdate>(event, 'POST', '/funds/:fund/disbursements/:disbursement/updates', { params: { fund: event.params.fund, disbursement: stage }, body: { words } });
    return reply.ok ? { done: 'told' } : fail(reply.problem.status, { problem: reply.problem, stage, words });
  },
  record: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof recordPayout>(event, 'POST', '/funds/:fund/disbursements/:disbursement/payouts', {
      params: { fund: event.params.fund, disbursement: field(form, 'stage') }, body: { reference: field(form, 'reference') }, idempotencyKey: field(form, 'key'),
    });
    return reply.ok ? { done: 'recorded' } : fail(reply.problem.status, { problem: reply.problem });
  },
  move: async (event) => move(event, (await fundOf(event)).currency),
};
