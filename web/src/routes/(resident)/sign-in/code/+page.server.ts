import { fail, redirect } from '@sveltejs/kit';
import type { enterCode } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links, safeNext } from '#lib/links.ts';

export const load = ({ url }) => ({ next: safeNext(url.searchParams.get('next')), byPhone: url.searchParams.get('by') === 'phone' });

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof enterCode>(event, 'POST', '/sign-in', { body: { code: String(form.get('code') ?? ''), isNewHere: form.get('new') === 'yes' } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    const next = safeNext(event.url.searchParams.get('next'));
    redirect(303, reply.value.done ? next ?? links.you() : links.signInWho(next ?? undefined));
  },
};
