/** Reads of the beacon's values. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { beaconValue } from '@commonpot/db/rounds';
import { readAwaited, resultOf, type Awaited } from './beacon.ts';

/** The value that a draw's name waits for, as the text of its result, once it is kept; null before, and for a draw of another kind. */
export async function resultFor(tx: Transaction, fundId: string, name: string): Promise<{ awaited: Awaited; text: string } | null> {
  const awaited = readAwaited(name);
  if (!awaited) return null;
  const [row] = await tx.select({ round: beaconValue.round, signature: beaconValue.signature }).from(beaconValue)
    .where(and(eq(beaconValue.fundId, fundId), eq(beaconValue.chain, awaited.chain), eq(beaconValue.round, awaited.round)));
  return row ? { awaited, text: resultOf(row) } : null;
}
