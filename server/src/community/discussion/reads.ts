/** Reads of comments and of what was decided about them. */
import { and, asc, count, desc, eq, gt, inArray, isNull, max, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { comment, commentAppeal, commentDecision, commentReport } from '@commonpot/db/community';
import type { Moderated } from './rules.ts';
import { PAGE_SIZE } from './rules.ts';
import type { SubjectKind } from './subject.ts';

export type Comment = typeof comment.$inferSelect;
export type Decision = typeof commentDecision.$inferSelect;

export interface SubjectKey {
  fundId: string;
  kind: SubjectKind;
  id: string;
}

const about = (subject: SubjectKey) => and(eq(comment.fundId, subject.fundId), eq(comment.subjectKind, subject.kind), eq(comment.subjectId, subject.id));

/** One page of first comments, oldest first. */
export async function firstComments(tx: Transaction, subject: SubjectKey, page: number): Promise<Comment[]> {
  return tx.select().from(comment).where(and(about(subject), isNull(comment.replyTo))).orderBy(asc(comment.id)).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE);
}

/** The replies to these comments, oldest first. */
export async function repliesTo(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Comment[]> {
  return ids.length === 0 ? [] : tx.select().from(comment).where(and(eq(comment.fundId, fundId), inArray(comment.replyTo, [...ids]))).orderBy(asc(comment.id));
}

/** How many there are: in all, first ones, and those that everybody can read. */
export async function countComments(tx: Transaction, subject: SubjectKey): Promise<{ all: number; first: number; readable: number }> {
  const hidden = sql`(select d.outcome from comment_decision d where d.fund_id = ${comment.fundId} and d.comment_id = ${comment.id} order by d.turn desc limit 1) = 'hide'`;
  const [row] = await tx.select({
    all: count(), first: sql<number>`(count(*) filter (where ${comment.replyTo} is null))::int`,
    readable: sql<number>`(count(*) filter (where ${comment.gone} is null and (${hidden}) is not true))::int`,
  }).from(comment).where(about(subject));
  return row ?? { all: 0, first: 0, readable: 0 };
}

/** The page on which a comment, or the one it answers, stands. */
export async function pageOf(tx: Transaction, subject: SubjectKey, found: Pick<Comment, 'id' | 'replyTo'>): Promise<number> {
  const [row] = await tx.select({ before: count() }).from(comment).where(and(about(subject), isNull(comment.replyTo), sql`${comment.id} < ${found.replyTo ?? found.id}`));
  return Math.floor((row?.before ?? 0) / PAGE_SIZE) + 1;
}

export async function countReplies(tx: Transaction, fundId: string, to: string): Promise<number> {
  const [row] = await tx.select({ replies: count() }).from(comment).where(and(eq(comment.fundId, fundId), eq(comment.replyTo, to)));
  return row?.replies ?? 0;
}

/** A comment by its id; null when the fund has none. */
export async function findComment(tx: Transaction, fundId: string, id: string): Promise<Comment | null> {
  const [row] = await tx.select().from(comment).where(and(eq(comment.fundId, fundId), eq(comment.id, id)));
  return row ?? null;
}

/** A comment that stands still until the transaction ends. */
export async function lockComment(tx: Transaction, fundId: string, id: string): Promise<Comment | null> {
  const [row] = await tx.select().from(comment).where(and(eq(comment.fundId, fundId), eq(comment.id, id))).for('update');
  return row ?? null;
}

/** The comment that an account sent from this draft. */
export async function findDraft(tx: Transaction, fundId: string, accountId: string, draftId: string): Promise<Comment | null> {
  const [row] = await tx.select().from(comment).where(and(eq(comment.fundId, fundId), eq(comment.accountId, accountId), eq(comment.draftId, draftId)));
  return row ?? null;
}

export async function commentsSince(tx: Transaction, fundId: string, accountId: string, since: Date): Promise<number> {
  return tx.$count(comment, and(eq(comment.fundId, fundId), eq(comment.accountId, accountId), gt(comment.at, since)));
}

export async function reportsSince(tx: Transaction, fundId: string, accountId: string, since: Date): Promise<number> {
  return tx.$count(commentReport, and(eq(commentReport.fundId, fundId), eq(commentReport.accountId, accountId), gt(commentReport.at, since)));
}

/** Which of these comments an account reported. */
export async function reportedBy(tx: Transaction, fundId: string, ids: readonly string[], accountId: string): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.select({ id: commentReport.commentId }).from(commentReport)
    .where(and(eq(commentReport.fundId, fundId), inArray(commentReport.commentId, [...ids]), eq(commentReport.accountId, accountId)));
  return new Set(rows.map((row) => row.id));
}

export type Standing = Moderated & { decision: Decision | null };

/** Where each of these comments stands with its moderators. */
export async function standingsOf(tx: Transaction, fundId: string, ids: readonly string[]): Promise<(id: string) => Standing> {
  if (ids.length === 0) return () => ({ decision: null, appealed: null, lastReportAt: null });
  const of = [...ids];
  const decisions = await tx.selectDistinctOn([commentDecision.commentId]).from(commentDecision)
    .where(and(eq(commentDecision.fundId, fundId), inArray(commentDecision.commentId, of))).orderBy(commentDecision.commentId, desc(commentDecision.turn));
  const appeals = await tx.select().from(commentAppeal).where(and(eq(commentAppeal.fundId, fundId), inArray(commentAppeal.commentId, of)));
  const reports = await tx.select({ id: commentReport.commentId, at: max(commentReport.at) }).from(commentReport)
    .where(and(eq(commentReport.fundId, fundId), inArray(commentReport.commentId, of))).groupBy(commentReport.commentId);
  const [decided, appealed, reported] = [new Map(decisions.map((row) => [row.commentId, row])), new Map(appeals.map((row) => [row.commentId, row.turn])), new Map(reports.map((row) => [row.id, row.at]))];
  return (id) => ({ decision: decided.get(id) ?? null, appealed: appealed.get(id) ?? null, lastReportAt: reported.get(id) ?? null });
}

/** Comments that are there, were reported, and may wait for somebody; the oldest two hundred. */
export async function reportedComments(tx: Transaction, fundId: string): Promise<Comment[]> {
  const isOpen = sql`exists (select from comment_report r where r.fund_id = ${comment.fundId} and r.comment_id = ${comment.id}
      and not exists (select from comment_decision d where d.fund_id = r.fund_id and d.comment_id = r.comment_id and (d.at >= r.at or d.outcome = 'hide')))
    or exists (select from comment_appeal a where a.fund_id = ${comment.fundId} and a.comment_id = ${comment.id}
      and not exists (select from comment_decision d where d.fund_id = a.fund_id and d.comment_id = a.comment_id and d.turn > a.turn))`;
  return tx.select().from(comment).where(and(eq(comment.fundId, fundId), isNull(comment.gone), sql`(${isOpen})`)).orderBy(asc(comment.id)).limit(200);
}

/** How many people named which reason, of each of these comments. */
export async function reasonsOf(tx: Transaction, fundId: string, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return tx.select({ id: commentReport.commentId, reason: commentReport.reason, people: count() }).from(commentReport)
    .where(and(eq(commentReport.fundId, fundId), inArray(commentReport.commentId, [...ids]))).groupBy(commentReport.commentId, commentReport.reason).orderBy(desc(count()), commentReport.reason);
}
