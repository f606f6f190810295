import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { adoptList, listAdoptions, refuseAward, tellOfficer } from '@commonpot/server/grants/adoption/contract';
import { call, type Reply } from '#lib/api.ts';
import { readContact } from '#lib/grants/form.ts';
import { links } from '#lib/links.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

type Event = RequestEvent<{ fund: string }>;

export const load = async (event) => ({
  fund: await readPageFund(event),
  ...mustBeMember(event, await call<typeof listAdoptions>(event, 'GET', '/funds/:fund/adoptions', { params: event.params })),
  key: crypto.randomUUID(),
});

async function send(event: Event, work: (text: (name: string) => string) => Promise<Reply<unknown>>) {
  const form = await event.request.formData();
  const reply = await work((name) => String(form.get(name) ?? ''));
  return reply.ok ? redirect(303, links.adoptions(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  tell: async (event) => {
    const typed = String((await event.request.formData()).get('tell') ?? '').trim();
    // What is no address goes as it is, and comes back with the sentence that says so.
    const tell = typed ? (readContact(typed) ?? { channel: 'sms' as const, address: typed }) : null;
    const reply = await call<typeof tellOfficer>(event, 'PUT', '/funds/:fund/my-adoptions', { params: event.params, body: { tell } });
    return reply.ok ? redirect(303, links.adoptions(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
  },
  adopt: (event) => send(event, (text) =>
    call<typeof adoptList>(event, 'POST', '/funds/:fund/adoptions/:list/adopt', { params: { ...event.params, list: text('list') }, idempotencyKey: text('key') })),
  refuse: (event) => send(event, (text) =>
    call<typeof refuseAward>(event, 'POST', '/funds/:fund/adoptions/:list/refusals', { params: { ...event.params, list: text('list') }, body: { award: text('award'), reason: text('reason') }, idempotencyKey: text('key') })),
};
