import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { listPresets, publishCharter, readCharter, statePot } from '@commonpot/server/rounds/charter/contract';
import type { createGrantRound, listGrantRounds, moveGrantRound, pauseGrantRound } from '@commonpot/server/grants/rounds/contract';
import type { listPots } from '@commonpot/server/money/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';

type Event = RequestEvent<{ fund: string }>;

export const load = async (event) => {
  const fund = await openFund(event);
  const params = { fund: event.params.fund };
  const [charter, presets, pots, grants] = await Promise.all([
    call<typeof readCharter>(event, 'GET', '/funds/:fund/charter', { params }), call<typeof listPresets>(event, 'GET', '/funds/:fund/charter/presets', { params }),
    call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params }), call<typeof listGrantRounds>(event, 'GET', '/funds/:fund/grants', { params }),
  ]);
  return { fund, charter: must(charter), ...must(presets), ...must(pots), grants: must(grants).rounds, key: crypto.randomUUID(), today: new Date().toISOString().slice(0, 10) };
};

/** Leads back to the page, or says what was wrong. */
function answer(event: Event, reply: Reply<unknown>) {
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
  redirect(303, links.adminGrants(event.params.fund));
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();

export const actions = {
  publish: async (event) => {
    const [form, { presets }] = await Promise.all([event.request.formData(), call<typeof listPresets>(event, 'GET', '/funds/:fund/charter/presets', { params: event.params }).then(must)]);
    const preset = presets.find((each) => each.name === text(form, 'preset')) ?? presets[0];
    if (!preset) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 } });
    const after = Number(text(form, 'after')) || null;
    return answer(event, await call<typeof publishCharter>(event, 'POST', '/funds/:fund/charter', { params: event.params, body: { content: preset.content, note: text(form, 'note'), after } }));
  },
  state: async (event) => {
    const form = await event.request.formData();
    const body = { publicFunds: text(form, 'publicFunds') as 'unknown', benefits: text(form, 'benefits'), adviser: text(form, 'adviser'), checkedOn: text(form, 'checkedOn') };
    return answer(event, await call<typeof statePot>(event, 'POST', '/funds/:fund/pots/:pot/statements', { params: { ...event.params, pot: text(form, 'pot') }, body }));
  },
  make: async (event) => {
    const [form, fund] = await Promise.all([event.request.formData(), openFund(event)]);
    const isWindow = text(form, 'kind') === 'window';
    const given = { title: text(form, 'title'), summary: text(form, 'summary'), potId: text(form, 'pot') };
    const window = isWindow ? { budgetMinor: readMoney(text(form, 'budget'), fund.currency), closesAt: fromField(text(form, 'closes'), fund.timeZone) } : {};
    return answer(event, await call<typeof createGrantRound>(event, 'POST', '/funds/:fund/grants', { params: event.params, body: { ...given, ...window, kind: isWindow ? 'window' : 'rolling' } }));
  },
  move: async (event) => {
    const form = await event.request.formData();
    const params = { ...event.params, grant: text(form, 'grant') };
    return answer(event, await call<typeof moveGrantRound>(event, 'POST', '/funds/:fund/grants/:grant/transitions', { params, body: { to: text(form, 'to') as 'open' }, idempotencyKey: text(form, 'key') }));
  },
  pause: async (event) => {
    const [form, fund] = await Promise.all([event.request.formData(), openFund(event)]);
    const params = { ...event.params, grant: text(form, 'grant') };
    return answer(event, await call<typeof pauseGrantRound>(event, 'PUT', '/funds/:fund/grants/:grant/pause', { params, body: { until: form.has('resume') ? null : fromField(text(form, 'until'), fund.timeZone) } }));
  },
};
