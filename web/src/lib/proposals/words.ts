/** What an idea says about itself: where it stands, whose it is, and what reviewers answered. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { listIdeas } from '@commonpot/server/votes/proposals/contract';
import type { readCredits, readReview } from '@commonpot/server/votes/review/contract';
import { list, moment, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Round } from '#lib/votes/round.ts';

export type Idea = AnswerOf<typeof listIdeas>['ideas'][number];
export type Review = AnswerOf<typeof readReview>;
export type Version = Review['versions'][number];

/** The standing in a word or two, and its colour; null while ideas are gathered. */
export function standingTag(standing: Idea['standing']): { words: string; tone: '' | 'leaf' | 'sun' | 'pot' } | null {
  switch (standing) {
    case 'gathering': return null;
    case 'waiting': return { words: m.ideas_tag_waiting(), tone: '' };
    case 'unanswered': return { words: m.ideas_tag_unanswered(), tone: 'pot' };
    case 'yes': return { words: m.ideas_tag_yes(), tone: 'leaf' };
    case 'changes': return { words: m.ideas_tag_changes(), tone: 'leaf' };
    case 'no': return { words: m.ideas_tag_no(), tone: 'sun' };
    case 'withdrawn': return { words: m.ideas_tag_withdrawn(), tone: '' };
  }
}

/** Whose idea it is: a name by consent, else a neighbour. */
export function byWords(by: string | null): string {
  return by === null ? m.ideas_by_neighbour() : m.ideas_by({ name: by });
}

/** "Ideas by Amina, Joseph and 2 neighbours". */
export function creditWords({ ideas, names, neighbours }: AnswerOf<typeof readCredits>): string {
  const others = neighbours === 0 ? [] : [neighbours === 1 ? m.ideas_a_neighbour() : m.ideas_neighbours({ count: neighbours, n: number(neighbours) })];
  return m.ideas_credit({ count: ideas.length, who: list([...names, ...others]) });
}

export function supportWords(supports: number): string {
  return supports === 0 ? m.ideas_supports_none() : m.ideas_supports({ count: supports, n: number(supports) });
}

/** Until when ideas are taken, or answered, in one sentence. */
export function gatheringWords(round: Pick<Round, 'phase' | 'ideasCloseAt' | 'reviewDueAt'>, timeZone: string): string {
  if (round.phase === 'ideas') return round.ideasCloseAt ? m.ideas_until({ date: moment(round.ideasCloseAt, timeZone) }) : m.ideas_until_open();
  if (round.phase === 'review') return round.reviewDueAt ? m.ideas_review_due({ date: moment(round.reviewDueAt, timeZone) }) : m.ideas_review();
  return m.ideas_review_over();
}

export function feasibleWords(feasible: Version['feasible']): string {
  return { yes: m.review_says_yes, changes: m.review_says_changes, no: m.review_says_no }[feasible]();
}

export function vatWords(vat: NonNullable<Version['vat']>): string {
  return { included: m.review_vat_included, none: m.review_vat_none, reclaimed: m.review_vat_reclaimed }[vat]();
}

/** Who answered, as they agreed to be shown, and when. */
export function signedWords({ role, name, at }: Pick<Version, 'role' | 'name' | 'at'>, day: (iso: string) => string): string {
  return name === null ? m.review_signed({ role, date: day(at) }) : m.review_signed_name({ name, role, date: day(at) });
}

/** What stands where there is no answer, by the day that was promised. */
export function unansweredWords(standing: Idea['standing'], dueAt: string | null, timeZone: string): string {
  const date = dueAt ? moment(dueAt, timeZone) : '';
  if (standing === 'unanswered') return dueAt ? m.review_none_late({ date }) : m.review_none_late_open();
  return dueAt ? m.review_none_due({ date }) : m.review_none_waiting();
}
