import { fail, redirect } from '@sveltejs/kit';
import type { moveRound } from '@commonpot/server/rounds/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = openRound;

export const actions = {
  default: async (event) => {
    const { round } = await openRound(event);
    const params = paramsOf(event);
    const form = await event.request.formData();
    const reason = String(form.get('reason') ?? '').trim();
    const next = round.next.find((each) => each.to === form.get('to'));
    if (!next) return fail(409, { problem: { code: 'wrong-phase' as const, status: 409 }, reason });
    const reply = await call<typeof moveRound>(event, 'POST', '/funds/:fund/rounds/:round/transitions', { params, body: { to: next.to, ...(reason ? { reason } : {}) } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, reason });
    redirect(303, links.adminRound(params.fund, params.round));
  },
};
