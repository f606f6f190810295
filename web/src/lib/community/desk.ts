/** The one next step of a reviewer, out of everything that waits. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readDesk } from '@commonpot/server/votes/review/contract';
import { moment, number } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';

export type DeskRound = AnswerOf<typeof readDesk>['rounds'][number];

export interface Desk {
  fund: { slug: string; timeZone: string };
  rounds: readonly DeskRound[];
  /** Reported comments on which this person may decide. */
  comments: number;
}

/** Ideas to answer, the earliest day first; then comments; then what will come. Null when nothing is to be done. */
export function nextForReviewer({ fund, rounds, comments }: Desk): { heading: string; why: string; button: string; href: string } | null {
  const due = rounds.find((round) => round.next !== null);
  if (due?.next) {
    const date = due.dueAt ? moment(due.dueAt, fund.timeZone) : '';
    const why = !due.dueAt ? m.reviewer_no_day({ round: due.title }) : due.isLate ? m.reviewer_late({ round: due.title, date }) : m.reviewer_due({ round: due.title, date });
    const mine = rounds.reduce((sum, round) => sum + round.waiting - round.concerned, 0);
    return { heading: m.review_desk_title({ count: mine, n: number(mine) }), why, button: m.reviewer_answer({ title: due.next.title }), href: links.reviewIdea(fund.slug, due.slug, due.next.number) };
  }
  if (comments > 0) return { heading: m.moderation_title({ count: comments, n: number(comments) }), why: m.moderation_lead(), button: m.reviewer_look(), href: links.moderation(fund.slug) };
  const soon = rounds.find((round) => round.phase === 'ideas');
  if (!soon) return null;
  const why = soon.ideasCloseAt ? m.reviewer_soon_why({ round: soon.title, date: moment(soon.ideasCloseAt, fund.timeZone) }) : m.reviewer_soon_open({ round: soon.title });
  return { heading: m.reviewer_soon(), why, button: m.reviewer_read(), href: links.ideas(fund.slug, soon.slug) };
}

/** Where a round's ideas stand, in a few words. */
export function deskRoundWords(round: DeskRound): string[] {
  const waiting = round.phase === 'ideas' ? m.reviewer_gathering() : round.waiting === 0 ? m.reviewer_all_answered() : m.reviewer_waiting({ count: round.waiting, n: number(round.waiting) });
  return [
    waiting, ...(round.concerned > 0 ? [m.reviewer_concerned({ count: round.concerned, n: number(round.concerned) })] : []),
    ...(round.toAccept > 0 ? [m.reviewer_to_accept({ count: round.toAccept, n: number(round.toAccept) })] : []),
  ];
}
