/** Reads of what was put before a body, and of what became of it. */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lte, max, or, sql, sum } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { adoption, adoptionAward, adoptionTold, awardRefusal, officerNotice } from '@commonpot/db/adoption';
import { award } from '@commonpot/db/awards';
import { charter } from '@commonpot/db/charter';
import { grantRound } from '@commonpot/db/grants';
import { agency } from '@commonpot/db/people';
import { daysAfter } from '../../platform/days.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import type { Charter } from '../../rounds/charter/rules.ts';

export type Adoption = typeof adoption.$inferSelect;

const listsOf = (fundId: string) => eq(adoption.fundId, fundId);
const rowsOf = and(eq(adoptionAward.fundId, adoption.fundId), eq(adoptionAward.adoptionId, adoption.id));

/** A list by its id, locked until the transaction ends; null when the fund has none. */
export async function lockAdoption(tx: Transaction, fundId: string, id: string): Promise<Adoption | null> {
  const [row] = await tx.select().from(adoption).where(and(listsOf(fundId), eq(adoption.id, id))).for('update');
  return row ?? null;
}

/** The charter that a list's round keeps. The round is not locked: its charter never changes. */
export async function charterOfList(tx: Transaction, { fundId, grantRoundId }: Adoption): Promise<Charter> {
  const [row] = await tx.select({ charterId: grantRound.charterId }).from(grantRound).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, grantRoundId)));
  return (await charterOf(tx, fundId, row?.charterId as string)).content;
}

/** The lists of a round, newest first. */
export async function listsOfRound(tx: Transaction, fundId: string, grantRoundId: string): Promise<Adoption[]> {
  return tx.select().from(adoption).where(and(listsOf(fundId), eq(adoption.grantRoundId, grantRoundId))).orderBy(desc(adoption.number)).limit(100);
}

/** Lists whose date has come, and which nothing ended. */
export async function dueLists(tx: Transaction, fundId: string, now: Date): Promise<string[]> {
  const rows = await tx.select({ id: adoption.id }).from(adoption).where(and(listsOf(fundId), isNull(adoption.endedAt), lte(adoption.dueAt, now))).orderBy(asc(adoption.id));
  return rows.map((row) => row.id);
}

/** The name of an agency. */
export async function agencyName(tx: Transaction, fundId: string, id: string): Promise<string | null> {
  const [row] = await tx.select({ name: agency.name }).from(agency).where(and(eq(agency.fundId, fundId), eq(agency.id, id)));
  return row?.name ?? null;
}

/** The lists before the bodies of these agencies: those that can still be refused from first, by their date, then the newest. */
export async function listsFor(tx: Transaction, fundId: string, agencies: readonly string[], limit: number) {
  if (agencies.length === 0) return [];
  return tx.select({ list: adoption, round: grantRound }).from(adoption)
    .innerJoin(grantRound, and(eq(grantRound.fundId, adoption.fundId), eq(grantRound.id, adoption.grantRoundId)))
    .innerJoin(charter, and(eq(charter.fundId, grantRound.fundId), eq(charter.id, grantRound.charterId)))
    .where(and(listsOf(fundId), inArray(sql`${charter.content}->'route'->>'agency'`, [...agencies])))
    .orderBy(sql`${adoption.endedAt} desc nulls first`, asc(adoption.dueAt), desc(adoption.id)).limit(limit);
}

/** Whether an officer is told by a message. */
export async function isTold(tx: Transaction, fundId: string, accountId: string): Promise<boolean> {
  return (await tx.$count(officerNotice, and(eq(officerNotice.fundId, fundId), eq(officerNotice.accountId, accountId), isNotNull(officerNotice.sealedContact)))) > 0;
}

/** Who is to be told of lists that are open, and was not told yet: that a list was put before their body, and, from `soonDays` before its date on, that the date is near. */
export async function untoldOfficers(tx: Transaction, fundId: string, now: Date, soonDays: number) {
  const isNear = sql`${adoption.dueAt} <= ${daysAfter(now, soonDays).toISOString()}::timestamptz`;
  const wasTold = (what: 'presented' | 'soon') => sql`exists (select from ${adoptionTold} t where t.fund_id = ${adoption.fundId} and t.adoption_id = ${adoption.id} and t.account_id = ${officerNotice.accountId} and t.what = ${what})`;
  return tx.select({ adoptionId: adoption.id, dueAt: adoption.dueAt, accountId: officerNotice.accountId, sealedContact: officerNotice.sealedContact, isNear: sql<boolean>`${isNear}`, wasPresented: sql<boolean>`${wasTold('presented')}` }).from(adoption)
    .innerJoin(officerNotice, and(eq(officerNotice.fundId, adoption.fundId), isNotNull(officerNotice.sealedContact), sql`speaks_for_body(${adoption.fundId}, ${adoption.grantRoundId}, ${officerNotice.accountId})`))
    .where(and(listsOf(fundId), isNull(adoption.endedAt), gt(adoption.dueAt, now), sql`(not ${wasTold('presented')} or ${isNear} and not ${wasTold('soon')})`)).orderBy(asc(adoption.dueAt)).limit(100);
}

/** What is on these lists, award by award, with the reason where one was refused; of a list that ended only what was refused. */
export async function rowsOn(tx: Transaction, fundId: string, lists: readonly string[]) {
  const rows = lists.length === 0 ? [] : await tx.select({ list: adoptionAward.adoptionId, award: award.id, subjectId: award.subjectId, reference: award.recipientName, amountMinor: award.amountMinor, refusedFor: awardRefusal.reason }).from(adoptionAward)
    .innerJoin(adoption, rowsOf)
    .innerJoin(award, and(eq(award.fundId, adoptionAward.fundId), eq(award.id, adoptionAward.awardId)))
    .leftJoin(awardRefusal, and(eq(awardRefusal.fundId, adoptionAward.fundId), eq(awardRefusal.awardId, adoptionAward.awardId)))
    .where(and(eq(adoptionAward.fundId, fundId), inArray(adoptionAward.adoptionId, [...lists]), or(isNull(adoption.endedAt), isNotNull(awardRefusal.awardId)))).orderBy(asc(award.recipientName));
  return Map.groupBy(rows, (row) => row.list);
}

/** The same in sums, for everybody. */
export async function sumsOf(tx: Transaction, fundId: string, lists: readonly string[]): Promise<Map<string, number>> {
  const rows = lists.length === 0 ? [] : await tx.select({ list: adoptionAward.adoptionId, amountMinor: sum(award.amountMinor).mapWith(Number) }).from(adoptionAward)
    .innerJoin(award, and(eq(award.fundId, adoptionAward.fundId), eq(award.id, adoptionAward.awardId)))
    .where(and(eq(adoptionAward.fundId, fundId), inArray(adoptionAward.adoptionId, [...lists]))).groupBy(adoptionAward.adoptionId);
  return new Map(rows.map((row) => [row.list, row.amountMinor]));
}

/** How many awards of these lists were refused for which reason. */
export async function refusalsOf(tx: Transaction, fundId: string, lists: readonly string[]) {
  const rows = lists.length === 0 ? [] : await tx.select({ list: adoptionAward.adoptionId, reason: awardRefusal.reason, count: count() }).from(awardRefusal)
    .innerJoin(adoptionAward, and(eq(adoptionAward.fundId, awardRefusal.fundId), eq(adoptionAward.awardId, awardRefusal.awardId)))
    .where(and(eq(awardRefusal.fundId, fundId), inArray(adoptionAward.adoptionId, [...lists]))).groupBy(adoptionAward.adoptionId, awardRefusal.reason).orderBy(asc(awardRefusal.reason));
  return Map.groupBy(rows, (row) => row.list);
}

/** Awards of a round that were put before nobody yet. */
export async function unlisted(tx: Transaction, fundId: string, grantRoundId: string): Promise<string[]> {
  const rows = await tx.select({ id: award.id }).from(award)
    .leftJoin(adoptionAward, and(eq(adoptionAward.fundId, award.fundId), eq(adoptionAward.awardId, award.id)))
    .where(and(eq(award.fundId, fundId), eq(award.grantRoundId, grantRoundId), isNull(adoptionAward.awardId))).orderBy(asc(award.id));
  return rows.map((row) => row.id);
}

/** The number of a round's newest list and when it was put; nulls before the first. */
export async function newestList(tx: Transaction, fundId: string, grantRoundId: string): Promise<{ number: number; at: Date | null }> {
  const [row] = await tx.select({ number: max(adoption.number), at: max(adoption.presentedAt) }).from(adoption).where(and(listsOf(fundId), eq(adoption.grantRoundId, grantRoundId)));
  return { number: row?.number ?? 0, at: row?.at ?? null };
}

/** Rounds whose money is still the agency's and which have opened. */
export async function adoptingRounds(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.select({ id: grantRound.id }).from(grantRound).innerJoin(charter, and(eq(charter.fundId, grantRound.fundId), eq(charter.id, grantRound.charterId)))
    .where(and(eq(grantRound.fundId, fundId), eq(sql`${charter.content}->'route'->>'kind'`, 'agency-adopts'))).orderBy(asc(grantRound.id));
  return rows.map((row) => row.id);
}

/** Where an award stands with the body: the list it is on, and why it was refused; null before it was put before one. */
export async function standingOf(tx: Transaction, fundId: string, awardId: string): Promise<{ dueAt: Date; endedAt: Date | null; refusedFor: string | null } | null> {
  const [row] = await tx.select({ dueAt: adoption.dueAt, endedAt: adoption.endedAt, refusedFor: awardRefusal.reason }).from(adoptionAward).innerJoin(adoption, rowsOf)
    .leftJoin(awardRefusal, and(eq(awardRefusal.fundId, adoptionAward.fundId), eq(awardRefusal.awardId, adoptionAward.awardId)))
    .where(and(eq(adoptionAward.fundId, fundId), eq(adoptionAward.awardId, awardId)));
  return row ?? null;
}
