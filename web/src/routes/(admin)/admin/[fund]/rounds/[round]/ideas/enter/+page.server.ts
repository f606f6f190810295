import { fail, redirect } from '@sveltejs/kit';
import type { enterIdeas } from '@commonpot/server/votes/proposals/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { BLANK, bodyOf, faultsOf, readIdeaForm } from '#lib/proposals/form.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

const BOXES = 6;

export const load = async (event) => ({
  ...(await openRound(event)), drafts: Array.from({ length: BOXES }, () => crypto.randomUUID()), done: Number(event.url.searchParams.get('done') ?? 0),
});

const blank = JSON.stringify(BLANK);

export const actions = {
  default: async (event) => {
    const { round } = await openRound(event);
    const form = await event.request.formData();
    const boxes = Array.from({ length: BOXES }, (_, index) => {
      const typed = readIdeaForm(form, `-${index}`);
      return { typed, draft: String(form.get(`draft-${index}`) ?? ''), faults: JSON.stringify(typed) === blank ? [] : faultsOf(typed, round.currency) };
    });
    const filled = boxes.filter(({ typed }) => JSON.stringify(typed) !== blank);
    const isFaulty = filled.length === 0 || filled.some(({ faults }) => faults.length > 0);
    if (isFaulty) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, boxes, isEmpty: filled.length === 0 });
    const ideas = filled.map(({ typed, draft }) => ({ ...bodyOf(typed, round.currency), draft }));
    const reply = await call<typeof enterIdeas>(event, 'POST', '/funds/:fund/rounds/:round/ideas/bulk', { params: paramsOf(event), body: { ideas } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, boxes, isEmpty: false });
    redirect(303, `${links.adminIdeas(event.params.fund, event.params.round, 'enter')}?done=${ideas.length}`);
  },
};
