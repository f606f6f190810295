/** Writes of thank-yous. A thank-you's row is locked before it is chosen; the ledger is posted last. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { pot } from '@commonpot/db/money';
import { fund } from '@commonpot/db/people';
import { thankYou } from '@commonpot/db/thanks';
import { openAccount, post, release, type NewTransfer } from '../../money/ledger.ts';
import { issueCash } from '../../payouts/cash/writes.ts';
import { takeTurn } from '../../payouts/turns.ts';
import { issueVoucher } from '../../payouts/vouchers/writes.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { findTerms, thanksLimit, thanksPot } from '../payments/reads.ts';
import { CASH_DAYS, utcDayAfter, VOUCHER_DAYS } from '../payments/rules.ts';
import { lockThanks, thankedSince } from './reads.ts';

const YEAR_DAYS = 365;
/** Days somebody has to choose; then the money goes back. */
const CHOOSE_DAYS = 90;

interface Doing {
  fundId: string;
  at: Date;
}

interface Thanks extends Doing {
  what: 'panel' | 'meeting' | 'interview';
  amountMinor: number;
  actorId: string;
}

/** Sets a thank-you aside. Refuses `terms-missing` (no pot was named), `own-cash`, `over-thanks` with `leftMinor`, `not-enough-money`. */
export async function giveThanks(tx: Transaction, given: Thanks & { accountId: string }): Promise<{ id: string } | Refusal> {
  const { fundId, at, accountId, amountMinor, actorId } = given;
  if (accountId === actorId) return refuse('own-cash');
  const source = await sourceOf(tx, fundId);
  if (source instanceof Refusal) return source;
  const leftMinor = await leftThisYear(tx, given, accountId, source.limitMinor);
  if (amountMinor > leftMinor) return refuse('over-thanks', { leftMinor: Math.max(0, leftMinor) });
  const kept = await keepThanks(tx, given, accountId, source.accountId);
  const posted = await post(tx, { fundId, at, actorId, transfers: [kept.transfer] });
  return posted instanceof Refusal ? posted : { id: kept.id };
}

/** Thanks the members of a panel with the same sum, in one posting; who has had the most of the year is passed over. Refuses `nobody-to-thank`, `terms-missing`, `not-enough-money`. */
export async function thankPanel(tx: Transaction, given: Omit<Thanks, 'what'> & { panelId: string; accountIds: readonly string[] }): Promise<{ thanked: number; passed: number } | Refusal> {
  const { fundId, at, actorId, amountMinor } = given;
  const others = given.accountIds.filter((accountId) => accountId !== actorId).sort();
  if (others.length === 0) return refuse('nobody-to-thank');
  const source = await sourceOf(tx, fundId);
  if (source instanceof Refusal) return source;
  const transfers: NewTransfer[] = [];
  for (const accountId of others) {
    if (amountMinor <= (await leftThisYear(tx, given, accountId, source.limitMinor))) transfers.push((await keepThanks(tx, { ...given, what: 'panel' }, accountId, source.accountId)).transfer);
  }
  const posted = await post(tx, { fundId, at, actorId, transfers });
  return posted instanceof Refusal ? posted : { thanked: transfers.length, passed: others.length - transfers.length };
}

/** The pot that thanks people for their time, and the most one person is thanked with in a year, as two agreed to both. Refuses `terms-missing`. */
async function sourceOf(tx: Transaction, fundId: string): Promise<{ accountId: string; limitMinor: number } | Refusal> {
  const potId = await thanksPot(tx, fundId);
  if (!potId) return refuse('terms-missing');
  const [from] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)));
  if (!from) throw new Error('terms without their pot');
  return { accountId: from.accountId, limitMinor: await thanksLimit(tx, fundId) };
}

/** What somebody can still be thanked with this year; two who thank them at once take their turns. */
async function leftThisYear(tx: Transaction, { fundId, at }: Doing, accountId: string, limitMinor: number): Promise<number> {
  await takeTurn(tx, `${fundId}:thanks:${accountId}`);
  return limitMinor - (await thankedSince(tx, fundId, accountId, daysAfter(at, -YEAR_DAYS)));
}

async function keepThanks(tx: Transaction, given: Thanks & { panelId?: string }, accountId: string, from: string): Promise<{ id: string; transfer: NewTransfer }> {
  const { fundId, at, what, amountMinor, actorId, panelId } = given;
  const id = newId();
  const reservationId = await openAccount(tx, { fundId, kind: 'reservation', subjectId: id, like: from, at });
  await tx.insert(thankYou).values({ fundId, id, accountId, what, amountMinor, reservationId, panelId: panelId ?? null, givenBy: actorId, givenAt: at, chooseUntil: daysAfter(at, CHOOSE_DAYS) });
  await record(tx, { fundId, name: 'thanks.given', subject: { thanks: id, what }, actorId, at });
  return { id, transfer: { from, to: reservationId, amountMinor, kind: 'thanks', subjectId: id } };
}

/** Turns somebody's own thank-you into a voucher in their name, or cash behind a code; once. Refuses `not-found` (another's too), `already-decided`, and what the payouts refuse. */
export async function chooseThanks(tx: Transaction, secrets: Secrets, given: Doing & { id: string; accountId: string; way: 'voucher' | 'cash' }): Promise<{ done: true } | Refusal> {
  const { fundId, at, id, accountId, way } = given;
  const row = await lockThanks(tx, fundId, id);
  if (!row || row.accountId !== accountId) return refuse('not-found');
  if (row.way || row.chooseUntil <= at) return refuse('already-decided', { state: row.way ?? 'none' });
  const terms = await findTerms(tx, fundId);
  if (!terms) return refuse('terms-missing');
  const [named] = await tx.select({ name: fund.name }).from(fund).where(eq(fund.id, fundId));
  const title = (named?.name ?? '').slice(0, 120);
  const { reservationId, amountMinor, givenBy } = row;
  const carried = way === 'voucher'
    ? await issueVoucher(tx, secrets, { fundId, from: { reservation: reservationId }, title, valueMinor: amountMinor, lastDay: utcDayAfter(at, VOUCHER_DAYS), holderAccountId: accountId, door: 'thanks', actorId: givenBy, at })
    : await issueCash(tx, secrets, { fundId, reservationId, recipient: { accountId }, title, amountMinor, lastDay: utcDayAfter(at, CASH_DAYS), place: terms.place, hours: terms.hours, door: 'thanks', actorId: givenBy, at });
  if (carried instanceof Refusal) return carried;
  await tx.update(thankYou).set({ way, chosenAt: at, voucherId: way === 'voucher' ? carried.id : null, cashId: way === 'cash' ? carried.id : null }).where(and(eq(thankYou.fundId, fundId), eq(thankYou.id, id)));
  await record(tx, { fundId, name: 'thanks.chosen', subject: { thanks: id, way }, actorId: accountId, at });
  return { done: true };
}

/** Puts the unused money of a thank-you back into its pot. */
export async function returnThanks(tx: Transaction, { fundId, id, at }: Doing & { id: string }): Promise<void> {
  const row = await lockThanks(tx, fundId, id);
  if (!row) return;
  if (!row.way) await tx.update(thankYou).set({ way: 'none', chosenAt: at }).where(and(eq(thankYou.fundId, fundId), eq(thankYou.id, id)));
  await record(tx, { fundId, name: 'thanks.returned', subject: { thanks: id }, actorId: null, at });
  const released = await release(tx, { fundId, reservationId: row.reservationId, at, actorId: null });
  if (released instanceof Refusal) throw new Error(`a thank-you could not go back: ${released.code}`);
}
