/** Reads of a shop's own till. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, ledgerLevel } from '@commonpot/db/money';
import { shop } from '@commonpot/db/people';
import { disbursement, payout, redemption, voucher } from '@commonpot/db/payouts';

export async function shopName(tx: Transaction, fundId: string, shopId: string): Promise<string> {
  const [row] = await tx.select({ name: shop.name }).from(shop).where(and(eq(shop.fundId, fundId), eq(shop.id, shopId)));
  if (!row) throw new Error('a shop in scope cannot be read');
  return row.name;
}

/** What a shop is owed, out of all pots. */
export async function owedTo(tx: Transaction, fundId: string, shopId: string): Promise<number> {
  const [row] = await tx.select({ owedMinor: sql<number>`coalesce(sum(${ledgerLevel.balanceMinor}), 0)`.mapWith(Number) }).from(ledgerAccount)
    .innerJoin(ledgerLevel, and(eq(ledgerLevel.fundId, ledgerAccount.fundId), eq(ledgerLevel.accountId, ledgerAccount.id)))
    .where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.kind, 'payable'), eq(ledgerAccount.subjectId, shopId)));
  return row?.owedMinor ?? 0;
}

/** What a shop took, newest first. */
export async function redemptionsOf(tx: Transaction, fundId: string, shopId: string, limit: number) {
  return tx.select().from(redemption).where(and(eq(redemption.fundId, fundId), eq(redemption.shopId, shopId))).orderBy(desc(redemption.id)).limit(limit);
}

/** What a shop was paid, or is about to be, newest first. */
export async function payoutsTo(tx: Transaction, fundId: string, shopId: string, limit: number) {
  return tx.select({ id: payout.id, amountMinor: payout.amountMinor, state: payout.state, reference: payout.reference, recordedAt: payout.recordedAt })
    .from(payout).innerJoin(disbursement, and(eq(disbursement.fundId, payout.fundId), eq(disbursement.id, payout.disbursementId)))
    .where(and(eq(payout.fundId, fundId), eq(disbursement.shopId, shopId))).orderBy(desc(payout.id)).limit(limit);
}

/** One of the shop's redemptions, with what was left on the voucher just after it (not what others took since). */
export async function readRedemption(tx: Transaction, fundId: string, shopId: string, redemptionId: string) {
  const [row] = await tx.select({
    redemption,
    leftMinor: sql<number>`${voucher.valueMinor} - (select sum(r.amount_minor) from ${redemption} r where r.fund_id = ${fundId} and r.voucher_id = ${voucher.id}
      and (r.id = ${redemptionId} or (r.undone_at is null and (r.taken_at, r.id) < (${redemption.takenAt}, ${redemption.id}))))`.mapWith(Number),
  }).from(redemption).innerJoin(voucher, and(eq(voucher.fundId, redemption.fundId), eq(voucher.id, redemption.voucherId)))
    .where(and(eq(redemption.fundId, fundId), eq(redemption.shopId, shopId), eq(redemption.id, redemptionId)));
  return row ?? null;
}
