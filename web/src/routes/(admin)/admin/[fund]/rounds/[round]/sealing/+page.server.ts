import { fail, redirect } from '@sveltejs/kit';
import type { changeRound } from '@commonpot/server/rounds/contract';
import type { listRoll } from '@commonpot/server/rounds/roll/contract';
import type { confirmStrike, dropStrike, enterDraw, keepCheck, listObjections, proposeStrike, readSample, readSealing } from '@commonpot/server/votes/sealing/contract';
import type { readObserving, waiveObservers } from '@commonpot/server/votes/observers/contract';
import type { confirmSetAside, dropSetAside, proposeSetAside, readSetAside, voteAgain } from '@commonpot/server/votes/set-aside/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { keepSearch, openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const params = paramsOf(event);
  const sealing = must(await call<typeof readSealing>(event, 'GET', '/funds/:fund/rounds/:round/sealing', { params }));
  const isDraft = round.phase === 'draft';
  const observing = isDraft ? null : must(await call<typeof readObserving>(event, 'GET', '/funds/:fund/rounds/:round/observing', { params }));
  const aside = isDraft ? null : must(await call<typeof readSetAside>(event, 'GET', '/funds/:fund/rounds/:round/set-aside', { params }));
  const objections = must(await call<typeof listObjections>(event, 'GET', '/funds/:fund/rounds/:round/objections', { params })).objections;
  const { search: find = '' } = event.locals;
  const found = find === '' ? null : must(await call<typeof listRoll>(event, 'GET', '/funds/:fund/rounds/:round/roll', { params, query: { search: find, limit: 20 } })).entries;
  const sample = round.sealedAt ? await call<typeof readSample>(event, 'GET', '/funds/:fund/rounds/:round/turnout-roll/sample', { params }) : null;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, round, sealing, observing, aside, idempotencyKey: crypto.randomUUID(), observeAt: new URL(links.round(fund.slug, round.slug), event.url).href, objections, find, found: found?.map(({ elector, name, postcode }) => ({ elector, name, postcode })) ?? null, sample: sample?.value ?? null };
};

const lines = (text: FormDataEntryValue | null) => String(text ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** Back to the page, so that a reload sends nothing twice; or the fault. */
function answered(event: { params: Partial<Record<string, string>> }, reply: Reply<unknown>) {
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
  const { fund, round } = paramsOf(event);
  redirect(303, links.adminRound(fund, round, 'sealing'));
}

/** Which public draw decides a tie: the usual one, the beacon, or one that was named. */
function drawOf(choice: string, name: string, date: string) {
  if (choice === 'beacon') return { drawBeacon: true as const };
  return choice === 'own' ? { drawName: name || null, drawDate: date || null } : { drawName: null, drawDate: null };
}

export const actions = {
  find: keepSearch,
  keep: async (event) => {
    const form = await event.request.formData();
    const [name, date] = [String(form.get('drawName') ?? '').trim(), String(form.get('drawDate') ?? '')];
    const reply = await call<typeof changeRound>(event, 'PUT', '/funds/:fund/rounds/:round', { params: paramsOf(event), body: {
      objectionDays: Number(form.get('objectionDays')), ...drawOf(String(form.get('draw') ?? 'own'), name, date), observers: lines(form.get('observers')), mirrors: lines(form.get('mirrors')),
    } });
    return answered(event, reply);
  },
  propose: async (event) => {
    const form = await event.request.formData();
    const body = { elector: String(form.get('elector') ?? ''), reason: String(form.get('reason') ?? '') };
    return answered(event, await call<typeof proposeStrike>(event, 'POST', '/funds/:fund/rounds/:round/objections', { params: paramsOf(event), body }));
  },
  confirm: async (event) => {
    const elector = String((await event.request.formData()).get('elector') ?? '');
    return answered(event, await call<typeof confirmStrike>(event, 'POST', '/funds/:fund/rounds/:round/objections/:elector/confirm', { params: { ...paramsOf(event), elector } }));
  },
  drop: async (event) => {
    const elector = String((await event.request.formData()).get('elector') ?? '');
    return answered(event, await call<typeof dropStrike>(event, 'POST', '/funds/:fund/rounds/:round/objections/:elector/drop', { params: { ...paramsOf(event), elector } }));
  },
  draw: async (event) => {
    const form = await event.request.formData();
    const missed = String(form.get('missed') ?? '').split(/[,\s]+/).filter((each) => each !== '');
    const value = form.get('value');
    const body = value ? { value: String(value) } : { drawnOn: String(form.get('drawnOn') ?? ''), text: String(form.get('text') ?? ''), evidence: String(form.get('evidence') ?? ''), missed };
    const reply = await call<typeof enterDraw>(event, 'POST', '/funds/:fund/rounds/:round/draw', { params: paramsOf(event), body });
    return reply.ok ? { drawn: reply.value } : fail(reply.problem.status, { problem: reply.problem });
  },
  waive: async (event) => {
    const reason = String((await event.request.formData()).get('reason') ?? '').replace(/\s+/g, ' ');
    return answered(event, await call<typeof waiveObservers>(event, 'POST', '/funds/:fund/rounds/:round/observing/waiver', { params: paramsOf(event), body: { reason } }));
  },
  proposeAside: async (event) => {
    const reason = String((await event.request.formData()).get('reason') ?? '');
    return answered(event, await call<typeof proposeSetAside>(event, 'POST', '/funds/:fund/rounds/:round/set-aside', { params: paramsOf(event), body: { reason } }));
  },
  confirmAside: async (event) => {
    const idempotencyKey = String((await event.request.formData()).get('idempotencyKey') ?? '');
    return answered(event, await call<typeof confirmSetAside>(event, 'POST', '/funds/:fund/rounds/:round/set-aside/confirm', { params: paramsOf(event), idempotencyKey }));
  },
  dropAside: async (event) => answered(event, await call<typeof dropSetAside>(event, 'POST', '/funds/:fund/rounds/:round/set-aside/drop', { params: paramsOf(event) })),
  again: async (event) => {
    const title = String((await event.request.formData()).get('title') ?? '');
    const reply = await call<typeof voteAgain>(event, 'POST', '/funds/:fund/rounds/:round/vote-again', { params: paramsOf(event), body: { title } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.adminRound(paramsOf(event).fund, reply.value.slug));
  },
  check: async (event) => {
    const form = await event.request.formData();
    const figure = (name: string) => Number(form.get(name) ?? 0);
    const body = { voted: figure('voted'), didNot: figure('didNot'), notReached: figure('notReached') };
    return answered(event, await call<typeof keepCheck>(event, 'PUT', '/funds/:fund/rounds/:round/turnout-roll/check', { params: paramsOf(event), body }));
  },
};
