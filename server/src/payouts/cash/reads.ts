/** Reads of cash: payments, their steps, boxes. */
import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { cashBox, cashChange, cashPayment } from '@commonpot/db/payouts';
import { accountContact, fund, membership } from '@commonpot/db/people';

export type Payment = typeof cashPayment.$inferSelect;
/** A payment, and the name that the fund knows its person by. */
export type NamedPayment = Payment & { recipientName: string | null };
export type Box = typeof cashBox.$inferSelect;

/** The name that an account has as a member of the fund; null for nobody. */
const nameOf = (fundId: unknown, column: unknown) => sql<string | null>`(select m.name from ${membership} m where m.fund_id = ${fundId} and m.account_id = ${column} order by m.id limit 1)`;

const named = { ...getTableColumns(cashPayment), recipientName: sql<string | null>`coalesce(${cashPayment.recipientReference}, ${nameOf(cashPayment.fundId, cashPayment.recipientAccountId)})` };

/** Payments, newest first; one more than `limit` says that there is another page. */
export async function listPayments(tx: Transaction, fundId: string, limit: number, cursor: string | undefined): Promise<NamedPayment[]> {
  return tx.select(named).from(cashPayment).where(and(eq(cashPayment.fundId, fundId), cursor ? lt(cashPayment.id, cursor) : undefined)).orderBy(desc(cashPayment.id)).limit(limit + 1);
}

/** What waits for a second person or is disputed, oldest first. */
export async function waitingPayments(tx: Transaction, fundId: string): Promise<NamedPayment[]> {
  return tx.select(named).from(cashPayment).where(and(eq(cashPayment.fundId, fundId), inArray(cashPayment.state, ['handed-over', 'disputed']))).orderBy(asc(cashPayment.handedAt), asc(cashPayment.id)).limit(200);
}

export async function readPayment(tx: Transaction, fundId: string, paymentId: string): Promise<NamedPayment | null> {
  const [row] = await tx.select(named).from(cashPayment).where(and(eq(cashPayment.fundId, fundId), eq(cashPayment.id, paymentId)));
  return row ?? null;
}

/** The payment behind a code's keyed hash. */
export async function findByCashCode(tx: Transaction, fundId: string, codeHash: Buffer): Promise<NamedPayment | null> {
  const [row] = await tx.select(named).from(cashPayment).where(and(eq(cashPayment.fundId, fundId), eq(cashPayment.codeHash, codeHash)));
  return row ?? null;
}

/** Every step of a payment, oldest first. */
export async function changesOf(tx: Transaction, fundId: string, paymentId: string) {
  return tx.select({ state: cashChange.state, note: cashChange.note, by: nameOf(cashChange.fundId, cashChange.actorId), at: cashChange.at })
    .from(cashChange).where(and(eq(cashChange.fundId, fundId), eq(cashChange.paymentId, paymentId))).orderBy(asc(cashChange.id));
}

/** What became of all cash: issued = collected + returned + outstanding. `shortMinor` is what closed boxes miss, less what they had too much. */
export async function readCashTotals(tx: Transaction, fundId: string) {
  const sum = (where: ReturnType<typeof sql>) => sql<number>`coalesce(sum(${cashPayment.amountMinor}) filter (where ${where}), 0)`.mapWith(Number);
  const [payments] = await tx.select({
    issuedMinor: sum(sql`true`), collectedMinor: sum(sql`${cashPayment.state} = 'collected'`), returnedMinor: sum(sql`${cashPayment.state} in ('cancelled', 'expired')`),
    outstandingMinor: sum(sql`${cashPayment.state} in ('ready', 'handed-over', 'disputed')`),
  }).from(cashPayment).where(eq(cashPayment.fundId, fundId));
  const [boxes] = await tx.select({ shortMinor: sql<number>`coalesce(sum(${cashBox.leftMinor} - ${cashBox.countedMinor}), 0)`.mapWith(Number) })
    .from(cashBox).where(and(eq(cashBox.fundId, fundId), isNotNull(cashBox.closedAt)));
  if (!payments || !boxes) throw new Error('a sum without a row');
  return { ...payments, ...boxes };
}

const boxed = { box: cashBox, openedByName: nameOf(cashBox.fundId, cashBox.openedBy), countedByName: nameOf(cashBox.fundId, cashBox.countedBy) };

/** The box that is out, or null. */
export async function liveBox(tx: Transaction, fundId: string) {
  const [row] = await tx.select(boxed).from(cashBox).where(and(eq(cashBox.fundId, fundId), isNull(cashBox.closedAt)));
  return row ?? null;
}

/** Boxes that were brought back, newest first. */
export async function closedBoxes(tx: Transaction, fundId: string) {
  return tx.select(boxed).from(cashBox).where(and(eq(cashBox.fundId, fundId), isNotNull(cashBox.closedAt))).orderBy(desc(cashBox.id)).limit(20);
}

/** Locks the box that is out until the transaction ends. */
export async function lockBox(tx: Transaction, fundId: string): Promise<Box | null> {
  const [row] = await tx.select().from(cashBox).where(and(eq(cashBox.fundId, fundId), isNull(cashBox.closedAt))).for('update');
  return row ?? null;
}

/** Payments of a fund that nobody collected in time. */
export async function duePayments(tx: Transaction, fundId: string, before: Date, limit: number): Promise<string[]> {
  const rows = await tx.select({ id: cashPayment.id }).from(cashPayment)
    .where(and(eq(cashPayment.fundId, fundId), eq(cashPayment.state, 'ready'), lte(cashPayment.expiresAt, before))).orderBy(cashPayment.expiresAt, cashPayment.id).limit(limit);
  return rows.map((row) => row.id);
}

/** A person's payments in every fund, newest first. */
export async function paymentsOf(tx: Transaction, accountId: string) {
  await setScope(tx, { account: accountId });
  return tx.select({ payment: cashPayment, fund: { slug: fund.slug, name: fund.name, currency: fund.currency } }).from(cashPayment)
    .innerJoin(fund, eq(fund.id, cashPayment.fundId)).where(eq(cashPayment.recipientAccountId, accountId)).orderBy(desc(cashPayment.id)).limit(100);
}

/** Whether an address is one of an account's. Leaves the transaction scoped to the fund and the account. */
export async function isTheirs(tx: Transaction, fundId: string, accountId: string, contactHash: Buffer): Promise<boolean> {
  await setScope(tx, { fund: fundId, account: accountId });
  return (await tx.$count(accountContact, and(eq(accountContact.accountId, accountId), eq(accountContact.contactHash, contactHash)))) > 0;
}
