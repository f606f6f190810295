import { fail } from '@sveltejs/kit';
import type { cancelVoucher, printVoucher, readVoucher, releaseVoucher } from '@commonpot/server/payouts/vouchers/contract';
import { call } from '#lib/api.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => ({
  fund: await fundOf(event),
  voucher: admit(event, await call<typeof readVoucher>(event, 'GET', '/funds/:fund/vouchers/:voucher', { params: event.params })),
  key: crypto.randomUUID(),
});

export const actions = {
  /** The answer to this one post is the only page that shows the code. */
  print: async (event) => {
    const reply = await call<typeof printVoucher>(event, 'POST', '/funds/:fund/vouchers/:voucher/print', { params: event.params });
    return reply.ok ? { face: reply.value } : fail(reply.problem.status, { problem: reply.problem });
  },
  release: async (event) => {
    const reply = await call<typeof releaseVoucher>(event, 'POST', '/funds/:fund/vouchers/:voucher/release', { params: event.params });
    return reply.ok ? { released: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  cancel: async (event) => {
    const key = field(await event.request.formData(), 'key');
    const reply = await call<typeof cancelVoucher>(event, 'POST', '/funds/:fund/vouchers/:voucher/cancel', { params: event.params, idempotencyKey: key });
    return reply.ok ? { returnedMinor: reply.value.returnedMinor } : fail(reply.problem.status, { problem: reply.problem });
  },
};
