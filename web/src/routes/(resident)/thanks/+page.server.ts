import { fail } from '@sveltejs/kit';
import type { chooseThanks, myThanks } from '@commonpot/server/grants/thanks/contract';
import { call } from '#lib/api.ts';
import { mustBeMember } from '#lib/money/member.server.ts';

export const load = async (event) => ({ ...mustBeMember(event, await call<typeof myThanks>(event, 'GET', '/my/thanks', {})), key: crypto.randomUUID() });

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '');
    const reply = await call<typeof chooseThanks>(event, 'POST', '/funds/:fund/thanks/:thanks/choice', {
      params: { fund: text('fund'), thanks: text('thanks') }, body: { way: text('way') as 'voucher' | 'cash' }, idempotencyKey: `${text('key')}-${text('thanks')}-${text('way')}`,
    });
    return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
  },
};
