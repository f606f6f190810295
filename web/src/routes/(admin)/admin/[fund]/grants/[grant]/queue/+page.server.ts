import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { decideBatch, decideRequest, declareInterest, keepProof, readDoor, readQueue, setApart } from '@commonpot/server/grants/decisions/contract';
import type { listLeads, passOn } from '@commonpot/server/grants/safeguarding/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { REASONS } from '#lib/grants/deciding.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

/** An evening's requests on one page. */
const PAGE = 40;

export const load = async (event) => {
  const fund = await openFund(event);
  const { params } = event;
  const after = event.url.searchParams.get('after') ?? undefined;
  const [queue, door, leads] = await Promise.all([
    call<typeof readQueue>(event, 'GET', '/funds/:fund/grants/:grant/queue', { params, query: { limit: PAGE, cursor: after } }),
    call<typeof readDoor>(event, 'GET', '/funds/:fund/my-door', { params }),
    call<typeof listLeads>(event, 'GET', '/funds/:fund/safeguarding/leads', { params }),
  ]);
  return { fund, ...must(queue), door: must(door).until, hasLead: must(leads).leads.length > 0, pageKey: crypto.randomUUID(), after };
};

interface Sent { request: string; next: string; key: string; form: FormData }
type Event = Pick<RequestEvent, 'fetch' | 'request'> & { params: { fund: string; grant: string } };

/** Sends what one button says about one request; the page comes back at the next one. */
async function send(event: Event, work: (sent: Sent, params: Record<string, string>) => Promise<Reply<unknown>>, stay = false) {
  const form = await event.request.formData();
  const text = (name: string) => String(form.get(name) ?? '');
  const sent = { request: text('request'), next: text('next'), key: text('key'), form };
  const reply = await work(sent, { ...event.params, request: sent.request });
  const after = text('after') || undefined;
  return reply.ok ? redirect(303, links.grantQueue(event.params.fund, event.params.grant, { request: stay ? sent.request : sent.next || undefined, after })) : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  decide: (event) => send(event, ({ form, key }, params) => {
    const reason = REASONS.find((each) => each === form.get('reason'));
    const body = form.get('verdict') === 'yes' ? { verdict: 'yes' as const } : { verdict: 'no' as const, reason: reason as (typeof REASONS)[number] };
    return call<typeof decideRequest>(event, 'POST', '/funds/:fund/requests/:request/decisions', { params, body, idempotencyKey: `${key}-${body.verdict}` });
  }),
  interest: (event) => send(event, (_, params) => call<typeof declareInterest>(event, 'POST', '/funds/:fund/requests/:request/interest', { params })),
  safe: async (event) => {
    const form = await event.request.formData();
    const params = { ...event.params, request: String(form.get('request')) };
    const reply = await call<typeof passOn>(event, 'POST', '/funds/:fund/requests/:request/disclosures', { params, body: { words: String(form.get('words') ?? '').trim() || null } });
    return reply.ok ? { isTold: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  apart: (event) => send(event, (_, params) => call<typeof setApart>(event, 'POST', '/funds/:fund/requests/:request/apart', { params }), true),
  proof: (event) => send(event, ({ form }, params) => call<typeof keepProof>(event, 'POST', '/funds/:fund/requests/:request/proof', { params, body: { how: form.get('how') as 'seen' | 'met' | 'unclear' } }), true),
  batch: async (event) => {
    const form = await event.request.formData();
    const requests = form.getAll('request').map(String);
    if (requests.length === 0) return fail(400, { nothingTicked: true });
    const reply = await call<typeof decideBatch>(event, 'POST', '/funds/:fund/grants/:grant/batches', { params: event.params, body: { requests }, idempotencyKey: String(form.get('key')) });
    return reply.ok ? { outcomes: reply.value.outcomes } : fail(reply.problem.status, { problem: reply.problem });
  },
};
