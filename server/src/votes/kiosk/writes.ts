/** Writes of voting tablets. */
import { and, eq, isNull } from 'drizzle-orm';
import { kiosk } from '@commonpot/db/kiosk';
import type { Transaction } from '@commonpot/db/client';
import { newId } from '../../platform/ids.ts';
import { record } from '../../platform/record.ts';
import type { RoundRef } from '../log/reads.ts';

/** A new tablet; the answer is its id. */
export async function startKiosk(tx: Transaction, { fundId, roundId }: RoundRef, given: { name: string; tokenHash: Buffer; accountId: string; now: Date }): Promise<string> {
  const id = newId();
  await tx.insert(kiosk).values({ fundId, id, roundId, name: given.name, tokenHash: given.tokenHash, madeBy: given.accountId, madeAt: given.now });
  await record(tx, { fundId, name: 'kiosk.started', subject: { round: roundId, kiosk: id }, actorId: given.accountId, at: given.now });
  return id;
}

/** Ends a tablet; false when there is none, or it has ended. */
export async function endKiosk(tx: Transaction, { fundId, roundId }: RoundRef, id: string, accountId: string, now: Date): Promise<boolean> {
  const ended = await tx.update(kiosk).set({ endedAt: now }).where(and(eq(kiosk.fundId, fundId), eq(kiosk.roundId, roundId), eq(kiosk.id, id), isNull(kiosk.endedAt))).returning({ id: kiosk.id });
  if (ended.length === 0) return false;
  await record(tx, { fundId, name: 'kiosk.ended', subject: { round: roundId, kiosk: id }, actorId: accountId, at: now });
  return true;
}
