import { fail, redirect } from '@sveltejs/kit';
import type { readTill, undo } from '@commonpot/server/payouts/till/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const till = admit(event, await call<typeof readTill>(event, 'GET', '/funds/:fund/till', { params: event.params }));
  return { fund: await fundOf(event), till, keys: Object.fromEntries(till.redemptions.map(({ id }) => [id, crypto.randomUUID()])) };
};

export const actions = {
  code: async (event) => {
    const code = field(await event.request.formData(), 'code').replace(/[\s-]/g, '').slice(0, 40);
    if (!code) redirect(303, links.shop(event.params.fund));
    // 307: the same post goes on to the voucher's page, which reads a code only when it is asked to.
    redirect(307, `${links.voucher(code, event.params.fund)}&/read`);
  },
  undo: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof undo>(event, 'POST', '/funds/:fund/till/redemptions/:redemption/undo', {
      params: { fund: event.params.fund, redemption: field(form, 'redemption') }, idempotencyKey: field(form, 'key'),
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.taken(event.params.fund, field(form, 'redemption')));
  },
};
