/** Where an idea stands, and how much of them a round takes. Pure. */
import type { Round } from '../../rounds/rules.ts';

/** The most ideas one account sends to a round. */
export const IDEAS_OF_ONE_MAX = 20;
/** The most pictures of one idea. */
export const PICTURES_OF_IDEA_MAX = 5;
/** The most ideas a round takes, as many as a ballot could hold. */
export const IDEAS_MAX = 2000;

export type Standing = 'gathering' | 'waiting' | 'unanswered' | 'yes' | 'changes' | 'no' | 'withdrawn';

interface Reviewed {
  withdrawnAt: Date | null;
  /** What the newest review says; null without one. */
  feasible: 'yes' | 'changes' | 'no' | null;
}

/** Where an idea stands at `now`. What the reviewers did not answer by their day is shown as not answered. */
export function standingOf(idea: Reviewed, round: Pick<Round, 'phase' | 'reviewDueAt'>, now: Date): Standing {
  if (idea.withdrawnAt) return 'withdrawn';
  if (idea.feasible) return idea.feasible;
  if (round.phase === 'ideas') return 'gathering';
  return round.phase === 'review' && (!round.reviewDueAt || round.reviewDueAt > now) ? 'waiting' : 'unanswered';
}

const DAY_MS = 24 * 60 * 60_000;
/** How long a proposer can still be asked something after voting; and the longest that a private contact is kept at all. */
const CONTACT_DAYS_AFTER_VOTING = 90;
const CONTACT_DAYS_MAX = 540;

/** When a proposer's private contact, and a name that is not shown, are erased: 90 days after voting closes, and never later than 540 days after they were sent. */
export function contactEndsAt(sentAt: Date, votingClosesAt: Date | null): Date {
  const longest = sentAt.getTime() + CONTACT_DAYS_MAX * DAY_MS;
  return new Date(votingClosesAt ? Math.min(longest, votingClosesAt.getTime() + CONTACT_DAYS_AFTER_VOTING * DAY_MS) : longest);
}

/** The public number that an address names, or null. */
export function readNumber(text: string): number | null {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
}

/** The words of a search; every one of them must be found. */
export function wordsOf(find: string): string[] {
  return find.toLowerCase().split(/\s+/).filter((word) => word !== '').slice(0, 8);
}
