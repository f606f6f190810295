/** Reads whether a result was set aside. */
import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { round } from '@commonpot/db/rounds';
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

/** The slugs of the rounds of a fund whose results two people have set aside. */
export async function slugsSetAside(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.select({ slug: round.slug }).from(setAside).innerJoin(round, and(eq(round.fundId, setAside.fundId), eq(round.id, setAside.roundId)))
    .where(and(eq(setAside.fundId, fundId), isNotNull(setAside.confirmedAt))).orderBy(asc(round.slug));
  return rows.map(({ slug }) => slug);
}
