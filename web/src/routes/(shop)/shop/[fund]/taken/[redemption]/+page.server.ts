import { fail, redirect } from '@sveltejs/kit';
import type { readRedemption, undo } from '@commonpot/server/payouts/till/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => ({
  fund: await fundOf(event),
  taken: admit(event, await call<typeof readRedemption>(event, 'GET', '/funds/:fund/till/redemptions/:redemption', { params: event.params })),
  key: crypto.randomUUID(),
});

export const actions = {
  default: async (event) => {
    const key = field(await event.request.formData(), 'key');
    const reply = await call<typeof undo>(event, 'POST', '/funds/:fund/till/redemptions/:redemption/undo', { params: event.params, idempotencyKey: key });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.taken(event.params.fund, event.params.redemption));
  },
};
