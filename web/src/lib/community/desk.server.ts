/** What the reviewers' pages of a fund begin with. */
import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { me, readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';

/** The fund of the page, for its reviewers and administrators; anybody else is asked to sign in, or told that the page is not theirs. */
export async function openDesk(event: Pick<RequestEvent, 'fetch' | 'url' | 'params'>) {
  const fund = must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: { fund: (event.params as { fund?: string }).fund ?? '' } }));
  if (fund.roles.some((role) => role === 'reviewer' || role === 'administrator')) return fund;
  const who = await call<typeof me>(event, 'GET', '/me', {});
  if (!who.ok && who.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
  error(403, { message: '', code: 'not-allowed' });
}
