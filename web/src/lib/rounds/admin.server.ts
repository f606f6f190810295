/** What every page of a fund's administrators begins with. */
import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { me, readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';

type Event = Pick<RequestEvent, 'fetch' | 'url'> & { params: Partial<Record<string, string>> };

/** The fund of the page, for its administrators; anybody else is asked to sign in, or told that the page is not theirs. */
export async function openFund(event: Event) {
  const fund = must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: { fund: event.params.fund ?? '' } }));
  if (fund.roles.includes('administrator')) return fund;
  const who = await call<typeof me>(event, 'GET', '/me', {});
  if (!who.ok && who.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
  error(403, { message: '', code: 'not-allowed' });
}

/** The fund and the round of the page. */
export async function openRound(event: Event) {
  const fund = await openFund(event);
  const round = must(await call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params: paramsOf(event) }));
  return { fund, round };
}

/** The fund and the round in the address, for a call to the API. */
export function paramsOf(event: { params: Partial<Record<string, string>> }): { fund: string; round: string } {
  return { fund: event.params.fund ?? '', round: event.params.round ?? '' };
}

/** Keeps what somebody looks for on the roll for the page that answers. It comes by POST: no name stands in an address, and so in no proxy's log. */
export async function keepSearch(event: Pick<RequestEvent, 'request' | 'locals'>): Promise<void> {
  const form = await event.request.formData();
  event.locals.search = String(form.get('search') ?? '').trim().slice(0, 100);
  event.locals.cursor = String(form.get('cursor') ?? '');
}
