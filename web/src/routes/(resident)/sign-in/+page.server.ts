import { fail, redirect } from '@sveltejs/kit';
import type { askForCode } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links, safeNext } from '#lib/links.ts';
import { getLocale } from '#lib/paraglide/runtime.js';

export const load = ({ url }) => ({ next: safeNext(url.searchParams.get('next')) });

const CHANNELS = ['email', 'sms', 'call'] as const;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const channel = CHANNELS.find((each) => each === form.get('channel')) ?? 'email';
    const address = String(form.get('address') ?? '');
    const reply = await call<typeof askForCode>(event, 'POST', '/sign-in/codes', { body: { channel, address, language: getLocale() } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, channel, address });
    const next = safeNext(event.url.searchParams.get('next')) ?? undefined;
    redirect(303, channel === 'email' ? links.enterCode(next) : links.enterPhoneCode(next));
  },
};
