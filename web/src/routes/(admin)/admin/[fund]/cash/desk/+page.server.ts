import { fail, redirect } from '@sveltejs/kit';
import type { handOver, listCash, lookUpCash } from '@commonpot/server/payouts/cash/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const { box } = admit(event, await call<typeof listCash>(event, 'GET', '/funds/:fund/cash', { params: event.params, query: { limit: 1 } }));
  return { fund: await fundOf(event), box, key: crypto.randomUUID() };
};

export const actions = {
  read: async (event) => {
    const code = field(await event.request.formData(), 'code');
    const reply = await call<typeof lookUpCash>(event, 'POST', '/funds/:fund/cash-desk', { params: event.params, body: { code: code.slice(0, 40) } });
    return reply.ok ? { payment: reply.value } : fail(reply.problem.status, { problem: reply.problem, code });
  },
  hand: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof handOver>(event, 'POST', '/funds/:fund/cash-desk/hand-overs', { params: event.params, body: { ticket: field(form, 'ticket') }, idempotencyKey: field(form, 'key') });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, `${links.cashPayment(event.params.fund, reply.value.id)}?handed`);
  },
};
