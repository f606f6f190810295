import { fail, redirect } from '@sveltejs/kit';
import type { createRound } from '@commonpot/server/rounds/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => ({ fund: await openFund(event) });

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const given = { title: String(form.get('title') ?? ''), summary: String(form.get('summary') ?? ''), isPractice: form.has('practice') };
    const reply = await call<typeof createRound>(event, 'POST', '/funds/:fund/rounds', { params: { fund: event.params.fund }, body: given });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, ...given });
    redirect(303, links.adminRound(event.params.fund, reply.value.slug, 'money'));
  },
};
