/** Writes of comments, reports and decisions. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { comment, commentAppeal, commentDecision, commentReport } from '@commonpot/db/community';
import { newId } from '../../platform/ids.ts';
import type { Comment, Decision, SubjectKey } from './reads.ts';

/** One at a time of each account, so that two at once do not both find room under its limit. */
export async function holdAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`discussion:${accountId}`}, 0))`);
}

/** Keeps a comment; the answer is its id. */
export async function addComment(tx: Transaction, subject: SubjectKey & { roundId: string }, given: Pick<Comment, 'accountId' | 'draftId' | 'replyTo' | 'name' | 'words'>, now: Date): Promise<string> {
  const id = newId();
  await tx.insert(comment).values({ fundId: subject.fundId, roundId: subject.roundId, subjectKind: subject.kind, subjectId: subject.id, id, ...given, at: now });
  return id;
}

/** Takes a comment's words and name away; false where they were gone before. */
export async function withdrawComment(tx: Transaction, fundId: string, id: string, now: Date): Promise<boolean> {
  const taken = await tx.update(comment).set({ words: null, name: null, gone: 'withdrawn', goneAt: now })
    .where(and(eq(comment.fundId, fundId), eq(comment.id, id), isNull(comment.gone))).returning({ id: comment.id });
  return taken.length === 1;
}

/** Keeps a report; false where this account reported it before. */
export async function addReport(tx: Transaction, given: typeof commentReport.$inferInsert): Promise<boolean> {
  return (await tx.insert(commentReport).values(given).onConflictDoNothing().returning({ id: commentReport.commentId })).length === 1;
}

/** Keeps what a person decided. The caller holds the comment's lock. */
export async function addDecision(tx: Transaction, given: Decision): Promise<void> {
  await tx.insert(commentDecision).values(given);
}

/** Keeps that the author asks for another look. The caller holds the comment's lock. */
export async function addAppeal(tx: Transaction, given: typeof commentAppeal.$inferInsert): Promise<void> {
  await tx.insert(commentAppeal).values(given);
}
