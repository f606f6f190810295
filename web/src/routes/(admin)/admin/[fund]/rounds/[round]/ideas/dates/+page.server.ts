import { fail, redirect } from '@sveltejs/kit';
import type { changeRound } from '@commonpot/server/rounds/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { fromField } from '#lib/rounds/dates.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const { fund, round } = await openRound(event);
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '');
    const typed = { open: text('open'), close: text('close'), due: text('due'), notice: text('notice') };
    const [ideasOpenAt = null, ideasCloseAt = null, reviewDueAt = null, noticeAt = null] = [typed.open, typed.close, typed.due, typed.notice].map((each) => fromField(each, fund.timeZone));
    const wrong = ideasOpenAt && ideasCloseAt && ideasCloseAt <= ideasOpenAt ? 'close' : ideasCloseAt && reviewDueAt && reviewDueAt < ideasCloseAt ? 'due' : null;
    const running = form.get('running') === 'both';
    const shown = { wrong, running, ...typed };
    if (wrong) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, ...shown });
    const reply = await call<typeof changeRound>(event, 'PUT', '/funds/:fund/rounds/:round', {
      params: paramsOf(event), body: { ideasOpenAt, ideasCloseAt, reviewDueAt, noticeAt, ...(round.phase === 'draft' ? { runningCostsAllowed: running } : {}) },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, ...shown });
    redirect(303, links.adminIdeas(event.params.fund, event.params.round));
  },
};
