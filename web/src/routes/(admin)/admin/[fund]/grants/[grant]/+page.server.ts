import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { listGrantDesks, moveGrantRound, pauseGrantRound } from '@commonpot/server/grants/rounds/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';

type Event = RequestEvent<{ fund: string; grant: string }>;

export const load = async (event) => {
  const fund = await openFund(event);
  const { desks, takes, may } = must(await call<typeof listGrantDesks>(event, 'GET', '/funds/:fund/grant-desks', { params: { fund: event.params.fund } }));
  const desk = desks.find((each) => each.slug === event.params.grant);
  if (!desk) error(404, { message: '', code: 'not-found' });
  return { fund, desk, takes, may, key: crypto.randomUUID() };
};

function answer({ params }: Event, reply: Reply<unknown>) {
  return reply.ok ? redirect(303, links.adminGrant(params.fund, params.grant)) : fail(reply.problem.status, { problem: reply.problem });
}

export const actions = {
  move: async (event) => {
    const form = await event.request.formData();
    const to = String(form.get('to') ?? '') as 'open';
    const charter = form.get('charter');
    return answer(event, await call<typeof moveGrantRound>(event, 'POST', '/funds/:fund/grants/:grant/transitions', { params: event.params, body: { to, ...(charter ? { charter: Number(charter) } : {}) }, idempotencyKey: String(form.get('key') ?? '') }));
  },
  pause: async (event) => {
    const [form, fund] = await Promise.all([event.request.formData(), openFund(event)]);
    const until = form.has('resume') ? null : fromField(String(form.get('until') ?? ''), fund.timeZone);
    if (!until && !form.has('resume')) return fail(422, { problem: { code: 'date-passed' as const, status: 422 } });
    return answer(event, await call<typeof pauseGrantRound>(event, 'PUT', '/funds/:fund/grants/:grant/pause', { params: event.params, body: { until } }));
  },
};
