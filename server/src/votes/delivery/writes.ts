/** Writes of milestones and news; the caller holds the round's lock. Both only grow. */
import type { Transaction } from '@commonpot/db/client';
import { deliveryMilestone, deliveryNews } from '@commonpot/db/delivery';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { countMilestones, findMilestoneDraft, findNewsDraft, milestonesOf, newsOf } from './reads.ts';
import { MILESTONES_MAX, NEWS_MAX, standingOf } from './rules.ts';

interface Doing {
  fundId: string;
  roundId: string;
  projectId: string;
  accountId: string;
  /** The deliverer's link through which it is told. */
  linkId?: string;
  at: Date;
}

/** Keeps a promise; a draft that was kept before is its milestone, and not new. */
export async function addMilestone(tx: Transaction, given: Doing & { title: string; who: string; dueOn: string; draft: string }): Promise<{ id: string; isNew: boolean } | Refusal> {
  const { fundId, roundId, projectId, title, who, dueOn, draft } = given;
  const kept = await findMilestoneDraft(tx, fundId, projectId, draft);
  if (kept) return { id: kept, isNew: false };
  if ((await countMilestones(tx, fundId, projectId)) >= MILESTONES_MAX) return refuse('too-large', { most: MILESTONES_MAX });
  const id = newId();
  await tx.insert(deliveryMilestone).values({ fundId, roundId, projectId, id, title, who, dueOn, draftId: draft, plannedBy: given.accountId, plannedAt: given.at });
  return { id, isNew: true };
}

export interface NewNews {
  kind: 'news' | 'done' | 'delayed' | 'correction';
  words: string;
  draft: string;
  milestone?: string | undefined;
  reason?: string | undefined;
  newDueOn?: string | undefined;
  corrects?: string | undefined;
}

/** Publishes news. Refuses `not-found` for a milestone or news of another project, `already-done`, `already-corrected`. */
export async function addNews(tx: Transaction, doing: Doing, news: NewNews): Promise<{ id: string; isNew: boolean } | Refusal> {
  const { fundId, roundId, projectId, accountId, linkId, at } = doing;
  const kept = await findNewsDraft(tx, fundId, projectId, news.draft);
  if (kept) return { id: kept, isNew: false };
  const before = await newsOf(tx, fundId, [projectId]);
  if (before.length >= NEWS_MAX) return refuse('too-large', { most: NEWS_MAX });
  const corrected = news.corrects ? before.find((each) => each.id === news.corrects && each.kind !== 'correction') : undefined;
  if (news.kind === 'correction' && !corrected) return refuse('not-found');
  if (corrected && before.some((each) => each.correctsId === corrected.id)) return refuse('already-corrected');
  const milestoneId = corrected ? corrected.milestoneId : (news.milestone ?? null);
  const milestone = milestoneId === null ? null : (await milestonesOf(tx, fundId, [projectId])).find((each) => each.id === milestoneId);
  if (milestone === undefined) return refuse('not-found');
  const isMove = news.kind === 'done' || news.kind === 'delayed';
  if (milestone && isMove && standingOf(milestone, before, '').standing === 'done') return refuse('already-done');
  const id = newId();
  await tx.insert(deliveryNews).values({
    fundId, roundId, projectId, id, kind: news.kind, milestoneId, words: news.words, reason: news.reason ?? null, newDueOn: news.newDueOn ?? null,
    correctsId: corrected?.id ?? null, draftId: news.draft, publishedBy: accountId, publishedAt: at, linkId: linkId ?? null,
  });
  return { id, isNew: true };
}
