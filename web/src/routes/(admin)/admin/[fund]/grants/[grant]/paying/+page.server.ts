import { fail, type RequestEvent } from '@sveltejs/kit';
import type { giveUpPayment, listPayments, readAccount, startPayment } from '@commonpot/server/grants/payments/contract';
import type { listStories, publishStory } from '@commonpot/server/grants/stories/contract';
import type { movePayout, recordPayout } from '@commonpot/server/payouts/disbursements/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

const PAGE = 50;

export const load = async (event) => {
  const fund = await openFund(event);
  const { params } = event;
  const cursor = event.url.searchParams.get('after') ?? undefined;
  const [payments, stories] = await Promise.all([
    call<typeof listPayments>(event, 'GET', '/funds/:fund/grants/:grant/payments', { params, query: { limit: PAGE, cursor } }),
    call<typeof listStories>(event, 'GET', '/funds/:fund/grants/:grant/stories', { params }),
  ]);
  return { fund, ...must(payments), stories: must(stories).stories, grant: params.grant, pageKey: crypto.randomUUID() };
};

type Event = RequestEvent & { params: { fund: string; grant: string } };

async function send(event: Event, work: (text: (name: string) => string, params: Record<string, string>) => Promise<Reply<unknown>>) {
  const form = await event.request.formData();
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const reply = await work(text, { ...event.params, request: text('request') });
  return reply.ok ? { done: true } : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  start: (event) => send(event, (text, params) => call<typeof startPayment>(event, 'POST', '/funds/:fund/requests/:request/payment', { params, idempotencyKey: text('key') })),
  startAll: async (event) => {
    const form = await event.request.formData();
    for (const request of form.getAll('request').map(String)) {
      const reply = await call<typeof startPayment>(event, 'POST', '/funds/:fund/requests/:request/payment', { params: { ...event.params, request }, idempotencyKey: `${String(form.get('key'))}-${request}` });
      // One that somebody else began meanwhile, or that is not this person's to pay, stays on the page.
      if (!reply.ok && reply.problem.code !== 'already-decided' && reply.problem.code !== 'knows-applicant') return fail(reply.problem.status, { problem: reply.problem });
    }
    return { done: true };
  },
  giveUp: (event) => send(event, (text, params) => call<typeof giveUpPayment>(event, 'POST', '/funds/:fund/requests/:request/payment/give-up', { params, body: { note: text('note') }, idempotencyKey: text('key') })),
  account: async (event) => {
    const request = String((await event.request.formData()).get('request') ?? '');
    const reply = await call<typeof readAccount>(event, 'GET', '/funds/:fund/requests/:request/account', { params: { ...event.params, request } });
    return reply.ok ? { account: { request, ...reply.value } } : fail(reply.problem.status, { problem: reply.problem });
  },
  order: (event) => send(event, (text, params) =>
    call<typeof recordPayout>(event, 'POST', '/funds/:fund/disbursements/:disbursement/payouts', { params: { ...params, disbursement: text('disbursement') }, body: { reference: text('reference') }, idempotencyKey: text('key') })),
  move: async (event) => {
    const { currency } = await openFund(event);
    return send(event, (text, params) => {
      const to = text('to');
      const body = to === 'paid' ? { to: 'paid' as const, amountMinor: readMoney(text('amount'), currency) ?? 0, note: '' } : { to: to as 'failed' | 'unknown', note: text('note') };
      return call<typeof movePayout>(event, 'POST', '/funds/:fund/payouts/:payout/transitions', { params: { ...params, payout: text('payout') }, body, idempotencyKey: text('key') });
    });
  },
  publish: (event) => send(event, (text, params) =>
    call<typeof publishStory>(event, 'PUT', '/funds/:fund/requests/:request/story', { params, body: { publish: text('publish') === 'yes', told: text('told') } })),
};
