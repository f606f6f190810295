/** Sets a sealed result aside, by one person after the other. Nothing of the result is changed. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { setAside, setAsideAward } from '@commonpot/db/votes';
import { levelOf, post, potAccountOf, type NewTransfer } from '../../money/ledger.ts';
import { stagesOf } from '../../payouts/disbursements/reads.ts';
import { takeTurn } from '../../payouts/turns.ts';
import { refuse, Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { projectAwards } from '../../rounds/awards/reads.ts';
import { lockRoundById } from '../../rounds/reads.ts';
import type { RoundRef } from '../log/reads.ts';
import { findSetAside } from './reads.ts';

const ofRound = ({ fundId, roundId }: RoundRef) => and(eq(setAside.fundId, fundId), eq(setAside.roundId, roundId));

/** One person asks for it. Refuses `wrong-phase` before the seal, `already-exists`. */
export async function proposeSetAside(tx: Transaction, ref: RoundRef, given: { reason: string; accountId: string }, now: Date): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (!found?.sealedAt) return refuse('wrong-phase', { phase: found?.phase ?? '' });
  const made = await tx.insert(setAside).values({ ...ref, reason: given.reason, proposedBy: given.accountId, proposedAt: now }).onConflictDoNothing().returning({ roundId: setAside.roundId });
  if (made.length === 0) return refuse('already-exists');
  await record(tx, { fundId: ref.fundId, name: 'result.set-aside-proposed', subject: { round: ref.roundId }, actorId: given.accountId, at: now });
}

/** Takes back what nobody has agreed to. */
export async function dropSetAside(tx: Transaction, ref: RoundRef, accountId: string, now: Date): Promise<void | Refusal> {
  await lockRoundById(tx, ref.fundId, ref.roundId);
  const found = await findSetAside(tx, ref);
  if (!found) return refuse('not-found');
  if (found.confirmedBy) return refuse('already-decided');
  await tx.delete(setAside).where(ofRound(ref));
  await record(tx, { fundId: ref.fundId, name: 'result.set-aside-dropped', subject: { round: ref.roundId }, actorId: accountId, at: now });
}

/**
 * Another person agrees. What lies in the awards' reservations and was not ordered to be paid goes back to its pots, and it
 * is kept of each award what went back and what did not. Money of a result that was not awarded yet goes back when the round moves on. Posts to the ledger.
 */
export async function confirmSetAside(tx: Transaction, ref: RoundRef, accountId: string, now: Date): Promise<void | Refusal> {
  const { fundId, roundId } = ref;
  await lockRoundById(tx, fundId, roundId);
  const found = await findSetAside(tx, ref);
  if (!found) return refuse('not-found');
  if (found.confirmedBy) return refuse('already-decided');
  if (found.proposedBy === accountId) return refuse('same-person');
  const transfers: NewTransfer[] = [];
  const awards = await projectAwards(tx, fundId, roundId);
  // In one order, so that nobody who pays at the same time holds what this waits for.
  for (const reservationId of awards.map((each) => each.reservationId).sort()) await takeTurn(tx, reservationId);
  const stages = await stagesOf(tx, fundId, awards.map((each) => each.reservationId));
  for (const { id, reservationId, amountMinor } of awards) {
    // A transfer that somebody has ordered may have left the bank already: its money waits for what a second person says of it.
    const ordered = (stages.get(reservationId) ?? []).flatMap((stage) => stage.payouts).filter(({ state }) => state === 'open' || state === 'unknown');
    const releasedMinor = Math.max(0, (await levelOf(tx, fundId, reservationId)) - ordered.reduce((sum, each) => sum + each.amountMinor, 0));
    if (releasedMinor > 0) transfers.push({ from: reservationId, to: await potAccountOf(tx, fundId, reservationId), amountMinor: releasedMinor, kind: 'release', subjectId: id });
    await tx.insert(setAsideAward).values({ ...ref, awardId: id, releasedMinor, paidMinor: Math.max(0, amountMinor - releasedMinor) });
  }
  await tx.update(setAside).set({ confirmedBy: accountId, confirmedAt: now }).where(ofRound(ref));
  await record(tx, { fundId, name: 'result.set-aside', subject: { round: roundId }, actorId: accountId, at: now });
  if (transfers.length === 0) return undefined;
  const posted = await post(tx, { fundId, at: now, actorId: accountId, transfers });
  return posted instanceof Refusal ? posted : undefined;
}
