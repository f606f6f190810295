import { fail, redirect } from '@sveltejs/kit';
import type { listRoll } from '@commonpot/server/rounds/roll/contract';
import type { addBatch, countBatch, finishPaper, readPaper, strikeForPaper } from '@commonpot/server/votes/paper/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { keepSearch, openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const params = paramsOf(event);
  const paper = must(await call<typeof readPaper>(event, 'GET', '/funds/:fund/rounds/:round/paper', { params }));
  const { search: find = '' } = event.locals;
  const found = find === '' ? null : must(await call<typeof listRoll>(event, 'GET', '/funds/:fund/rounds/:round/roll', { params, query: { search: find, limit: 20 } })).entries;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, round, paper, find, found: found?.map(({ elector, name, postcode }) => ({ elector, name, postcode })) ?? null, isGiven: event.url.searchParams.has('given') };
};

/** Back to the page, so that a reload sends nothing twice; or the fault. */
function answered(event: { params: Partial<Record<string, string>> }, reply: Reply<unknown>, mark = '') {
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
  const { fund, round } = paramsOf(event);
  redirect(303, `${links.paper(fund, round)}${mark}`);
}

export const actions = {
  find: keepSearch,
  add: async (event) => {
    const form = await event.request.formData();
    const body = { place: String(form.get('place') ?? ''), sheets: Number(form.get('sheets') ?? 0) };
    return answered(event, await call<typeof addBatch>(event, 'POST', '/funds/:fund/rounds/:round/paper/batches', { params: paramsOf(event), body }));
  },
  give: async (event) => {
    const form = await event.request.formData();
    const [elector, contact, batch] = [String(form.get('elector') ?? ''), String(form.get('contact') ?? ''), Number(form.get('batch') ?? 0)];
    const body = elector ? { elector, batch } : contact ? { contact, batch } : { code: String(form.get('code') ?? ''), batch };
    return answered(event, await call<typeof strikeForPaper>(event, 'POST', '/funds/:fund/rounds/:round/paper/strikes', { params: paramsOf(event), body }), '?given');
  },
  count: async (event) => {
    const form = await event.request.formData();
    const figure = (name: string) => Number(form.get(name) ?? 0);
    const body = { batch: figure('batch'), unused: figure('unused'), exchanged: figure('exchanged'), castSheets: figure('castSheets') };
    return answered(event, await call<typeof countBatch>(event, 'PUT', '/funds/:fund/rounds/:round/paper/counts', { params: paramsOf(event), body }));
  },
  finish: async (event) => answered(event, await call<typeof finishPaper>(event, 'POST', '/funds/:fund/rounds/:round/paper/finish', { params: paramsOf(event) })),
};
