/** Declares an interest, in an idea or in the round, from a form. */
import { fail, type RequestEvent } from '@sveltejs/kit';
import type { declareInterest } from '@commonpot/server/votes/review/contract';
import { call } from '#lib/api.ts';
import { paramsOf } from '#lib/rounds/admin.server.ts';
import { textOf } from './form.ts';
import { ROLE_COOKIE, ROLE_SECONDS } from './review.server.ts';

type Event = Pick<RequestEvent, 'fetch' | 'request' | 'cookies'> & { params: Partial<Record<string, string>> };

/** Keeps as whom a reviewer speaks in their own browser. */
export function keepRole(event: Pick<Event, 'cookies'>, role: string): void {
  event.cookies.set(ROLE_COOKIE, role, { path: '/admin', maxAge: ROLE_SECONDS, httpOnly: true, sameSite: 'lax' });
}

/** Null when it is declared; else what to show. */
export async function declareFrom(event: Event, idea: number | null) {
  const form = await event.request.formData();
  const [words, role] = [textOf(form, 'interest'), textOf(form, 'role')];
  const reply = await call<typeof declareInterest>(event, 'POST', '/funds/:fund/rounds/:round/interests', { params: paramsOf(event), body: { idea, words, role, showName: form.has('show') } });
  if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, interest: words });
  keepRole(event, role);
  return null;
}
