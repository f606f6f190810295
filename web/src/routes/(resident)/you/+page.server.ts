import { fail, redirect } from '@sveltejs/kit';
import type { me, setContactWish } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';

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
};
