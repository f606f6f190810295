import { fail } from '@sveltejs/kit';
import type { confirmIncident, enterIncident, readTrust } from '@commonpot/server/grants/trust/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => ({
  fund: await readPageFund(event),
  report: mustBeMember(event, await call<typeof readTrust>(event, 'GET', '/funds/:fund/trust', { params: event.params })),
  pageKey: crypto.randomUUID(),
});

type Kind = 'paid-twice' | 'wrong-person' | 'over-cap' | 'stolen' | 'cash-short';

export const actions = {
  enter: async (event) => {
    const form = await event.request.formData();
    const { currency } = await readPageFund(event);
    const body = { kind: String(form.get('kind')) as Kind, amountMinor: readMoney(String(form.get('amount') ?? ''), currency) ?? 0, happenedOn: String(form.get('day') ?? '') };
    const reply = await call<typeof enterIncident>(event, 'POST', '/funds/:fund/incidents', { params: event.params, body, idempotencyKey: String(form.get('key')) });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  confirm: async (event) => {
    const form = await event.request.formData();
    const { currency } = await readPageFund(event);
    const body = { amountMinor: readMoney(String(form.get('amount') ?? ''), currency) ?? 0 };
    const reply = await call<typeof confirmIncident>(event, 'POST', '/funds/:fund/incidents/:incident/confirm', { params: { ...event.params, incident: String(form.get('incident')) }, body, idempotencyKey: String(form.get('key')) });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
};
