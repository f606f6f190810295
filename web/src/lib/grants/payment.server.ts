/** The payment on a private page: what is shown of it, and what its forms send. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { choosePayment, lookAtPayment } from '@commonpot/server/grants/payments/contract';
import type { tellStory, withdrawStory } from '@commonpot/server/grants/stories/contract';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import { call, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { readToken } from './cookie.server.ts';

export type Look = NonNullable<AnswerOf<typeof lookAtPayment>['payment']>;
type Event = RequestEvent & { params: { fund: string } };

/** How the award of a private link is paid; null before there is one, and for a link that leads nowhere. */
export async function lookAtPaymentOf(event: Pick<Event, 'fetch' | 'params'>, token: string): Promise<Look | null> {
  const reply = await call<typeof lookAtPayment>(event, 'POST', '/funds/:fund/requests/payment-look', { params: event.params, body: { token } });
  return reply.ok ? reply.value.payment : null;
}

async function send(event: Event, work: (token: string, text: (name: string) => string) => Promise<Reply<unknown>>) {
  const token = readToken(event.cookies);
  if (!token) return fail(401, { problem: { code: 'wrong-code' as const, status: 401 } });
  const form = await event.request.formData();
  const reply = await work(token, (name) => String(form.get(name) ?? '').trim());
  return reply.ok ? redirect(303, links.asked(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
}

/** What the forms of `Payment.svelte` send. */
export const paymentActions = {
  choose: (event: Event) => send(event, (token, text) => {
    const account = text('way') === 'bank' && (text('accountName') || text('accountNumber')) ? { name: text('accountName'), number: text('accountNumber') } : null;
    return call<typeof choosePayment>(event, 'POST', '/funds/:fund/requests/payment-choice', { params: event.params, body: { token, way: text('way') as Look['way'], account } });
  }),
  story: (event: Event) => send(event, (token, text) =>
    call<typeof tellStory>(event, 'POST', '/funds/:fund/requests/story', { params: event.params, body: { token, words: text('words'), consents: text('consents') === 'on' } })),
  withdrawStory: (event: Event) => send(event, (token) => call<typeof withdrawStory>(event, 'POST', '/funds/:fund/requests/story-withdrawal', { params: event.params, body: { token } })),
};
