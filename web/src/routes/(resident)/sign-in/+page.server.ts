import { fail, redirect } from '@sveltejs/kit';
import type { askForCode } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links, safeNext } from '#lib/links.ts';

export const load = ({ url }) => ({ next: safeNext(url.searchParams.get('next')) });

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const channel = form.get('channel') === 'sms' ? 'sms' : 'email';
    const address = String(form.get('address') ?? '');
    const reply = await call<typeof askForCode>(event, 'POST', '/sign-in/codes', { body: { channel, address } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, channel, address });
    redirect(303, links.enterCode(safeNext(event.url.searchParams.get('next')) ?? undefined));
  },
};
