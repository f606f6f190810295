/** Writes of cash. Whoever moves a payment locks its row first, then the box, and posts last. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { cashChange, cashPayment } from '@commonpot/db/payouts';
import { openAccount, openOutside, post } from '../../money/ledger.ts';
import { newCode } from '../../platform/codes.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { findAwarded, knowsReceiver, onwardOf, type Door } from '../source-reads.ts';
import { endOfDay } from '../vouchers/reads.ts';
import { latestLastDay } from '../vouchers/rules.ts';
import { lockBox, type Payment } from './reads.ts';
import { CASH_CODE_LENGTH, refuseCashStep, type CashState } from './rules.ts';

interface Doing {
  fundId: string;
  actorId: string;
  at: Date;
}

export interface NewCash extends Doing {
  /** An account in the ledger that was set aside for an award. */
  reservationId: string;
  /** An account, or the reference of somebody who has none. */
  recipient: { accountId: string } | { reference: string };
  title: string;
  amountMinor: number;
  /** The last day it can be collected on (YYYY-MM-DD, in the fund's time zone). */
  lastDay: string;
  place: string;
  hours: string;
  /** Accounts that declared an interest in the decision. */
  barred?: readonly string[];
  /** By hand where nothing is said. */
  door?: Door;
}

/**
 * Turns set-aside money into cash for one person: reservation -> cash, behind a code. Whoever decided calls it too; it posts, so it is
 * the last thing its transaction does. Refuses `date-passed`, `own-cash`, `not-found` (no such reservation of an award), `already-planned`, `award-of-person`, `result-set-aside`, `not-enough-money`.
 */
export async function issueCash(tx: Transaction, secrets: Secrets, given: NewCash): Promise<{ id: string; code: string } | Refusal> {
  const { fundId, at, actorId, amountMinor, lastDay, reservationId } = given;
  const recipientAccountId = 'accountId' in given.recipient ? given.recipient.accountId : null;
  const recipientReference = 'reference' in given.recipient ? given.recipient.reference : null;
  const expiresAt = await endOfDay(tx, fundId, lastDay);
  if (expiresAt <= at || lastDay > latestLastDay(at)) return refuse('date-passed');
  if (recipientAccountId === actorId) return refuse('own-cash');
  const refusal = await findAwarded(tx, fundId, reservationId, given.door ?? 'hand');
  if (refusal) return refusal;
  const id = newId();
  const accountId = await openAccount(tx, { fundId, kind: 'cash', subjectId: id, like: reservationId, at });
  const code = newCode(CASH_CODE_LENGTH);
  await tx.insert(cashPayment).values({
    fundId, id, reservationId, accountId, recipientAccountId, recipientReference, title: given.title, amountMinor,
    codeHash: secrets.hash('cash', code), sealedCode: secrets.seal('cash', code), place: given.place, hours: given.hours, barredAccountIds: [...(given.barred ?? [])],
    issuedBy: actorId, issuedAt: at, lastDay, expiresAt, state: 'ready',
  });
  await note(tx, { fundId, actorId, at }, id, 'ready', '');
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: reservationId, to: accountId, amountMinor, kind: 'cash', subjectId: id }] });
  return posted instanceof Refusal ? posted : { id, code };
}

async function lockPayment(tx: Transaction, fundId: string, paymentId: string): Promise<Payment | null> {
  const [row] = await tx.select().from(cashPayment).where(and(eq(cashPayment.fundId, fundId), eq(cashPayment.id, paymentId))).for('update');
  return row ?? null;
}

/** Whoever has an interest in the receiver, declared before the payment was issued or after, takes no step. */
export async function refuseKnown(tx: Transaction, { fundId, reservationId, barredAccountIds }: Payment, actorId: string, at: Date): Promise<Refusal | null> {
  return barredAccountIds.includes(actorId) || (await knowsReceiver(tx, { fundId, reservationId, accountId: actorId, at })) ? refuse('interest-declared') : null;
}

/** Says that the notes were handed over, out of the box that is open. Refuses `not-found`, what `refuseCashStep` refuses, `no-cash-box`, `not-enough-cash` (with `leftMinor`). */
export async function handOver(tx: Transaction, given: Doing & { paymentId: string }): Promise<{ id: string; amountMinor: number } | Refusal> {
  const { fundId, actorId, at, paymentId } = given;
  const row = await lockPayment(tx, fundId, paymentId);
  if (!row) return refuse('not-found');
  const refusal = refuseCashStep(row, { to: 'handed-over', actorId }, at) ?? (await refuseKnown(tx, row, actorId, at));
  if (refusal) return refusal;
  const box = await lockBox(tx, fundId);
  if (!box?.checkedAt || box.countedAt) return refuse('no-cash-box');
  if (box.leftMinor < row.amountMinor) return refuse('not-enough-cash', { leftMinor: box.leftMinor });
  await change(tx, row, { state: 'handed-over', boxId: box.id, handedBy: actorId, handedAt: at });
  await note(tx, given, paymentId, 'handed-over', '');
  return { id: paymentId, amountMinor: row.amountMinor };
}

export type CashStep =
  | { to: 'collected'; amountMinor: number; note: string }
  | { to: 'disputed'; note: string; shortMinor: number | null }
  | { to: 'cancelled'; note: string };

/** Moves a payment on, and the money with it: collected leaves for the outside, cancelled goes back. Refuses `not-found` and what `refuseCashStep` refuses. */
export async function moveCash(tx: Transaction, given: Doing & { paymentId: string } & CashStep): Promise<{ state: CashState } | Refusal> {
  const { fundId, actorId, at, paymentId, to } = given;
  const row = await lockPayment(tx, fundId, paymentId);
  if (!row) return refuse('not-found');
  const refusal = refuseCashStep(row, given, at) ?? (await refuseKnown(tx, row, actorId, at));
  if (refusal) return refusal;
  await note(tx, given, paymentId, to, given.note);
  if (to === 'disputed') {
    if (given.shortMinor !== null && given.shortMinor > row.amountMinor) return refuse('amount-differs');
    await change(tx, row, { state: to, disputedBy: actorId, disputedAt: at, shortMinor: given.shortMinor });
    return { state: to };
  }
  // The box before the ledger, as in every other step.
  if (row.boxId) await lockBox(tx, fundId);
  if (to === 'cancelled') return giveBack(tx, row, to, actorId, at);
  const outside = await openOutside(tx, { fundId, like: row.accountId, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: row.accountId, to: outside, amountMinor: row.amountMinor, kind: 'cash-collected', subjectId: row.id }] });
  if (posted instanceof Refusal) return posted;
  await change(tx, row, { state: to, witnessedBy: actorId, witnessedAt: at, transferId: posted.ids[0] as string });
  return { state: to };
}

/** Ends a payment that nobody collected in time. One that is not due, or has moved on, is left as it is. */
export async function expireCash(tx: Transaction, given: { fundId: string; paymentId: string; at: Date }): Promise<boolean> {
  const row = await lockPayment(tx, given.fundId, given.paymentId);
  if (!row || row.state !== 'ready' || row.expiresAt > given.at) return false;
  await note(tx, { ...given, actorId: null }, row.id, 'expired', '');
  const ended = await giveBack(tx, row, 'expired', null, given.at);
  if (ended instanceof Refusal) throw new Error(`cash could not be given back: ${ended.code}`);
  return true;
}

async function giveBack(tx: Transaction, row: Payment, state: 'cancelled' | 'expired', actorId: string | null, at: Date): Promise<{ state: CashState } | Refusal> {
  const { fundId, accountId, reservationId, amountMinor, id } = row;
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from: accountId, to: reservationId, amountMinor, kind: `cash-${state}`, subjectId: id }, ...(await onwardOf(tx, { fundId, reservationId, amountMinor, subjectId: id }))] });
  if (posted instanceof Refusal) return posted;
  await change(tx, row, { state, endedBy: actorId, endedAt: at, returnTransferId: posted.ids[0] as string });
  return { state };
}

async function change(tx: Transaction, { fundId, id }: Payment, to: Partial<typeof cashPayment.$inferInsert>): Promise<void> {
  await tx.update(cashPayment).set(to).where(and(eq(cashPayment.fundId, fundId), eq(cashPayment.id, id)));
}

async function note(tx: Transaction, { fundId, actorId, at }: { fundId: string; actorId: string | null; at: Date }, paymentId: string, state: CashState, words: string): Promise<void> {
  await tx.insert(cashChange).values({ fundId, id: newId(), paymentId, state, note: words, actorId, at });
  await record(tx, { fundId, name: `cash.${state === 'ready' ? 'issued' : state}`, subject: { paymentId }, actorId, at });
}
