/** Makes awards. */
import { and, asc, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { divideAll, openAccount, post } from '../../money/ledger.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { lockRoundById } from '../reads.ts';

export interface NewAwards {
  fundId: string;
  roundId: string;
  /** Where the round's money was set aside; what the awards leave of it goes back to its pot. */
  reservationId: string;
  /** Where more of it was, in a round with money of several pots. */
  otherReservationIds?: readonly string[];
  /** In the order in which they are listed later; each out of the reservation `from`, where it is not the first. */
  awards: readonly { from?: string; subjectKind: 'project' | 'person'; subjectId: string; title: string; amountMinor: number; recipientName: string }[];
  /** Null when the count made them. */
  actorId: string | null;
  at: Date;
}

export type Award = typeof award.$inferSelect;

/**
 * Makes the awards of a round and sets the money of each aside, all or none. It posts to the ledger, so it is the last
 * thing its transaction does. A subject that has its award already is left as it is, so a second call changes nothing.
 * Answers all awards of the round. Refuses `not-enough-money`.
 */
export async function createAwards(tx: Transaction, given: NewAwards): Promise<Award[] | Refusal> {
  const { fundId, roundId, reservationId, otherReservationIds = [], actorId, at } = given;
  if (!(await lockRoundById(tx, fundId, roundId))) throw new Error('awards need their round');
  const ofRound = and(eq(award.fundId, fundId), eq(award.roundId, roundId));
  const key = (each: { subjectKind: string; subjectId: string }) => `${each.subjectKind}:${each.subjectId}`;
  const known = new Set((await tx.select({ subjectKind: award.subjectKind, subjectId: award.subjectId }).from(award).where(ofRound)).map(key));
  const fresh = given.awards.filter((each) => !known.has(key(each))).map((each) => ({ ...each, id: newId() }));
  if (fresh.length > 0) {
    const reserved = await divideAll(tx, { fundId, at, actorId, reservationIds: [reservationId, ...otherReservationIds], parts: fresh.map(({ id, from = reservationId, amountMinor }) => ({ from, subjectId: id, amountMinor })) });
    if (reserved instanceof Refusal) return reserved;
    await tx.insert(award).values(fresh.map(({ from: _, ...each }, index) => ({ ...each, fundId, roundId, reservationId: reserved.reservationIds[index] as string, madeBy: actorId, madeAt: at })));
    for (const { id } of fresh) await record(tx, { fundId, name: 'award.made', subject: { awardId: id, roundId }, actorId, at });
  }
  return tx.select().from(award).where(ofRound).orderBy(asc(award.id));
}

export interface NewPersonAward {
  fundId: string;
  grantRoundId: string;
  requestId: string;
  title: string;
  /** A reference, never a name: an award is kept for good, and a name has an end date. */
  recipientName: string;
  amountMinor: number;
  /** The account the money comes from: a rolling round's pot, or what its window set aside. */
  from: string;
  /** Null when it was given at once. */
  actorId: string | null;
  at: Date;
}

/** Awards a request, once, and sets its money aside; the last thing its transaction does. Refuses `not-enough-money`, and `already-decided` where it has its award. */
export async function awardPerson(tx: Transaction, given: NewPersonAward): Promise<{ awardId: string; reservationId: string } | Refusal> {
  const { fundId, grantRoundId, requestId, title, recipientName, amountMinor, actorId, at } = given;
  const awardId = newId();
  const reservationId = await openAccount(tx, { fundId, kind: 'reservation', subjectId: awardId, like: given.from, at });
  const [made] = await tx.insert(award).values({
    fundId, id: awardId, grantRoundId, subjectKind: 'person', subjectId: requestId, title, recipientName, amountMinor, reservationId, madeBy: actorId, madeAt: at,
  }).onConflictDoNothing().returning({ id: award.id });
  if (!made) return refuse('already-decided');
  await record(tx, { fundId, name: 'award.made', subject: { awardId, grantRoundId, requestId, amountMinor: String(amountMinor) }, actorId, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: given.from, to: reservationId, amountMinor, kind: 'award', subjectId: awardId }] });
  return posted instanceof Refusal ? posted : { awardId, reservationId };
}
