/** Reads of thank-yous. */
import { and, desc, eq, gt, isNotNull, lte, or, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { ledgerLevel } from '@commonpot/db/money';
import { fund, membership } from '@commonpot/db/people';
import { thankYou } from '@commonpot/db/thanks';
import { findTerms } from '../payments/reads.ts';

export type ThankYou = typeof thankYou.$inferSelect;

/** Thank-yous of a fund, newest first, each with the name that the fund knows its person by. */
export async function listThanks(tx: Transaction, fundId: string) {
  const to = sql<string | null>`(select m.name from ${membership} m where m.fund_id = ${thankYou.fundId} and m.account_id = ${thankYou.accountId} order by m.id limit 1)`;
  return tx.select({ row: thankYou, to }).from(thankYou).where(eq(thankYou.fundId, fundId)).orderBy(desc(thankYou.id)).limit(200);
}

/** What somebody was thanked with since a moment, in minor units; what they let go does not count. */
export async function thankedSince(tx: Transaction, fundId: string, accountId: string, since: Date): Promise<number> {
  const [row] = await tx.select({ sumMinor: sql<number>`coalesce(sum(${thankYou.amountMinor}) filter (where ${thankYou.way} is distinct from 'none'), 0)`.mapWith(Number) }).from(thankYou)
    .where(and(eq(thankYou.fundId, fundId), eq(thankYou.accountId, accountId), gt(thankYou.givenAt, since)));
  return row?.sumMinor ?? 0;
}

/** Locks a thank-you until the transaction ends. */
export async function lockThanks(tx: Transaction, fundId: string, id: string): Promise<ThankYou | null> {
  const [row] = await tx.select().from(thankYou).where(and(eq(thankYou.fundId, fundId), eq(thankYou.id, id))).for('update');
  return row ?? null;
}

/** A person's thank-yous in every fund, with each fund's note. */
export async function thanksOf(tx: Transaction, accountId: string) {
  await setScope(tx, { account: accountId });
  const rows = await tx.select({ row: thankYou, fund: { id: fund.id, slug: fund.slug, name: fund.name, currency: fund.currency } }).from(thankYou)
    .innerJoin(fund, eq(fund.id, thankYou.fundId)).where(eq(thankYou.accountId, accountId)).orderBy(desc(thankYou.id)).limit(100);
  const notes = new Map<string, string>();
  for (const id of new Set(rows.map((each) => each.fund.id))) {
    await setScope(tx, { fund: id });
    notes.set(id, (await findTerms(tx, id))?.thanksNote ?? '');
  }
  return rows.map((each) => ({ ...each, note: notes.get(each.fund.id) ?? '' }));
}

/** Thank-yous whose money lies unused: nobody chose in time, or what was chosen came back. */
export async function unusedThanks(tx: Transaction, fundId: string, now: Date): Promise<string[]> {
  const rows = await tx.select({ id: thankYou.id }).from(thankYou)
    .innerJoin(ledgerLevel, and(eq(ledgerLevel.fundId, thankYou.fundId), eq(ledgerLevel.accountId, thankYou.reservationId), gt(ledgerLevel.balanceMinor, 0)))
    .where(and(eq(thankYou.fundId, fundId), or(isNotNull(thankYou.way), lte(thankYou.chooseUntil, now)))).orderBy(thankYou.id).limit(500);
  return rows.map((row) => row.id);
}
