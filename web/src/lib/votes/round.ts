/** The round that a page is about, its fund and its projects, as the API has them. */
import { error, type RequestEvent } from '@sveltejs/kit';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import type { listProjects } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { inTongue, type Tongue } from '#lib/words/tongue.ts';
import type { Terms } from './terms.ts';

export type Fund = AnswerOf<typeof readFund>;
/** A round in the reader's language, where somebody translated it. */
export type Round = AnswerOf<typeof readRound> & { tongue: Tongue };
/** A project in the reader's language, where somebody translated it. */
export type Project = AnswerOf<typeof listProjects>['projects'][number] & { tongue: Tongue };

type Event = Pick<RequestEvent, 'fetch' | 'params'>;

/** The fund and the round of the address; whatever is not there becomes the error page. */
export async function loadRound(event: Event): Promise<{ fund: Fund; round: Round }> {
  const params = event.params as Record<string, string>;
  const [fund, round] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params, query: { language: getLocale() } }),
  ]);
  const there = must(fund);
  return { fund: there, round: inTongue(must(round), there.language, getLocale()) };
}

/** The projects in the ballot's order; none while they are not published. */
export async function loadProjects(event: Event): Promise<Project[]> {
  const reply = await call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params: event.params as Record<string, string>, query: { language: getLocale() } });
  if (!reply.ok && reply.problem.code === 'wrong-phase') return [];
  const { projects, original } = must(reply);
  return projects.map((project) => inTongue(project, project.language ?? original, getLocale()));
}

/** What a ballot of this round may hold. A round without a ballot has no such page. */
export function termsOf(round: Round): Terms {
  if (!round.ballotForm || round.budgetMinor === null) error(404, { message: '', code: 'not-found' });
  return { form: round.ballotForm, budgetMinor: round.budgetMinor, currency: round.currency };
}
