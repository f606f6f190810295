import { fail } from '@sveltejs/kit';
import type { recordPayout } from '@commonpot/server/payouts/disbursements/contract';
import type { readShop, settle } from '@commonpot/server/payouts/settlements/contract';
import { call } from '#lib/api.ts';
import { keysFor, move } from '#lib/payouts/forms.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const shop = admit(event, await call<typeof readShop>(event, 'GET', '/funds/:fund/shops/:shop', { params: event.params }));
  return { fund: await fundOf(event), shop, key: crypto.randomUUID(), keys: { ...keysFor(shop.settlements.flatMap((each) => each.payouts)), ...keysFor(shop.settlements) } };
};

export const actions = {
  settle: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof settle>(event, 'POST', '/funds/:fund/shops/:shop/settlements', { params: event.params, body: { reference: field(form, 'reference') }, idempotencyKey: field(form, 'key') });
    return reply.ok ? { done: 'settled' } : fail(reply.problem.status, { problem: reply.problem });
  },
  record: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof recordPayout>(event, 'POST', '/funds/:fund/disbursements/:disbursement/payouts', {
      params: { fund: event.params.fund, disbursement: field(form, 'settlement') }, body: { reference: field(form, 'reference') }, idempotencyKey: field(form, 'key'),
    });
    return reply.ok ? { done: 'recorded' } : fail(reply.problem.status, { problem: reply.problem });
  },
  move: async (event) => move(event, (await fundOf(event)).currency),
};
