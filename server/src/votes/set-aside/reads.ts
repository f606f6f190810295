/** Reads whether a result was set aside. */
import { and, asc, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { setAside, setAsideAward } from '@commonpot/db/votes';
import type { RoundRef } from '../log/reads.ts';

/** What was asked for or decided, or null. */
export async function findSetAside(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select().from(setAside).where(and(eq(setAside.fundId, fundId), eq(setAside.roundId, roundId)));
  return row ?? null;
}

/** Whether two people have set the round's result aside. */
export async function isSetAside(tx: Transaction, ref: RoundRef): Promise<boolean> {
  return (await findSetAside(tx, ref))?.confirmedAt instanceof Date;
}

/** What became of the money of each award. */
export async function awardsSetAside(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({ title: award.title, releasedMinor: setAsideAward.releasedMinor, paidMinor: setAsideAward.paidMinor }).from(setAsideAward)
    .innerJoin(award, and(eq(award.fundId, setAsideAward.fundId), eq(award.id, setAsideAward.awardId)))
    .where(and(eq(setAsideAward.fundId, fundId), eq(setAsideAward.roundId, roundId))).orderBy(asc(award.id));
}
