/** Writes of the fund's list of local help. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { signpost } from '@commonpot/db/grants';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';

/** Adds a place. Refuses `already-exists` for a name that is on the list. */
export async function addSignpost(tx: Transaction, given: Omit<typeof signpost.$inferInsert, 'id'>): Promise<{ id: string } | Refusal> {
  const id = newId();
  const [made] = await tx.insert(signpost).values({ ...given, id }).onConflictDoNothing().returning({ id: signpost.id });
  return made ?? refuse('already-exists');
}

export async function removeSignpost(tx: Transaction, fundId: string, id: string): Promise<void> {
  await tx.delete(signpost).where(and(eq(signpost.fundId, fundId), eq(signpost.id, id)));
}
