/** Keeps what observers signed, and a person's decision to do without. */
import type { Transaction } from '@commonpot/db/client';
import { observerSignature, observerWaiver } from '@commonpot/db/votes';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { lockRoundById } from '../../rounds/reads.ts';
import type { RoundRef } from '../log/reads.ts';
import { waitsForObservers } from './reads.ts';

/** Keeps an observer's note, which the caller has opened. The same again changes nothing. */
export async function keepSignature(tx: Transaction, ref: RoundRef, given: { place: number; note: string }, now: Date): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (!found || found.sealedAt) return refuse('wrong-phase', { phase: found?.phase ?? '' });
  const made = await tx.insert(observerSignature).values({ ...ref, ...given, at: now }).onConflictDoNothing().returning({ place: observerSignature.place });
  if (made.length > 0) await record(tx, { fundId: ref.fundId, name: 'seal.observed', subject: { round: ref.roundId, observer: String(given.place) }, actorId: null, at: now });
}

/** Does without the signatures that are missing. Refuses `wrong-phase` where none is waited for. */
export async function waiveSignatures(tx: Transaction, ref: RoundRef, given: { reason: string; accountId: string }, now: Date): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (!found || !(await waitsForObservers(tx, found))) return refuse('wrong-phase', { phase: found?.phase ?? '' });
  await tx.insert(observerWaiver).values({ ...ref, reason: given.reason, waivedBy: given.accountId, at: now });
  await record(tx, { fundId: ref.fundId, name: 'seal.observers-waived', subject: { round: ref.roundId }, actorId: given.accountId, at: now });
}
