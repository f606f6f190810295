import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { answerSeat, declarePanelInterest, readMyPanels, volunteer, voteOnPanel } from '@commonpot/server/grants/panels/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { REASONS } from '#lib/grants/deciding.ts';
import { readContact } from '#lib/grants/form.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  const { params } = event;
  const fund = must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params }));
  const mine = await call<typeof readMyPanels>(event, 'GET', '/funds/:fund/my-panels', { params });
  if (!mine.ok && mine.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
  if (!mine.ok) error(mine.problem.status, { message: '', code: mine.problem.code });
  return { fund, ...mine.value, pageKey: crypto.randomUUID() };
};

type Event = Pick<RequestEvent, 'fetch' | 'request'> & { params: { fund: string } };

async function send(event: Event, work: (form: FormData, params: Record<string, string>) => Promise<Reply<unknown>>) {
  const form = await event.request.formData();
  const reply = await work(form, { ...event.params, panel: String(form.get('panel') ?? ''), request: String(form.get('request') ?? '') });
  return reply.ok ? redirect(303, links.myPanels(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  join: (event) => send(event, (form, params) => {
    const typed = String(form.get('tell') ?? '').trim();
    // What is no address goes as it is, and comes back with the sentence that says so.
    const tell = typed ? (readContact(typed) ?? { channel: 'sms' as const, address: typed }) : null;
    return call<typeof volunteer>(event, 'PUT', '/funds/:fund/my-panels', { params, body: { area: String(form.get('area') ?? ''), tell } });
  }),
  leave: (event) => send(event, (_, params) => call<typeof volunteer>(event, 'PUT', '/funds/:fund/my-panels', { params, body: { area: null, tell: null } })),
  answer: (event) => send(event, (form, params) => call<typeof answerSeat>(event, 'POST', '/funds/:fund/panels/:panel/answer', { params, body: { answer: form.get('answer') === 'accept' ? 'accept' : 'pass' } })),
  interest: (event) => send(event, (_, params) => call<typeof declarePanelInterest>(event, 'POST', '/funds/:fund/panels/:panel/requests/:request/interest', { params })),
  vote: (event) => send(event, (form, params) => {
    const body = form.get('verdict') === 'yes' ? { verdict: 'yes' as const } : { verdict: 'no' as const, reason: form.get('reason') as (typeof REASONS)[number] };
    return call<typeof voteOnPanel>(event, 'POST', '/funds/:fund/panels/:panel/requests/:request', { params, body, idempotencyKey: `${String(form.get('key'))}-${body.verdict}` });
  }),
};
