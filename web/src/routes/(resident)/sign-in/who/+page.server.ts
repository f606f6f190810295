import { fail, redirect } from '@sveltejs/kit';
import type { readClaim, settleClaim } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { links, safeNext } from '#lib/links.ts';

export const load = async (event) => {
  const next = safeNext(event.url.searchParams.get('next'));
  const reply = await call<typeof readClaim>(event, 'GET', '/sign-in/claim', {});
  // It lasts two hours, and a sign-in ends it.
  if (!reply.ok && reply.problem.code === 'not-found') redirect(303, links.signIn(next ?? undefined));
  return { next, claim: must(reply) };
};

const AS = ['new', 'vouched'] as const;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const as = AS.find((each) => each === form.get('as'));
    const reply = await call<typeof settleClaim>(event, 'POST', '/sign-in/claim', { body: as ? { as } : { as: 'recovery', code: String(form.get('code') ?? '') } });
    if (!reply.ok) return fail(reply.problem.status, reply.problem.code === 'not-ready' ? { waits: true } : { problem: reply.problem });
    redirect(303, safeNext(event.url.searchParams.get('next')) ?? links.you());
  },
};
