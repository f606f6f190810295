import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { askReversal, confirmContribution, confirmReversal, dropContribution, dropReversal, readContribution, readMoney } from '@commonpot/server/money/contract';
import { call, type Reply } from '#lib/api.ts';
import { readMoney as readAmount } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { textOf, wrongShape } from '#lib/money/given.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => {
  const contribution = mustBeMember(event, await call<typeof readContribution>(event, 'GET', '/funds/:fund/contributions/:contribution', { params: event.params }));
  const { waiting } = mustBeMember(event, await call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params: event.params }));
  return { fund: await readPageFund(event), contribution, reversal: waiting.reversals.find((each) => each.contributionId === contribution.id) ?? null, key: crypto.randomUUID() };
};

/** Back to this page with what changed, or with the problem at the form it belongs to. */
function answer(event: RequestEvent, which: string, reply: Reply<unknown>) {
  if (!reply.ok) return fail(reply.problem.status, { which, problem: reply.problem });
  redirect(303, links.contribution(event.params.fund ?? '', event.params.contribution ?? ''));
}

export const actions = {
  confirm: async (event) => {
    const form = await event.request.formData();
    const amountMinor = readAmount(textOf(form, 'amount'), (await readPageFund(event)).currency);
    if (!amountMinor) return fail(400, { which: 'confirm', problem: wrongShape('amountMinor') });
    return answer(event, 'confirm', await call<typeof confirmContribution>(event, 'POST', '/funds/:fund/contributions/:contribution/confirm', { params: event.params, body: { amountMinor }, idempotencyKey: textOf(form, 'key') }));
  },
  drop: async (event) => {
    const reason = textOf(await event.request.formData(), 'reason');
    return answer(event, 'drop', await call<typeof dropContribution>(event, 'POST', '/funds/:fund/contributions/:contribution/drop', { params: event.params, body: { reason } }));
  },
  ask: async (event) => {
    const reason = textOf(await event.request.formData(), 'reason');
    return answer(event, 'ask', await call<typeof askReversal>(event, 'POST', '/funds/:fund/contributions/:contribution/reversals', { params: event.params, body: { reason } }));
  },
  reverse: async (event) => {
    const form = await event.request.formData();
    const params = { ...event.params, reversal: textOf(form, 'reversal') };
    return answer(event, 'reverse', await call<typeof confirmReversal>(event, 'POST', '/funds/:fund/reversals/:reversal/confirm', { params, idempotencyKey: textOf(form, 'key') }));
  },
  keep: async (event) => {
    const params = { ...event.params, reversal: textOf(await event.request.formData(), 'reversal') };
    return answer(event, 'keep', await call<typeof dropReversal>(event, 'POST', '/funds/:fund/reversals/:reversal/drop', { params }));
  },
};
