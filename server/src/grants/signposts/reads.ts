/** Reads of the fund's list of local help. */
import { asc, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { signpost } from '@commonpot/db/grants';

/** The list, in the order in which it was written. */
export async function listSignposts(tx: Transaction, fundId: string) {
  return tx.select({ id: signpost.id, name: signpost.name, words: signpost.words, phone: signpost.phone, url: signpost.url })
    .from(signpost).where(eq(signpost.fundId, fundId)).orderBy(asc(signpost.id)).limit(100);
}
