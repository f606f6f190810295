/** Reads of voting tablets. */
import { and, desc, eq, isNull } from 'drizzle-orm';
import { kiosk } from '@commonpot/db/kiosk';
import type { Transaction } from '@commonpot/db/client';
import type { RoundRef } from '../log/reads.ts';

/** Every tablet of a round, the newest first. */
export async function listKiosks(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({ id: kiosk.id, name: kiosk.name, madeAt: kiosk.madeAt, endedAt: kiosk.endedAt }).from(kiosk).where(and(eq(kiosk.fundId, fundId), eq(kiosk.roundId, roundId))).orderBy(desc(kiosk.id));
}

/** Whether a tablet of the round with this token still is one. */
export async function isKiosk(tx: Transaction, { fundId, roundId }: RoundRef, tokenHash: Buffer): Promise<boolean> {
  const [row] = await tx.select({ id: kiosk.id }).from(kiosk).where(and(eq(kiosk.fundId, fundId), eq(kiosk.roundId, roundId), eq(kiosk.tokenHash, tokenHash), isNull(kiosk.endedAt)));
  return row !== undefined;
}
