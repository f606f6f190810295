/** Writes of vouchers. Whoever moves a voucher's money locks its row first, and posts last. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { pot } from '@commonpot/db/money';
import { voucher, voucherRelease } from '@commonpot/db/payouts';
import { levelOf, openAccount, post, type NewTransfer } from '../../money/ledger.ts';
import { newCode } from '../../platform/codes.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { findAwarded, knowsReceiver, onwardOf, type Door } from '../source-reads.ts';
import { endOfDay, releaseOf } from './reads.ts';
import { CODE_LENGTH, endOf, latestLastDay, sweepBefore } from './rules.ts';

export interface NewVoucher {
  fundId: string;
  /** A reservation's account, or a pot whose money is set aside on the way. */
  from: { reservation: string } | { pot: string };
  title: string;
  valueMinor: number;
  /** The last day it can be spent on (YYYY-MM-DD, in the fund's time zone). */
  lastDay: string;
  /** Null for whoever holds the paper. */
  holderAccountId: string | null;
  /** By hand where nothing is said. */
  door?: Door;
  actorId: string;
  at: Date;
}

/**
 * Issues a voucher: reservation -> voucher, from a pot through a reservation of its own.
 * Refuses `not-found` (pot or reservation), `date-passed`, `already-planned` (the reservation is paid out in stages), `award-of-person`, `result-set-aside`, `not-enough-money`.
 */
export async function issueVoucher(tx: Transaction, secrets: Secrets, given: NewVoucher): Promise<{ id: string } | Refusal> {
  const { fundId, at, actorId, valueMinor } = given;
  const expiresAt = await endOfDay(tx, fundId, given.lastDay);
  if (expiresAt <= at || given.lastDay > latestLastDay(at)) return refuse('date-passed');
  const id = newId();
  const source = await openSource(tx, given, id);
  if (source instanceof Refusal) return source;
  const accountId = await openAccount(tx, { fundId, kind: 'voucher', subjectId: id, like: source.reservationId, at });
  const code = newCode(CODE_LENGTH);
  await tx.insert(voucher).values({
    fundId, id, reservationId: source.reservationId, accountId, holderAccountId: given.holderAccountId, title: given.title, valueMinor,
    codeHash: secrets.hash('voucher', code), sealedCode: secrets.seal('voucher', code), issuedBy: actorId, issuedAt: at, lastDay: given.lastDay, expiresAt,
  });
  await record(tx, { fundId, name: 'voucher.issued', subject: { voucherId: id }, actorId, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [...source.transfers, { from: source.reservationId, to: accountId, amountMinor: valueMinor, kind: 'voucher', subjectId: id }] });
  return posted instanceof Refusal ? posted : { id };
}

/** The reservation a voucher is issued from, and the transfer that fills it when it is the voucher's own. */
async function openSource(tx: Transaction, given: NewVoucher, voucherId: string): Promise<{ reservationId: string; transfers: NewTransfer[] } | Refusal> {
  const { fundId, at } = given;
  if ('pot' in given.from) {
    const [found] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, given.from.pot)));
    if (!found) return refuse('not-found');
    const reservationId = await openAccount(tx, { fundId, kind: 'reservation', subjectId: voucherId, like: found.accountId, at });
    return { reservationId, transfers: [{ from: found.accountId, to: reservationId, amountMinor: given.valueMinor, kind: 'reserve', subjectId: voucherId }] };
  }
  const refusal = await findAwarded(tx, fundId, given.from.reservation, given.door ?? 'hand');
  return refusal ?? { reservationId: given.from.reservation, transfers: [] };
}

/** Locks a voucher until the transaction ends. */
export async function lockVoucher(tx: Transaction, fundId: string, voucherId: string) {
  const [row] = await tx.select().from(voucher).where(and(eq(voucher.fundId, fundId), eq(voucher.id, voucherId))).for('update');
  return row ?? null;
}

/** Opens the code for its paper, once, and only for whoever issued it. Refuses `not-found`, `not-allowed`, `already-printed`, `not-released`, `voucher-expired`, `voucher-cancelled`. */
export async function openForPaper(tx: Transaction, secrets: Secrets, given: { fundId: string; voucherId: string; actorId: string; at: Date }) {
  const { fundId, voucherId, actorId, at } = given;
  const row = await lockVoucher(tx, fundId, voucherId);
  if (!row) return refuse('not-found');
  if (row.issuedBy !== actorId) return refuse('not-allowed');
  const end = endOf(row, at);
  if (end) return end;
  if (row.printedAt) return refuse('already-printed');
  if ((await releaseOf(tx, row)) === 'waits') return refuse('not-released');
  await tx.update(voucher).set({ printedAt: at }).where(and(eq(voucher.fundId, fundId), eq(voucher.id, voucherId)));
  await record(tx, { fundId, name: 'voucher.printed', subject: { voucherId }, actorId, at });
  return { code: secrets.open('voucher', row.sealedCode), title: row.title, lastDay: row.lastDay };
}

/** A second person, who is not its holder, agrees to a voucher out of an award or a pot. Refuses `not-found`, `same-person`, `interest-declared`, `already-decided`, `voucher-expired`, `voucher-cancelled`. */
export async function releaseVoucher(tx: Transaction, given: { fundId: string; voucherId: string; actorId: string; at: Date }): Promise<{ done: true } | Refusal> {
  const { fundId, voucherId, actorId, at } = given;
  const row = await lockVoucher(tx, fundId, voucherId);
  if (!row) return refuse('not-found');
  const end = endOf(row, at);
  if (end) return end;
  if (row.issuedBy === actorId || row.holderAccountId === actorId) return refuse('same-person');
  if (await knowsReceiver(tx, { fundId, reservationId: row.reservationId, accountId: actorId, at })) return refuse('interest-declared');
  if ((await releaseOf(tx, row)) !== 'waits') return refuse('already-decided');
  await tx.insert(voucherRelease).values({ fundId, voucherId, issuedBy: row.issuedBy, releasedBy: actorId, releasedAt: at });
  await record(tx, { fundId, name: 'voucher.released', subject: { voucherId }, actorId, at });
  return { done: true };
}

/** Ends a voucher now; what is left goes back to its reservation. Refuses `not-found`, `interest-declared`, `voucher-expired`, `voucher-cancelled`. */
export async function cancelVoucher(tx: Transaction, given: { fundId: string; voucherId: string; actorId: string; at: Date }): Promise<{ returnedMinor: number } | Refusal> {
  const row = await lockVoucher(tx, given.fundId, given.voucherId);
  if (!row) return refuse('not-found');
  if (await knowsReceiver(tx, { fundId: row.fundId, reservationId: row.reservationId, accountId: given.actorId, at: given.at })) return refuse('interest-declared');
  return endOf(row, given.at) ?? endVoucher(tx, row, 'cancelled', given.actorId, given.at);
}

/** Ends a voucher whose day is over and whose minutes for undoing have passed. One that is not due, or has ended, is left as it is. */
export async function expireVoucher(tx: Transaction, given: { fundId: string; voucherId: string; at: Date }): Promise<boolean> {
  const row = await lockVoucher(tx, given.fundId, given.voucherId);
  if (!row || row.endedAs || row.expiresAt > sweepBefore(given.at)) return false;
  const ended = await endVoucher(tx, row, 'expired', null, given.at);
  if (ended instanceof Refusal) throw new Error(`a voucher could not give back what it holds: ${ended.code}`);
  return true;
}

async function endVoucher(tx: Transaction, row: typeof voucher.$inferSelect, endedAs: 'expired' | 'cancelled', actorId: string | null, at: Date): Promise<{ returnedMinor: number } | Refusal> {
  const { fundId, id } = row;
  const returnedMinor = await levelOf(tx, fundId, row.accountId);
  await record(tx, { fundId, name: `voucher.${endedAs}`, subject: { voucherId: id }, actorId, at });
  const transfers = returnedMinor > 0 ? [{ from: row.accountId, to: row.reservationId, amountMinor: returnedMinor, kind: `voucher-${endedAs}`, subjectId: id }, ...(await onwardOf(tx, { fundId, reservationId: row.reservationId, amountMinor: returnedMinor, subjectId: id }))] : [];
  const posted = await post(tx, { fundId, at, actorId, transfers });
  if (posted instanceof Refusal) return posted;
  await tx.update(voucher).set({ endedAs, endedAt: at, endedBy: actorId, returnedMinor, returnTransferId: posted.ids[0] ?? null })
    .where(and(eq(voucher.fundId, fundId), eq(voucher.id, id)));
  return { returnedMinor };
}
