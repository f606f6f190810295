/** Takes from vouchers and gives back. The voucher's row is locked first, so that two tills at once wait for each other. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { redemption } from '@commonpot/db/payouts';
import { levelOf, openAccount, post, reverse } from '../../money/ledger.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { waitsAtTill } from '../vouchers/reads.ts';
import { endOf, undoUntil } from '../vouchers/rules.ts';
import { lockVoucher } from '../vouchers/writes.ts';

interface AtTill {
  fundId: string;
  shopId: string;
  actorId: string;
  at: Date;
}

export interface Redeemed {
  id: string;
  amountMinor: number;
  leftMinor: number;
}

/** Moves an amount from a voucher to what the shop is owed. Refuses `not-found`, `voucher-expired`, `voucher-cancelled`, `not-released`, `voucher-too-small` (with `balanceMinor`). */
export async function redeem(tx: Transaction, given: AtTill & { voucherId: string; amountMinor: number }): Promise<Redeemed | Refusal> {
  const { fundId, shopId, actorId, at, voucherId, amountMinor } = given;
  const voucher = await lockVoucher(tx, fundId, voucherId);
  if (!voucher) return refuse('not-found');
  const end = endOf(voucher, at);
  if (end) return end;
  if (await waitsAtTill(tx, voucher)) return refuse('not-released');
  const balanceMinor = await levelOf(tx, fundId, voucher.accountId);
  if (amountMinor > balanceMinor) return refuse('voucher-too-small', { balanceMinor });
  const id = newId();
  const payableAccountId = await openAccount(tx, { fundId, kind: 'payable', subjectId: shopId, like: voucher.accountId, at });
  await record(tx, { fundId, name: 'voucher.redeemed', subject: { voucherId, redemptionId: id, shopId }, actorId, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: voucher.accountId, to: payableAccountId, amountMinor, kind: 'redemption', subjectId: id }] });
  if (posted instanceof Refusal) return posted;
  await tx.insert(redemption).values({ fundId, id, voucherId, shopId, payableAccountId, amountMinor, transferId: posted.ids[0] as string, takenBy: actorId, takenAt: at });
  return { id, amountMinor, leftMinor: balanceMinor - amountMinor };
}

/** Gives back what this shop took. Refuses `not-found`, `already-decided`, `too-late-to-undo`, `voucher-cancelled`. */
export async function undo(tx: Transaction, given: AtTill & { redemptionId: string }): Promise<{ done: true } | Refusal> {
  const { fundId, shopId, actorId, at, redemptionId } = given;
  const mine = and(eq(redemption.fundId, fundId), eq(redemption.id, redemptionId), eq(redemption.shopId, shopId));
  const [found] = await tx.select({ voucherId: redemption.voucherId }).from(redemption).where(mine);
  const voucher = found && await lockVoucher(tx, fundId, found.voucherId);
  if (!voucher) return refuse('not-found');
  const [row] = await tx.select().from(redemption).where(mine).for('update');
  if (!row) throw new Error('a redemption vanished');
  if (row.undoneAt) return refuse('already-decided');
  if (at >= undoUntil(row.takenAt) || row.settlementId) return refuse('too-late-to-undo');
  if (voucher.endedAs) return refuse('voucher-cancelled');
  await record(tx, { fundId, name: 'voucher.undone', subject: { voucherId: voucher.id, redemptionId, shopId }, actorId, at });
  const reversed = await reverse(tx, { fundId, at, actorId, transferId: row.transferId });
  if (reversed instanceof Refusal) return reversed;
  await tx.update(redemption).set({ undoneAt: at, undoneBy: actorId, undoTransferId: reversed.ids[0] as string }).where(mine);
  return { done: true };
}
