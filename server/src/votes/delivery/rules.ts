/** Where a milestone stands, told from its news. Pure. */

/** The most milestones of one project, and the most pieces of news. */
export const MILESTONES_MAX = 30;
export const NEWS_MAX = 500;
export const PICTURES_OF_NEWS_MAX = 3;

export interface Told {
  id: string;
  kind: 'news' | 'done' | 'delayed' | 'correction';
  milestoneId: string | null;
  newDueOn: string | null;
  correctsId: string | null;
  publishedAt: Date;
}

/** What was told and not taken back, in the order of telling. */
export function holding<T extends Told>(news: readonly T[]): T[] {
  const taken = new Set(news.flatMap((each) => each.correctsId ?? []));
  return news.filter((each) => !taken.has(each.id));
}

/** Where a milestone stands on `today` (a day of the fund's calendar): the last word on it holds, unless it was taken back. */
export function standingOf(milestone: { id: string; dueOn: string }, news: readonly Told[], today: string) {
  const moves = holding(news).filter((each) => each.milestoneId === milestone.id && (each.kind === 'done' || each.kind === 'delayed'));
  const done = moves.find((each) => each.kind === 'done');
  const delay = moves.findLast((each) => each.kind === 'delayed');
  const dueOn = delay?.newDueOn ?? milestone.dueOn;
  return { standing: done ? ('done' as const) : delay ? ('delayed' as const) : ('planned' as const), dueOn, doneAt: done?.publishedAt ?? null, isOverdue: !done && dueOn < today };
}
