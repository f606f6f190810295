/** Settles with shops. The money moves when the payout is confirmed (`disbursements/writes.ts`). */
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { disbursement, redemption } from '@commonpot/db/payouts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { recordPayout } from '../disbursements/writes.ts';
import { sweepBefore } from '../vouchers/rules.ts';
import { lockDue, readShop } from './reads.ts';

export interface NewSettlement {
  fundId: string;
  shopId: string;
  reference: string;
  actorId: string;
  at: Date;
}

/**
 * Takes every redemption that the shop can no longer undo into settlements, one for each pot, and records a payout of each.
 * Refuses `not-found` and `nothing-due`.
 */
export async function settle(tx: Transaction, given: NewSettlement): Promise<{ payouts: { id: string; settlement: string; amountMinor: number }[] } | Refusal> {
  const { fundId, shopId, actorId, at } = given;
  const shop = await readShop(tx, fundId, shopId);
  if (!shop) return refuse('not-found');
  const due = await lockDue(tx, fundId, shopId, sweepBefore(at));
  if (due.size === 0) return refuse('nothing-due');
  const payouts = [];
  for (const [sourceAccountId, rows] of due) {
    const id = newId();
    const amountMinor = rows.reduce((sum, row) => sum + row.amountMinor, 0);
    await tx.insert(disbursement).values({ fundId, id, kind: 'settlement', shopId, sourceAccountId, recipientName: shop.name, amountMinor, createdBy: actorId, createdAt: at });
    await tx.update(redemption).set({ settlementId: id }).where(and(eq(redemption.fundId, fundId), inArray(redemption.id, rows.map((row) => row.id))));
    await record(tx, { fundId, name: 'settlement.made', subject: { settlementId: id, shopId }, actorId, at });
    const made = await recordPayout(tx, { fundId, actorId, at, disbursementId: id, reference: given.reference });
    if (made instanceof Refusal) return made;
    payouts.push({ id: made.id, settlement: id, amountMinor });
  }
  return { payouts };
}
