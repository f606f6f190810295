/** The round that a page is about, its fund and its projects, as the API has them. */
import { error, type RequestEvent } from '@sveltejs/kit';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readFund } from '@commonpot/server/people/contract';
import type { readRound } from '@commonpot/server/rounds/contract';
import type { listProjects, readProject } from '@commonpot/server/votes/projects/contract';
import type { readSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { inTongue, type Tongue } from '#lib/words/tongue.ts';
import type { Part } from './terms.ts';

export type Fund = AnswerOf<typeof readFund>;
/** A round in the reader's language, where somebody translated it. */
export type Round = AnswerOf<typeof readRound> & { tongue: Tongue; isSetAside: boolean };
/** A project in the reader's language, where somebody translated it. */
export type Project = AnswerOf<typeof listProjects>['projects'][number] & { tongue: Tongue };

/** A project that somebody chose: the part it is on, its points, its place in a ranking. */
export type Chosen = Project & { part: number; points?: number | undefined; rank?: number };

type Event = Pick<RequestEvent, 'fetch' | 'params'>;

/** The phases in which a round may have a result. */
export const COUNTED: readonly string[] = ['counting', 'results', 'delivery', 'closed'];

/** The fund and the round of the address; whatever is not there becomes the error page. */
export async function loadRound(event: Event): Promise<{ fund: Fund; round: Round }> {
  const params = event.params as Record<string, string>;
  const [fund, round] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readRound>(event, 'GET', '/funds/:fund/rounds/:round', { params, query: { language: getLocale() } }),
  ]);
  const there = must(fund);
  const isSetAside = COUNTED.includes(must(round).phase) && must(await call<typeof readSetAside>(event, 'GET', '/funds/:fund/rounds/:round/set-aside', { params })).setAside !== null;
  return { fund: there, round: { ...inTongue(must(round), there.language, getLocale()), isSetAside } };
}

/** The project of the address with all its words; whatever is not there, or not public yet, becomes the error page. */
export async function loadProject(event: Event, number: string) {
  const reply = await call<typeof readProject>(event, 'GET', '/funds/:fund/rounds/:round/project/:number', { params: { ...(event.params as Record<string, string>), number }, query: { language: getLocale() } });
  if (!reply.ok && reply.problem.code === 'wrong-phase') error(404, { message: '', code: 'not-found' });
  const project = must(reply);
  return inTongue(project, project.language ?? project.original, getLocale());
}

/** The projects in the ballot's order; none while they are not published. */
export async function loadProjects(event: Event): Promise<Project[]> {
  const reply = await call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params: event.params as Record<string, string>, query: { language: getLocale() } });
  if (!reply.ok && reply.problem.code === 'wrong-phase') return [];
  const { projects, original } = must(reply);
  return projects.map((project) => inTongue(project, project.language ?? original, getLocale()));
}

/**
 * What a ballot of this round may hold: one part, or, for a voter whose area has money of its own, that area's part and
 * the one for everybody. A round without a ballot has no such page.
 */
export function partsOf(round: Pick<Round, 'ballotForm' | 'budgetMinor' | 'currency' | 'rule'>, area: string): Part[] {
  if (!round.ballotForm || round.budgetMinor === null) error(404, { message: '', code: 'not-found' });
  const pots = potsOf(round);
  const same = { form: round.ballotForm, currency: round.currency };
  const whole = { ...same, area: null, budgetMinor: round.budgetMinor - pots.reduce((sum, pot) => sum + pot.budgetMinor, 0) };
  const own = pots.find((pot) => pot.area === area);
  const parts = own ? [{ ...same, ...own }, whole] : [whole];
  return parts.map((part) => ({ ...part, otherAreas: pots.flatMap((pot) => (pot.area === area ? [] : [pot.area])) }));
}

/** Areas with money of their own, as the round's rule has them. */
export function potsOf({ rule }: Pick<Round, 'rule'>): { area: string; budgetMinor: number }[] {
  const pots = rule?.pots as { areas: { area: string; budgetMinor: number }[] } | null | undefined;
  return pots?.areas ?? [];
}

/** The part of the ballot that a project is on; null where it is for another area's voters. */
export function partOf(parts: readonly Part[], { area }: Pick<Project, 'area'>): number | null {
  const own = parts.findIndex((part) => part.area !== null && part.area === area);
  if (own >= 0) return own;
  return area !== null && parts[0]?.otherAreas.includes(area) ? null : parts.length - 1;
}
