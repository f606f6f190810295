/** What every page of the reviewers begins with. */
import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { me, readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { paramsOf } from '#lib/rounds/admin.server.ts';

type Event = Pick<RequestEvent, 'fetch' | 'url'> & { params: Partial<Record<string, string>> };

/** The fund and the round, for reviewers and administrators; anybody else is asked to sign in, or told that the page is not theirs. */
export async function openReview(event: Event) {
  const params = paramsOf(event);
  const fund = must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params }));
  if (!fund.roles.some((role) => role === 'reviewer' || role === 'administrator')) {
    const who = await call<typeof me>(event, 'GET', '/me', {});
    if (!who.ok && who.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
    error(403, { message: '', code: 'not-allowed' });
  }
  return { fund, round: must(await call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params })) };
}

/** The cookie in which a reviewer's browser keeps as whom they speak, so that they type it once an evening. */
export const ROLE_COOKIE = 'review-role';
export const ROLE_SECONDS = 60 * 60 * 24 * 60;
