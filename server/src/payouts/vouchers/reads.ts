/** Reads of vouchers: balances come from the ledger's levels. */
import { and, desc, eq, isNull, lt, lte, sql, sum } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { ledgerAccount, ledgerLevel, transfer } from '@commonpot/db/money';
import { fund, membership, shop } from '@commonpot/db/people';
import { redemption, voucher, voucherRelease } from '@commonpot/db/payouts';

const level = and(eq(ledgerLevel.fundId, voucher.fundId), eq(ledgerLevel.accountId, voucher.accountId));
const shown = { voucher, balanceMinor: ledgerLevel.balanceMinor };

/** Vouchers, newest first; `cursor` is the last id of the page before. One more than `limit` says that there is another page. */
export async function listVouchers(tx: Transaction, fundId: string, limit: number, cursor: string | undefined) {
  return tx.select({ ...shown, holder: holderName() }).from(voucher).innerJoin(ledgerLevel, level)
    .where(and(eq(voucher.fundId, fundId), cursor ? lt(voucher.id, cursor) : undefined)).orderBy(desc(voucher.id)).limit(limit + 1);
}

export async function readVoucher(tx: Transaction, fundId: string, voucherId: string) {
  const [row] = await tx.select({ ...shown, holder: holderName() }).from(voucher).innerJoin(ledgerLevel, level)
    .where(and(eq(voucher.fundId, fundId), eq(voucher.id, voucherId)));
  return row ?? null;
}

/** The voucher behind a code's keyed hash, with what is left on it. */
export async function findByCode(tx: Transaction, fundId: string, codeHash: Buffer) {
  const [row] = await tx.select(shown).from(voucher).innerJoin(ledgerLevel, level).where(and(eq(voucher.fundId, fundId), eq(voucher.codeHash, codeHash)));
  return row ?? null;
}

/** Whether a second person must agree before a voucher is printed or spent, and whether one did: out of an award, and straight out of a pot. Somebody's own thank-you, made theirs by themselves, needs none. */
export async function releaseOf(tx: Transaction, row: typeof voucher.$inferSelect): Promise<'not-needed' | 'waits' | 'given'> {
  const { fundId, id, reservationId } = row;
  const [source] = await tx.select({ subjectId: ledgerAccount.subjectId }).from(ledgerAccount).where(and(eq(ledgerAccount.fundId, fundId), eq(ledgerAccount.id, reservationId)));
  const takesTwo = source?.subjectId === id || !row.holderAccountId || (await tx.$count(transfer, and(eq(transfer.fundId, fundId), eq(transfer.toAccountId, reservationId), eq(transfer.kind, 'award')))) > 0;
  if (!takesTwo) return 'not-needed';
  return (await tx.$count(voucherRelease, and(eq(voucherRelease.fundId, fundId), eq(voucherRelease.voucherId, id)))) > 0 ? 'given' : 'waits';
}

/** Whether nothing may be taken yet: of a named holder's. One for whoever holds the paper waits before it is printed. */
export async function waitsAtTill(tx: Transaction, row: typeof voucher.$inferSelect): Promise<boolean> {
  return row.holderAccountId !== null && (await releaseOf(tx, row)) === 'waits';
}

/** The first name that the holder has as a member of the fund. */
function holderName() {
  return sql<string | null>`(select m.name from ${membership} m where m.fund_id = ${voucher.fundId} and m.account_id = ${voucher.holderAccountId} order by m.id limit 1)`;
}

/** What became of all that was issued: issued = redeemed + expired + cancelled + outstanding, each from its own source. */
export async function readTotals(tx: Transaction, fundId: string) {
  const minor = (text: ReturnType<typeof sql>) => sql<number>`coalesce(${text}, 0)`.mapWith(Number);
  const [issued] = await tx.select({
    issuedMinor: minor(sql`${sum(voucher.valueMinor)}`),
    expiredMinor: minor(sql`sum(${voucher.returnedMinor}) filter (where ${voucher.endedAs} = 'expired')`),
    cancelledMinor: minor(sql`sum(${voucher.returnedMinor}) filter (where ${voucher.endedAs} = 'cancelled')`),
    outstandingMinor: minor(sql`${sum(ledgerLevel.balanceMinor)}`),
  }).from(voucher).innerJoin(ledgerLevel, level).where(eq(voucher.fundId, fundId));
  const [taken] = await tx.select({ redeemedMinor: minor(sql`${sum(redemption.amountMinor)}`) }).from(redemption)
    .where(and(eq(redemption.fundId, fundId), isNull(redemption.undoneAt)));
  if (!issued || !taken) throw new Error('a sum without a row');
  return { ...issued, ...taken };
}

/** Where vouchers can be spent: the shops that somebody stands in for, by name. */
export async function shopNames(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.selectDistinct({ name: shop.name }).from(shop)
    .innerJoin(membership, and(eq(membership.fundId, shop.fundId), eq(membership.shopId, shop.id), isNull(membership.endedAt)))
    .where(eq(shop.fundId, fundId)).orderBy(shop.name);
  return rows.map((row) => row.name);
}

/** A holder's vouchers in every fund, newest first within each. Balances belong to their funds, so each fund is read within its own scope. */
export async function vouchersOf(tx: Transaction, accountId: string) {
  await setScope(tx, { account: accountId });
  const funds = await tx.selectDistinct({ id: fund.id, slug: fund.slug, name: fund.name, currency: fund.currency }).from(voucher)
    .innerJoin(fund, eq(fund.id, voucher.fundId)).where(eq(voucher.holderAccountId, accountId)).orderBy(fund.name);
  const answer = [];
  for (const each of funds) {
    await setScope(tx, { fund: each.id });
    const shops = await shopNames(tx, each.id);
    const rows = await tx.select(shown).from(voucher).innerJoin(ledgerLevel, level)
      .where(and(eq(voucher.fundId, each.id), eq(voucher.holderAccountId, accountId))).orderBy(desc(voucher.id)).limit(100);
    for (const row of rows) answer.push({ ...row, fund: each, shops, release: await releaseOf(tx, row.voucher) });
  }
  return answer;
}

/** Vouchers of a fund that expired before `before` and were not swept yet. */
export async function dueVouchers(tx: Transaction, fundId: string, before: Date, limit: number): Promise<string[]> {
  const rows = await tx.select({ id: voucher.id }).from(voucher)
    .where(and(eq(voucher.fundId, fundId), isNull(voucher.endedAs), lte(voucher.expiresAt, before))).orderBy(voucher.expiresAt, voucher.id).limit(limit);
  return rows.map((row) => row.id);
}

/** The end of a day in a fund's time zone: the first moment a voucher with this last day is no good. */
export async function endOfDay(tx: Transaction, fundId: string, day: string): Promise<Date> {
  const [row] = await tx.select({ at: sql`(${day}::date + 1)::timestamp at time zone ${fund.timeZone}`.mapWith(voucher.expiresAt) }).from(fund).where(eq(fund.id, fundId));
  if (!row) throw new Error('a fund in scope cannot be read');
  return row.at as Date;
}

/** The account of a member, while the membership lasts. */
export async function memberAccount(tx: Transaction, fundId: string, membershipId: string): Promise<string | null> {
  const [row] = await tx.select({ accountId: membership.accountId }).from(membership)
    .where(and(eq(membership.fundId, fundId), eq(membership.id, membershipId), isNull(membership.endedAt)));
  return row?.accountId ?? null;
}
