/** Which set-aside money a payment may be taken from. */
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, transfer } from '@commonpot/db/money';
import { disbursementPlan } from '@commonpot/db/payouts';
import { refuse, type Refusal } from '../platform/problems.ts';
import { takeTurn } from './turns.ts';

/**
 * Whether a reservation was awarded to somebody, or thanks them for their time, and is not paid in stages; others that decide over it wait until the transaction ends.
 * Only what was decided for somebody: the money a round is being voted on is set aside too, and is nobody's yet.
 * Refuses `not-found`, `already-planned`.
 */
export async function findAwarded(tx: Transaction, fundId: string, reservationId: string): Promise<Refusal | null> {
  await takeTurn(tx, reservationId);
  const [account] = await tx.select({ id: ledgerAccount.id }).from(ledgerAccount)
    .where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.id, reservationId), eq(ledgerAccount.kind, 'reservation')));
  const isAwarded = await tx.$count(transfer, and(eq(transfer.fundId, fundId), eq(transfer.toAccountId, reservationId), inArray(transfer.kind, ['award', 'thanks'])));
  if (!account || isAwarded === 0) return refuse('not-found');
  const [plan] = await tx.select({ id: disbursementPlan.id }).from(disbursementPlan)
    .where(and(eq(disbursementPlan.fundId, fundId), eq(disbursementPlan.reservationId, reservationId), isNull(disbursementPlan.replacedAt)));
  return plan ? refuse('already-planned') : null;
}
