/** Writes of thank-yous. A thank-you's row is locked before it is chosen; the ledger is posted last. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { pot } from '@commonpot/db/money';
import { fund } from '@commonpot/db/people';
import { thankYou } from '@commonpot/db/thanks';
import { openAccount, post, release } from '../../money/ledger.ts';
import { issueCash } from '../../payouts/cash/writes.ts';
import { takeTurn } from '../../payouts/turns.ts';
import { issueVoucher } from '../../payouts/vouchers/writes.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { findTerms } from '../payments/reads.ts';
import { CASH_DAYS, dayIn, VOUCHER_DAYS } from '../payments/rules.ts';
import { lockThanks, thankedSince } from './reads.ts';

const YEAR_DAYS = 365;
/** Days somebody has to choose; then the money goes back. */
const CHOOSE_DAYS = 90;

interface Doing {
  fundId: string;
  at: Date;
}

/** Sets a thank-you aside. Refuses `terms-missing` (no pot was named), `own-cash`, `over-thanks` with `leftMinor`, `not-enough-money`. */
export async function giveThanks(tx: Transaction, given: Doing & { accountId: string; what: 'panel' | 'meeting' | 'interview'; amountMinor: number; actorId: string }): Promise<{ id: string } | Refusal> {
  const { fundId, at, accountId, what, amountMinor, actorId } = given;
  if (accountId === actorId) return refuse('own-cash');
  const terms = await findTerms(tx, fundId);
  if (!terms?.thanksPotId) return refuse('terms-missing');
  await takeTurn(tx, `${fundId}:thanks:${accountId}`);
  const leftMinor = terms.thanksLimitMinor - (await thankedSince(tx, fundId, accountId, daysAfter(at, -YEAR_DAYS)));
  if (amountMinor > leftMinor) return refuse('over-thanks', { leftMinor: Math.max(0, leftMinor) });
  const [from] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, terms.thanksPotId)));
  if (!from) throw new Error('terms without their pot');
  const id = newId();
  const reservationId = await openAccount(tx, { fundId, kind: 'reservation', subjectId: id, like: from.accountId, at });
  await tx.insert(thankYou).values({ fundId, id, accountId, what, amountMinor, reservationId, givenBy: actorId, givenAt: at, chooseUntil: daysAfter(at, CHOOSE_DAYS) });
  await record(tx, { fundId, name: 'thanks.given', subject: { thanks: id, what }, actorId, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: from.accountId, to: reservationId, amountMinor, kind: 'thanks', subjectId: id }] });
  return posted instanceof Refusal ? posted : { id };
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
    ? await issueVoucher(tx, secrets, { fundId, from: { reservation: reservationId }, title, valueMinor: amountMinor, lastDay: dayIn(at, VOUCHER_DAYS), holderAccountId: accountId, door: 'thanks', actorId: givenBy, at })
    : await issueCash(tx, secrets, { fundId, reservationId, recipient: { accountId }, title, amountMinor, lastDay: dayIn(at, CASH_DAYS), place: terms.place, hours: terms.hours, door: 'thanks', actorId: givenBy, at });
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
