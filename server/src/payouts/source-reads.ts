/** Which set-aside money a payment may be taken from, by which door, and who has no hand in it. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, transfer } from '@commonpot/db/money';
import { disbursementPlan } from '@commonpot/db/payouts';
import { potAccountOf, type NewTransfer } from '../money/ledger.ts';
import { refuse, type Refusal } from '../platform/problems.ts';
import { takeTurn } from './turns.ts';

/** Who takes it: an administrator by hand, the desk that pays an award as its person chose, or somebody their own thank-you. */
export type Door = 'hand' | 'desk' | 'thanks';

/**
 * Whether a reservation was awarded to somebody, or thanks them for their time, is not paid in stages, and may be paid by this door; others
 * that decide over it wait until the transaction ends. Only what was decided for somebody: the money a round is being voted on is set aside
 * too, and is nobody's yet. Refuses `not-found`, `already-planned`, `award-of-person` (the desk pays it), `result-set-aside`.
 */
export async function findAwarded(tx: Transaction, fundId: string, reservationId: string, door: Door): Promise<Refusal | null> {
  await takeTurn(tx, reservationId);
  const [account] = await tx.select({ id: ledgerAccount.id }).from(ledgerAccount)
    .where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.id, reservationId), eq(ledgerAccount.kind, 'reservation')));
  const filled = await tx.$count(transfer, and(eq(transfer.fundId, fundId), eq(transfer.toAccountId, reservationId), inArray(transfer.kind, [door === 'thanks' ? 'thanks' : 'award'])));
  if (!account || filled === 0) return refuse('not-found');
  const behind = await awardBehind(tx, fundId, reservationId);
  if (behind === 'set-aside') return refuse('result-set-aside');
  if (behind === 'person' && door !== 'desk') return refuse('award-of-person');
  const [plan] = await tx.select({ id: disbursementPlan.id }).from(disbursementPlan)
    .where(and(eq(disbursementPlan.fundId, fundId), eq(disbursementPlan.reservationId, reservationId), isNull(disbursementPlan.replacedAt)));
  return plan ? refuse('already-planned') : null;
}

/** Whose money lies in a reservation; null for what is no award. */
export async function awardBehind(tx: Transaction, fundId: string, reservationId: string): Promise<'person' | 'project' | 'set-aside' | null> {
  const { rows } = await tx.execute<{ behind: 'person' | 'project' | 'set-aside' | null }>(sql`select award_behind(${fundId}, ${reservationId}) as behind`);
  return rows[0]?.behind ?? null;
}

/** Where money goes on to that comes back into a reservation: into its pot where the result behind it was set aside, else nowhere. */
export async function onwardOf(tx: Transaction, given: { fundId: string; reservationId: string; amountMinor: number; subjectId: string }): Promise<NewTransfer[]> {
  const { fundId, reservationId, amountMinor, subjectId } = given;
  if (amountMinor === 0) return [];
  // Whoever sets a result aside takes the same turn.
  await takeTurn(tx, reservationId);
  if ((await awardBehind(tx, fundId, reservationId)) !== 'set-aside') return [];
  return [{ from: reservationId, to: await potAccountOf(tx, fundId, reservationId), amountMinor, kind: 'set-aside-return', subjectId }];
}

/** Whether an account has an interest in whom a reservation was awarded to, whenever it was declared. Leaves the transaction in that account's scope beside the fund's. */
export async function knowsReceiver(tx: Transaction, given: { fundId: string; reservationId: string; accountId: string; at: Date }): Promise<boolean> {
  const { rows } = await tx.execute<{ knows: boolean }>(sql`select knows_receiver(${given.fundId}, ${given.reservationId}, ${given.accountId}, ${given.at.toISOString()}::timestamptz) as knows`);
  return rows[0]?.knows ?? false;
}
