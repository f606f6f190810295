import { fail, redirect } from '@sveltejs/kit';
import type { useCard } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links, safeNext } from '#lib/links.ts';

export const load = ({ url }) => ({ next: safeNext(url.searchParams.get('next')) });

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof useCard>(event, 'POST', '/sign-in/cards', { body: { code: String(form.get('code') ?? '') } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, safeNext(event.url.searchParams.get('next')) ?? links.you());
  },
};
