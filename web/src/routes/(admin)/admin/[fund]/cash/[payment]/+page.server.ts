import { fail, type RequestEvent } from '@sveltejs/kit';
import type { moveCash, readCash } from '@commonpot/server/payouts/cash/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => ({
  fund: await fundOf(event),
  payment: admit(event, await call<typeof readCash>(event, 'GET', '/funds/:fund/cash/:payment', { params: event.params })),
  handed: event.url.searchParams.has('handed'),
  keys: [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const,
});

type Step = Parameters<typeof call<typeof moveCash>>[3]['body'];

async function step(event: Pick<RequestEvent, 'fetch' | 'params'>, form: FormData, body: Step) {
  const params = { fund: event.params.fund ?? '', payment: event.params.payment ?? '' };
  const reply = await call<typeof moveCash>(event, 'POST', '/funds/:fund/cash/:payment/transitions', { params, body, idempotencyKey: field(form, 'key') });
  return reply.ok ? { done: reply.value.state } : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  witness: async (event) => {
    const form = await event.request.formData();
    const { currency } = await fundOf(event);
    return step(event, form, { to: 'collected', amountMinor: readMoney(field(form, 'amount'), currency) ?? 0 });
  },
  dispute: async (event) => {
    const form = await event.request.formData();
    const { currency } = await fundOf(event);
    return step(event, form, { to: 'disputed', note: field(form, 'note'), shortMinor: readMoney(field(form, 'short'), currency) || null });
  },
  cancel: async (event) => {
    const form = await event.request.formData();
    return step(event, form, { to: 'cancelled', note: field(form, 'note') });
  },
};
