/** Reads the log, and which ballots wait for it. Nothing on a ballot's row says whether it is in the log. */
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { headCopy, logHead, logLeaf } from '@commonpot/db/votes';
import { markOf, type RoundKeys } from '../ballots/protocol.ts';

export interface RoundRef {
  fundId: string;
  roundId: string;
}

const ofRound = (table: { fundId: typeof logLeaf.fundId | typeof logHead.fundId; roundId: typeof logLeaf.roundId | typeof logHead.roundId }, { fundId, roundId }: RoundRef) =>
  and(eq(table.fundId, fundId), eq(table.roundId, roundId));

/** Every leaf in its order. */
export async function readLeaves(tx: Transaction, ref: RoundRef): Promise<Buffer[]> {
  return (await tx.select({ leaf: logLeaf.leaf }).from(logLeaf).where(ofRound(logLeaf, ref)).orderBy(asc(logLeaf.index))).map((row) => row.leaf);
}

/** Every head, the smallest first. */
export async function readHeads(tx: Transaction, ref: RoundRef) {
  return tx.select({ size: logHead.size, note: logHead.note, isLast: logHead.isLast, signedAt: logHead.signedAt }).from(logHead).where(ofRound(logHead, ref)).orderBy(asc(logHead.size));
}

/** The newest head, or null before the first. */
export async function lastHead(tx: Transaction, ref: RoundRef) {
  const [row] = await tx.select({ size: logHead.size, note: logHead.note, isLast: logHead.isLast, signedAt: logHead.signedAt }).from(logHead).where(ofRound(logHead, ref)).orderBy(desc(logHead.size)).limit(1);
  return row ?? null;
}

/** What the mirrors said to a round's newest head. */
export async function readCopies(tx: Transaction, { fundId, roundId }: RoundRef, size: number) {
  return tx.select({ mirror: headCopy.mirror, takenAt: headCopy.takenAt, status: headCopy.status, fault: headCopy.fault }).from(headCopy)
    .where(and(eq(headCopy.fundId, fundId), eq(headCopy.roundId, roundId), eq(headCopy.size, size))).orderBy(headCopy.mirror);
}

/** The fund's rounds in which people vote now. */
export async function listVoting(tx: Transaction, fundId: string): Promise<string[]> {
  return (await tx.select({ id: round.id }).from(round).where(and(eq(round.fundId, fundId), inArray(round.phase, ['voting'])))).map((row) => row.id);
}

/**
 * The marks that are not in the log yet: of ballots that stand, one a slot, and of those that were replaced or struck.
 * Worked out from the leaves of the log; in one statement, so that a ballot that is replaced meanwhile is seen once.
 */
export async function readWaiting(tx: Transaction, { roundId }: RoundRef, keys: RoundKeys, logged: readonly Buffer[]): Promise<{ standing: Buffer[]; replaced: Buffer[] }> {
  const { rows } = await tx.execute<{ mark: Buffer; stands: boolean }>(sql`
    select mark, not struck as stands from ballot_open where round_id = ${roundId}::uuid
    union all select mark, false from replaced_open where round_id = ${roundId}::uuid`);
  const known = new Set(logged.map((leaf) => markOf(keys, leaf).toString('hex')));
  const waiting = rows.filter((row) => !known.has(row.mark.toString('hex')));
  return { standing: waiting.filter((row) => row.stands).map((row) => row.mark), replaced: waiting.filter((row) => !row.stands).map((row) => row.mark) };
}

const PAGE = 5000;

/** The boxes behind these marks, wherever they lie now, with the key column that each was sealed under. */
export async function* readBoxesOf(tx: Transaction, { roundId }: RoundRef, marks: readonly Buffer[]): AsyncGenerator<{ column: Buffer; box: Buffer }> {
  for (let from = 0; from < marks.length; from += PAGE) {
    const some = sql`any (${sql.param(marks.slice(from, from + PAGE))}::bytea[])`;
    const { rows } = await tx.execute<{ column: Buffer; box: Buffer }>(sql`
      select slot as "column", box from ballot_open where round_id = ${roundId}::uuid and mark = ${some}
      union all select mark, box from replaced_open where round_id = ${roundId}::uuid and mark = ${some}`);
    yield* rows;
  }
}
