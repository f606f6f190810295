/** Reads of what shops are owed. */
import { and, asc, desc, eq, isNull, lte, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, ledgerLevel, pot } from '@commonpot/db/money';
import { shop } from '@commonpot/db/people';
import { disbursement, payout, redemption } from '@commonpot/db/payouts';

const minor = (text: ReturnType<typeof sql>) => sql<number>`coalesce(${text}, 0)`.mapWith(Number);
/** Neither undone nor in a settlement. */
const unsettled = and(isNull(redemption.undoneAt), isNull(redemption.settlementId));

/** Every shop with its debt, what of it can be settled (taken at or before `settledTo`), and how many of its payouts wait. */
export async function listShops(tx: Transaction, fundId: string, settledTo: Date) {
  return tx.select({
    id: shop.id, name: shop.name,
    owedMinor: minor(sql`(select sum(${ledgerLevel.balanceMinor}) from ${ledgerAccount} join ${ledgerLevel} on ${ledgerLevel.fundId} = ${ledgerAccount.fundId} and ${ledgerLevel.accountId} = ${ledgerAccount.id}
      where ${ledgerAccount.fundId} = ${shop.fundId} and ${ledgerAccount.kind} = 'payable' and ${ledgerAccount.subjectId} = ${shop.id})`),
    dueMinor: minor(sql`(select sum(${redemption.amountMinor}) from ${redemption}
      where ${redemption.fundId} = ${shop.fundId} and ${redemption.shopId} = ${shop.id} and ${unsettled} and ${lte(redemption.takenAt, settledTo)})`),
    waiting: minor(sql`(select count(*) from ${payout} join ${disbursement} on ${disbursement.fundId} = ${payout.fundId} and ${disbursement.id} = ${payout.disbursementId}
      where ${payout.fundId} = ${shop.fundId} and ${disbursement.shopId} = ${shop.id} and ${payout.state} in ('open', 'unknown'))`),
  }).from(shop).where(eq(shop.fundId, fundId)).orderBy(asc(shop.name)).limit(500);
}

export async function readShop(tx: Transaction, fundId: string, shopId: string) {
  const [row] = await tx.select({ id: shop.id, name: shop.name }).from(shop).where(and(eq(shop.fundId, fundId), eq(shop.id, shopId)));
  return row ?? null;
}

/** What could be settled with a shop, by the account that owes it and its pot. */
export async function dueByPot(tx: Transaction, fundId: string, shopId: string, settledTo: Date) {
  return tx.select({ accountId: ledgerAccount.id, pot: pot.name, dueMinor: minor(sql`sum(${redemption.amountMinor})`) })
    .from(redemption)
    .innerJoin(ledgerAccount, and(eq(ledgerAccount.fundId, redemption.fundId), eq(ledgerAccount.id, redemption.payableAccountId)))
    .innerJoin(pot, and(eq(pot.fundId, ledgerAccount.fundId), eq(pot.id, ledgerAccount.potId)))
    .where(and(eq(redemption.fundId, fundId), eq(redemption.shopId, shopId), unsettled, lte(redemption.takenAt, settledTo)))
    .groupBy(ledgerAccount.id, pot.name).orderBy(asc(pot.name));
}

/** A shop's settlements, newest first, with the pot each was paid from and how many redemptions it covers. */
export async function settlementsOf(tx: Transaction, fundId: string, shopId: string, limit: number) {
  return tx.select({
    id: disbursement.id, amountMinor: disbursement.amountMinor, createdAt: disbursement.createdAt, pot: pot.name,
    redemptions: minor(sql`(select count(*) from ${redemption} where ${redemption.fundId} = ${disbursement.fundId} and ${redemption.settlementId} = ${disbursement.id})`),
  }).from(disbursement)
    .innerJoin(ledgerAccount, and(eq(ledgerAccount.fundId, disbursement.fundId), eq(ledgerAccount.id, disbursement.sourceAccountId)))
    .innerJoin(pot, and(eq(pot.fundId, ledgerAccount.fundId), eq(pot.id, ledgerAccount.potId)))
    .where(and(eq(disbursement.fundId, fundId), eq(disbursement.shopId, shopId))).orderBy(desc(disbursement.id)).limit(limit);
}

/** Locks what can be settled with a shop, in the order of ids. */
export async function lockDue(tx: Transaction, fundId: string, shopId: string, settledTo: Date) {
  const rows = await tx.select({ id: redemption.id, accountId: redemption.payableAccountId, amountMinor: redemption.amountMinor }).from(redemption)
    .where(and(eq(redemption.fundId, fundId), eq(redemption.shopId, shopId), unsettled, lte(redemption.takenAt, settledTo))).orderBy(asc(redemption.id)).for('update');
  return Map.groupBy(rows, (row) => row.accountId);
}
