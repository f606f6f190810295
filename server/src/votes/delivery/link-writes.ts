/** A deliverer's own link: one a project, until the delivery is over. */
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { deliveryLink } from '@commonpot/db/delivery';
import { newId } from '../../platform/ids.ts';

interface OfProject {
  fundId: string;
  projectId: string;
}

const live = ({ fundId, projectId }: OfProject) => and(eq(deliveryLink.fundId, fundId), eq(deliveryLink.projectId, projectId), isNull(deliveryLink.endedAt));

/** The project's link that works, or null. */
export async function findLink(tx: Transaction, of: OfProject): Promise<{ madeAt: Date } | null> {
  const [row] = await tx.select({ madeAt: deliveryLink.madeAt }).from(deliveryLink).where(live(of));
  return row ?? null;
}

/** The link of a round with this hash, while it works; or null. */
export async function findByToken(tx: Transaction, { fundId, roundId }: { fundId: string; roundId: string }, tokenHash: Buffer) {
  const [row] = await tx.select({ id: deliveryLink.id, projectId: deliveryLink.projectId, madeBy: deliveryLink.madeBy }).from(deliveryLink)
    .where(and(eq(deliveryLink.fundId, fundId), eq(deliveryLink.roundId, roundId), eq(deliveryLink.tokenHash, tokenHash), isNull(deliveryLink.endedAt)));
  return row ?? null;
}

/** Ends the project's link; false when it has none. The caller holds the round's lock. */
export async function endLink(tx: Transaction, of: OfProject, now: Date): Promise<boolean> {
  return (await tx.update(deliveryLink).set({ endedAt: now }).where(live(of)).returning({ id: deliveryLink.id })).length > 0;
}

/** Puts a new link in the place of the one before. The caller holds the round's lock. */
export async function makeLink(tx: Transaction, given: OfProject & { roundId: string; tokenHash: Buffer; accountId: string; now: Date }): Promise<void> {
  await endLink(tx, given, given.now);
  await tx.insert(deliveryLink).values({ fundId: given.fundId, id: newId(), roundId: given.roundId, projectId: given.projectId, tokenHash: given.tokenHash, madeBy: given.accountId, madeAt: given.now });
}
