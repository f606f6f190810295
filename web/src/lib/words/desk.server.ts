/** What the pages of translators begin with: for administrators, and for reviewers, who translate too. */
import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import type { me, readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import type { listProjects } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { paramsOf } from '#lib/rounds/admin.server.ts';

type Event = Pick<RequestEvent, 'fetch' | 'url'> & { params: Partial<Record<string, string>> };

export interface Text {
  /** `round`, or a project's id. */
  subject: string;
  number: string | null;
  title: string;
  summary: string;
  /** The language it was written in. */
  written: string;
}

/** The fund, the round and every text of it that can be translated, in their original words. */
export async function openTexts(event: Event) {
  const params = paramsOf(event);
  const fund = must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: { fund: params.fund } }));
  if (!fund.roles.includes('administrator') && !fund.roles.includes('reviewer')) {
    const who = await call<typeof me>(event, 'GET', '/me', {});
    if (!who.ok && who.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
    error(403, { message: '', code: 'not-allowed' });
  }
  const [round, listed] = await Promise.all([
    call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params }), call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params }),
  ]);
  const own = must(round);
  const projects = listed.value?.projects ?? [];
  const texts: Text[] = [
    { subject: 'round', number: null, title: own.title, summary: own.summary, written: fund.language },
    ...projects.map(({ id, number, title, summary, language }) => ({ subject: id, number, title, summary, written: language ?? fund.language })),
  ];
  return { fund, round: own, texts, roles: fund.roles };
}
