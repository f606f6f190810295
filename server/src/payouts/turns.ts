/** Makes callers that decide over the same thing wait for each other, where no row of it can be locked. */
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';

/** Waits until no other transaction has its turn at `id`; holds the turn until this one ends. */
export async function takeTurn(tx: Transaction, id: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${id}, 0))`);
}
