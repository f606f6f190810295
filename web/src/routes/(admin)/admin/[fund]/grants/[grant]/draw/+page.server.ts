import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { enterResult, listWaiting, nameDraw, pickFromReserve, readDraws } from '@commonpot/server/grants/draw/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { isByBeacon } from '#lib/rounds/beacon-words.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

type Event = RequestEvent<{ fund: string; grant: string }>;

export const load = async (event) => {
  const fund = await openFund(event);
  const { params, url } = event;
  const drawn = must(await call<typeof readDraws>(event, 'GET', '/funds/:fund/grants/:grant/draws', { params }));
  const cursor = url.searchParams.get('after') ?? undefined;
  const waiting = drawn.may.includes('reserve.pick') && drawn.weights && drawn.round.kind === 'window'
    ? must(await call<typeof listWaiting>(event, 'GET', '/funds/:fund/grants/:grant/waiting', { params, query: { limit: 50, cursor } })) : null;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, ...drawn, waiting };
};

/** Back to the page, so that a reload sends nothing twice; or the fault. */
function answered({ params }: Event, reply: Reply<unknown>) {
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
  redirect(303, links.adminDraw(params.fund, params.grant));
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

export const actions = {
  name: async (event) => {
    const form = await event.request.formData();
    return answered(event, await call<typeof nameDraw>(event, 'PUT', '/funds/:fund/grants/:grant/draw', { params: event.params, body: isByBeacon(form) ? { beacon: true } : { name: text(form, 'name'), date: text(form, 'date') } }));
  },
  result: async (event) => {
    const form = await event.request.formData();
    const missed = text(form, 'missed').split(/[,\s]+/).filter((each) => each !== '');
    const body = form.has('value') ? { value: text(form, 'value') } : { drawnOn: text(form, 'drawnOn'), text: text(form, 'text'), evidence: text(form, 'evidence'), missed };
    return answered(event, await call<typeof enterResult>(event, 'POST', '/funds/:fund/grants/:grant/draws/:number/result', { params: { ...event.params, number: text(form, 'number') }, body }));
  },
  pick: async (event) => {
    const request = text(await event.request.formData(), 'request');
    return answered(event, await call<typeof pickFromReserve>(event, 'POST', '/funds/:fund/grants/:grant/waiting/:request', { params: { ...event.params, request } }));
  },
};
