import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { AnswerOf, BodyOf } from '@commonpot/server/platform/contract';
import type { enterSheet, readPaper } from '@commonpot/server/votes/paper/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { inHallOrder, loadHallOrder } from '#lib/votes/hall-order.ts';
import { loadProjects } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const paper = must(await call<typeof readPaper>(event, 'GET', '/funds/:fund/rounds/:round/paper', { params: paramsOf(event) }));
  const sheet = Number(event.url.searchParams.get('n'));
  if (!paper.may.includes('paper.enter') || paper.sheets === null || !Number.isInteger(sheet) || sheet < 1 || sheet > paper.sheets) redirect(303, links.paper(fund.slug, round.slug));
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, round, sheet, differs: paper.read.differing.includes(sheet), projects: inHallOrder(await loadProjects(event), await loadHallOrder(event)) };
};

type Kind = NonNullable<Awaited<ReturnType<typeof openRound>>['round']['ballotForm']>['kind'];

/** What was typed beside each project: a mark, points, or a place in the order. */
function readLines(form: FormData, kind: Kind) {
  const typed = [...form].flatMap(([name, value]) => (name.startsWith('p.') && value !== '' ? [{ project: name.slice(2), value: Number(value) }] : []));
  if (kind === 'ranking') return typed.sort((a, b) => a.value - b.value).map(({ project }) => ({ project }));
  if (kind === 'points' || kind === 'scores') return typed.map(({ project, value }) => ({ project, points: value }));
  return typed.map(({ project }) => ({ project }));
}

async function enter(event: RequestEvent, body: BodyOf<typeof enterSheet>) {
  const params = paramsOf(event);
  const reply = await call<typeof enterSheet>(event, 'PUT', '/funds/:fund/rounds/:round/paper/sheets', { params, body });
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, lines: body.kind === 'ballot' ? body.lines : [] });
  const { read }: AnswerOf<typeof readPaper> = must(await call<typeof readPaper>(event, 'GET', '/funds/:fund/rounds/:round/paper', { params }));
  redirect(303, read.next === null ? links.paper(params.fund, params.round) : links.paper(params.fund, params.round, 'sheet', read.next));
}

const sheetOf = (form: FormData) => Number(form.get('sheet') ?? 0);

export const actions = {
  ballot: async (event) => {
    const { round } = await openRound(event);
    const form = await event.request.formData();
    return enter(event, { kind: 'ballot', sheet: sheetOf(form), area: String(form.get('area') ?? ''), lines: readLines(form, round.ballotForm?.kind ?? 'knapsack') });
  },
  spoiled: async (event) => enter(event, { kind: 'spoiled', sheet: sheetOf(await event.request.formData()) }),
};
