/** Reads who has signed a small round's seal, and whether it waits for somebody. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { observerSignature, observerWaiver, seal } from '@commonpot/db/votes';
import type { Round } from '../../rounds/rules.ts';
import type { RoundRef } from '../log/reads.ts';
import { readObserverLine } from '../published/observer.ts';

/** What the observers signed, in their order. */
export async function readSignatures(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({ place: observerSignature.place, note: observerSignature.note, at: observerSignature.at }).from(observerSignature)
    .where(and(eq(observerSignature.fundId, fundId), eq(observerSignature.roundId, roundId))).orderBy(observerSignature.place);
}

/** Why somebody published without a signature, or null. */
export async function readWaiver(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select({ reason: observerWaiver.reason, at: observerWaiver.at }).from(observerWaiver).where(and(eq(observerWaiver.fundId, fundId), eq(observerWaiver.roundId, roundId)));
  return row ?? null;
}

/** Whether the round has its seal and is too small to be published before those with a key have signed, or somebody does without. */
export async function waitsForObservers(tx: Transaction, round: Pick<Round, 'fundId' | 'id' | 'observers' | 'sealedAt'>): Promise<boolean> {
  const ref = { fundId: round.fundId, roundId: round.id };
  const [sealed] = await tx.select({ facts: seal.facts }).from(seal).where(and(eq(seal.fundId, ref.fundId), eq(seal.roundId, ref.roundId)));
  if (round.sealedAt || !(sealed?.facts as { totalsOnly?: boolean } | undefined)?.totalsOnly || (await readWaiver(tx, ref))) return false;
  const signed = new Set((await readSignatures(tx, ref)).map(({ place }) => place));
  return round.observers.some((line, index) => readObserverLine(line).publicKey !== null && !signed.has(index + 1));
}
