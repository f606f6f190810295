import { fail, redirect } from '@sveltejs/kit';
import type { practiseRound } from '@commonpot/server/rounds/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

const TITLE_MAX = 120;

export const load = openRound;

export const actions = {
  default: async (event) => {
    const { round } = await openRound(event);
    const params = paramsOf(event);
    const title = m.practice_title_of({ title: round.title }).slice(0, TITLE_MAX);
    const reply = await call<typeof practiseRound>(event, 'POST', '/funds/:fund/rounds/:round/practice', { params, body: { title } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.adminRound(params.fund, reply.value.slug));
  },
};
