/** How much one person writes, and what waits for a moderator. Pure. */

import type { CommentReason } from '@commonpot/db/community';

/** Why somebody reports a comment, and why a person hides one. */
export const REASONS = ['unkind', 'private', 'untrue', 'off-topic', 'advertising', 'threat'] as const satisfies readonly CommentReason[];

/** First comments on one page; the newest come last. */
export const PAGE_SIZE = 20;
/** The most comments on one subject, replies included. */
export const COMMENTS_MAX = 2000;
/** The most replies to one comment. */
export const REPLIES_MAX = 100;
/** What one account writes, and reports, in an hour. */
export const COMMENTS_PER_HOUR = 10;
export const REPORTS_PER_HOUR = 20;

interface Decided {
  turn: number;
  outcome: 'keep' | 'hide';
  at: Date;
  decidedBy: string;
}

export interface Moderated {
  /** Newest decision; null before the first. */
  decision: Decided | null;
  /** The decision that its author asked somebody else to look at again; null when they did not. */
  appealed: number | null;
  lastReportAt: Date | null;
}

/** What a moderator has to do: a first look, another person's look, or nothing. */
export function waitsFor({ decision, appealed, lastReportAt }: Moderated): 'look' | 'second-look' | null {
  if (decision && appealed === decision.turn) return 'second-look';
  if (decision?.outcome === 'hide' || !lastReportAt) return null;
  return !decision || lastReportAt > decision.at ? 'look' : null;
}

/** Where the author stands with a decision: they may ask once, wait, or have had the answer. */
export function appealOf({ decision, appealed }: Moderated): 'open' | 'waiting' | 'answered' | null {
  if (appealed !== null) return decision && decision.turn > appealed ? 'answered' : 'waiting';
  return decision?.outcome === 'hide' ? 'open' : null;
}
