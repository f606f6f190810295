/** What every page of the payouts does first. */
import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';

type Arriving = Pick<RequestEvent, 'fetch' | 'url' | 'params'>;

/** The value of a reply; whoever is signed out signs in first and comes back. */
export function admit<T>(event: Pick<RequestEvent, 'url'>, reply: Reply<T>): T {
  if (!reply.ok && reply.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname + event.url.search));
  return must(reply);
}

/** The fund of the address: its name, currency, time zone. */
export async function fundOf(event: Arriving) {
  return must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: { fund: event.params.fund ?? '' } }));
}

/** A day without a time, as `format.day` takes it: noon, so that no time zone moves it. */
export function noonOf(day: string): string {
  return `${day}T12:00:00Z`;
}

/** A form's field as text, trimmed. */
export function field(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim();
}

/** A voucher's code in groups that the eye can hold. */
export function inGroups(code: string): string {
  return code.match(/.{1,3}/g)?.join('-') ?? code;
}
