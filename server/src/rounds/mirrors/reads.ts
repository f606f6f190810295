/** Reads of where a fund's rounds send copies of their logs' heads. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { fundMirror, round } from '@commonpot/db/rounds';

/** Every mirror that a fund has named, the newest last; those that ended too. */
export async function listFundMirrors(tx: Transaction, fundId: string) {
  return tx.select({ id: fundMirror.id, mirror: fundMirror.mirror, addedAt: fundMirror.addedAt, endedAt: fundMirror.endedAt }).from(fundMirror).where(eq(fundMirror.fundId, fundId)).orderBy(fundMirror.id);
}

/** The mirrors that a new round starts with: the fund's own; of a fund that never named any, those of its newest round that does, practice left out. */
export async function mirrorsOfFund(tx: Transaction, fundId: string): Promise<string[]> {
  const all = await listFundMirrors(tx, fundId);
  if (all.length > 0) return all.flatMap((each) => (each.endedAt ? [] : [each.mirror]));
  const [row] = await tx.select({ mirrors: round.mirrors }).from(round)
    .where(and(eq(round.fundId, fundId), eq(round.isPractice, false), sql`cardinality(${round.mirrors}) > 0`)).orderBy(desc(round.id)).limit(1);
  return row?.mirrors ?? [];
}

/** Rounds that can still change, practice left out, with the mirrors they name; locked. */
export async function lockOpenRounds(tx: Transaction, fundId: string): Promise<{ id: string; mirrors: string[] }[]> {
  return tx.select({ id: round.id, mirrors: round.mirrors }).from(round).where(and(eq(round.fundId, fundId), eq(round.kind, 'vote'), eq(round.isPractice, false), isNull(round.frozenAt))).orderBy(round.id).for('update');
}
