import { fail, type RequestEvent } from '@sveltejs/kit';
import type { checkBox, closeBox, countBox, listCash, openBox } from '@commonpot/server/payouts/cash/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const { box, boxes } = admit(event, await call<typeof listCash>(event, 'GET', '/funds/:fund/cash', { params: event.params, query: { limit: 1 } }));
  return { fund: await fundOf(event), box, boxes, keys: [crypto.randomUUID(), crypto.randomUUID()] as const };
};

async function countOf(event: Pick<RequestEvent, 'fetch' | 'params' | 'url' | 'request'>) {
  const form = await event.request.formData();
  const amountMinor = readMoney(field(form, 'amount'), (await fundOf(event)).currency);
  return { name: field(form, 'name'), given: { params: { fund: event.params.fund ?? '' }, idempotencyKey: field(form, 'key') }, body: { amountMinor: amountMinor ?? -1 } };
}

export const actions = {
  open: async (event) => {
    const { name, given, body } = await countOf(event);
    const reply = await call<typeof openBox>(event, 'POST', '/funds/:fund/cash-box', { ...given, body: { name, ...body } });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  check: async (event) => {
    const { given, body } = await countOf(event);
    const reply = await call<typeof checkBox>(event, 'POST', '/funds/:fund/cash-box/check', { ...given, body });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  count: async (event) => {
    const { given, body } = await countOf(event);
    const reply = await call<typeof countBox>(event, 'POST', '/funds/:fund/cash-box/count', { ...given, body });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  close: async (event) => {
    const { given, body } = await countOf(event);
    const reply = await call<typeof closeBox>(event, 'POST', '/funds/:fund/cash-box/close', { ...given, body });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
};
