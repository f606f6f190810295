/** Sends what somebody asks for, from either form. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { ask, askFor } from '@commonpot/server/grants/requests/contract';
import { call, type Problem } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { keepToken } from './cookie.server.ts';
import { bodyOf, faultsOf, newClientKey, readAsk, type AskFault, type TypedAsk } from './form.ts';
import { loadGrant } from './load.server.ts';

export interface Shown {
  typed: TypedAsk;
  clientKey: string;
  faults: AskFault[];
  problem: Problem | null;
}

type Event = RequestEvent<{ fund: string; grant: string }>;

/** Sends the form and leads to the page of the request; what is missing, or refused, goes back to the form with all that was typed. */
export async function sendAsk(event: Event, who: 'self' | 'other') {
  const { params, cookies } = event;
  const [form, { grant }] = await Promise.all([event.request.formData(), loadGrant(event)]);
  const given = String(form.get('clientKey'));
  const shown: Shown = { typed: readAsk(form), clientKey: /^[0-9a-f]{64}$/.test(given) ? given : newClientKey(), faults: [], problem: null };
  if (!grant.charter) return fail(409, { ...shown, problem: { code: 'not-asking-now' as const, status: 409 } });
  const faults = faultsOf(shown.typed, grant.charter.content, grant.currency, who === 'other');
  if (faults.length > 0) return fail(400, { ...shown, faults });
  const body = bodyOf(shown.typed, { currency: grant.currency, language: getLocale(), clientKey: shown.clientKey });
  const reply = who === 'self'
    ? await call<typeof ask>(event, 'POST', '/funds/:fund/grants/:grant/requests', { params, body })
    : await call<typeof askFor>(event, 'POST', '/funds/:fund/grants/:grant/requests/for', { params, body: { ...body, consent: shown.typed.consent as 'there', collects: shown.typed.collects } });
  if (reply.ok) {
    keepToken(cookies, params.fund, reply.value.token);
    redirect(303, links.asked(params.fund));
  }
  const { problem } = reply;
  const named = problem.code === 'wrong-shape' && Array.isArray(problem.fields) ? (['contact', 'household'] as const).filter((field) => (problem.fields as string[]).includes(field)) : [];
  // Another sum under the same key: pressing Send again is then meant.
  if (problem.code === 'already-exists') shown.clientKey = newClientKey();
  return fail(problem.status, { ...shown, faults: [...named], problem });
}
