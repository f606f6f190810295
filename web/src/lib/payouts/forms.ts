/** The forms that pages about payouts share. */
import { fail, type RequestEvent } from '@sveltejs/kit';
import type { movePayout } from '@commonpot/server/payouts/disbursements/contract';
import type { readShop } from '@commonpot/server/payouts/settlements/contract';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { field } from './gate.ts';

export type PayoutView = AnswerOf<typeof readShop>['settlements'][number]['payouts'][number];

/** Fresh idempotency keys for the two forms of each payout. */
export function keysFor(payouts: readonly { id: string }[]) {
  return Object.fromEntries(payouts.map(({ id }) => [id, { confirm: crypto.randomUUID(), close: crypto.randomUUID() }]));
}

/** Moves a payout on as the form asks; the page shows the problem, or itself anew. */
export async function move(event: Pick<RequestEvent, 'fetch' | 'params' | 'request'>, currency: string) {
  const form = await event.request.formData();
  const to = field(form, 'to');
  const note = field(form, 'note');
  const body = to === 'paid' || to === 'returned' ? { to, amountMinor: readMoney(field(form, 'amount'), currency) ?? 0, note } as const : { to: to === 'failed' ? 'failed' : 'unknown', note } as const;
  const reply = await call<typeof movePayout>(event, 'POST', '/funds/:fund/payouts/:payout/transitions', {
    params: { fund: event.params.fund ?? '', payout: field(form, 'payout') }, body, idempotencyKey: field(form, 'key'),
  });
  return reply.ok ? { done: to } : fail(reply.problem.status, { problem: reply.problem });
}
