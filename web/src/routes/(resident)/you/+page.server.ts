import { fail, redirect } from '@sveltejs/kit';
import type { addAddress, confirmAddress, makeRecoveryCode, me, setContactWish } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { getLocale } from '#lib/paraglide/runtime.js';

export const load = async (event) => {
  const reply = await call<typeof me>(event, 'GET', '/me', {});
  if (!reply.ok && reply.problem.code === 'signed-out') redirect(303, links.signIn(links.you()));
  return must(reply);
};

const WISHES = ['any', 'codes-only', 'none'] as const;

export const actions = {
  contact: async (event) => {
    const given = (await event.request.formData()).get('wish');
    const contactWish = WISHES.find((wish) => wish === given) ?? 'codes-only';
    const reply = await call<typeof setContactWish>(event, 'PUT', '/me/contact-wish', { body: { contactWish } });
    return reply.ok ? { saved: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  /** The answer to this one post is the only page that shows the code. */
  recovery: async (event) => {
    const reply = await call<typeof makeRecoveryCode>(event, 'POST', '/me/recovery-code', {});
    return reply.ok ? { recovery: reply.value.code } : fail(reply.problem.status, { problem: reply.problem });
  },
  address: async (event) => {
    const address = String((await event.request.formData()).get('address') ?? '');
    const channel = address.includes('@') ? 'email' : 'sms';
    const reply = await call<typeof addAddress>(event, 'POST', '/me/addresses', { body: { channel, address, language: getLocale() } });
    return reply.ok ? { asked: true } : fail(reply.problem.status, { problem: reply.problem, address });
  },
  confirm: async (event) => {
    const code = String((await event.request.formData()).get('code') ?? '');
    const reply = await call<typeof confirmAddress>(event, 'POST', '/me/addresses/confirm', { body: { code } });
    return reply.ok ? { added: true } : fail(reply.problem.status, { problem: reply.problem, asked: reply.problem.code === 'wrong-code' });
  },
};
