/** Writes of payments. The request's row is locked before its award is paid or goes back; the ledger is posted last. */
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { request } from '@commonpot/db/grants';
import { pot } from '@commonpot/db/money';
import { awardPayment, payingTerms, paymentBank, paymentChoice, thanksLimitWord } from '@commonpot/db/payments';
import { levelOf, post } from '../../money/ledger.ts';
import { issueCash, moveCash } from '../../payouts/cash/writes.ts';
import { instructTransfer } from '../../payouts/disbursements/writes.ts';
import { cancelVoucher, issueVoucher } from '../../payouts/vouchers/writes.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { moveRequest } from '../requests/writes.ts';
import type { Request } from '../requests/reads.ts';
import { holdGrantRoundById, sourceOf } from '../rounds/reads.ts';
import { barredFrom, findTerms, paymentOf, thanksStanding, type Payment } from './reads.ts';
import { CASH_DAYS, utcDayAfter, VOUCHER_DAYS, type Way } from './rules.ts';

interface Doing {
  actorId: string;
  at: Date;
}

/** States a fund's terms of paying; the newest count. */
export async function stateTerms(tx: Transaction, fundId: string, terms: Omit<typeof payingTerms.$inferInsert, 'fundId' | 'id' | 'statedBy' | 'statedAt'>, { actorId, at }: Doing): Promise<void> {
  const id = newId();
  await tx.insert(payingTerms).values({ ...terms, fundId, id, statedBy: actorId, statedAt: at });
  await record(tx, { fundId, name: 'paying-terms.stated', subject: { terms: id }, actorId, at });
}

/** A second person's word for a limit of thanks that was raised, or another pot for them. Refuses `terms-missing`, `already-decided` (nothing waits), `amount-differs` (another was stated since), `same-person`. */
export async function agreeToLimit(tx: Transaction, fundId: string, said: { limitMinor: number; pot: string | null }, { actorId, at }: Doing): Promise<{ done: true } | Refusal> {
  const { terms, waits } = await thanksStanding(tx, fundId);
  if (!terms) return refuse('terms-missing');
  if (!waits) return refuse('already-decided');
  if (terms.thanksLimitMinor !== said.limitMinor || terms.thanksPotId !== said.pot) return refuse('amount-differs');
  if (terms.statedBy === actorId) return refuse('same-person');
  const [made] = await tx.insert(thanksLimitWord).values({ fundId, termsId: terms.id, accountId: actorId, at }).onConflictDoNothing().returning({ id: thanksLimitWord.termsId });
  if (made) await record(tx, { fundId, name: 'thanks-limit.agreed', subject: { terms: terms.id }, actorId, at });
  return { done: true };
}

/**
 * Begins to pay an award in the way its person chose; the caller holds the request's lock. Refuses `not-awarded`, `not-adopted`, `already-decided`
 * (being paid, or the person has to choose first), `knows-applicant`, `terms-missing` (no place for cash was stated), and what the payouts refuse.
 */
export async function startPayment(tx: Transaction, secrets: Secrets, of: Request, { actorId, at }: Doing): Promise<{ id: string; way: Way } | Refusal> {
  const { fundId, way } = of;
  const payment = await paymentOf(tx, of);
  if (!payment || of.state !== 'awarded') return refuse('nothing-awarded');
  if (payment.turn.of === 'body') return refuse('not-adopted', { until: payment.turn.until?.toISOString() ?? null });
  if (payment.turn.of !== 'fund') return refuse('already-decided', { state: payment.turn.of });
  const barred = await barredFrom(tx, of, at);
  if (barred.includes(actorId)) return refuse('knows-applicant');
  const terms = way === 'cash' ? await findTerms(tx, fundId) : null;
  if (way === 'cash' && !terms) return refuse('terms-missing');
  const { reservationId, amountMinor, title, recipientName } = payment.award;
  const id = newId();
  const common = { fundId, reservationId, title, amountMinor, actorId, at };
  const carried = way === 'voucher'
    ? await issueVoucher(tx, secrets, { fundId, from: { reservation: reservationId }, title, valueMinor: amountMinor, lastDay: utcDayAfter(at, VOUCHER_DAYS), holderAccountId: null, door: 'desk', actorId, at })
    : way === 'cash'
      ? await issueCash(tx, secrets, { ...common, recipient: { reference: recipientName }, lastDay: utcDayAfter(at, CASH_DAYS), place: terms?.place ?? '', hours: terms?.hours ?? '', barred, door: 'desk' })
      : await instructTransfer(tx, { ...common, recipientName, barred });
  if (carried instanceof Refusal) return carried;
  await tx.insert(awardPayment).values({
    fundId, id, awardId: payment.award.id, requestId: of.id, way, startedBy: actorId, startedAt: at,
    voucherId: way === 'voucher' ? carried.id : null, cashId: way === 'cash' ? carried.id : null, disbursementId: way === 'bank' ? carried.id : null,
  });
  await record(tx, { fundId, name: 'award.payment-started', subject: { payment: id, award: payment.award.id, request: of.id, way, carried: carried.id }, actorId, at });
  return { id, way };
}

/**
 * Gives up a way that does not work, so that the person chooses again: an unspent voucher, cash nobody fetched, a transfer nobody
 * ordered. Refuses `already-decided` where money left or may have, and what the payouts refuse.
 */
export async function giveUp(tx: Transaction, of: Request, note: string, { actorId, at }: Doing): Promise<{ done: true } | Refusal> {
  const { fundId } = of;
  const last = (await paymentOf(tx, of))?.last;
  if (!last || last.row.endedAs || last.state !== 'going') return refuse('already-decided', { state: last?.state ?? 'none' });
  if (last.voucher && last.balanceMinor !== last.voucher.valueMinor) return refuse('already-decided', { state: 'part' });
  if (last.cash && last.cash.state !== 'ready') return refuse('already-decided', { state: last.cash.state });
  if (last.bank) return refuse('already-decided', { state: last.bank.state });
  await endTry(tx, last.row, 'failed', actorId, at);
  const ended = last.voucher ? await cancelVoucher(tx, { fundId, voucherId: last.voucher.id, actorId, at })
    : last.cash ? await moveCash(tx, { fundId, paymentId: last.cash.id, to: 'cancelled', note, actorId, at }) : null;
  return ended instanceof Refusal ? ended : { done: true };
}

async function endTry(tx: Transaction, { fundId, id, awardId, requestId }: typeof awardPayment.$inferSelect, endedAs: 'failed' | 'part', actorId: string | null, at: Date): Promise<void> {
  await tx.update(awardPayment).set({ endedAs, endedAt: at }).where(and(eq(awardPayment.fundId, fundId), eq(awardPayment.id, id), isNull(awardPayment.endedAs)));
  await record(tx, { fundId, name: `award.payment-${endedAs}`, subject: { payment: id, award: awardId, request: requestId }, actorId, at });
}

/**
 * Settles what the payouts say of a request's payment, and gives back what nobody claimed; the caller holds its lock.
 * Does one step at a time and answers which: another call does the next, and a call that finds nothing changes nothing.
 */
export async function settle(tx: Transaction, of: Request, at: Date): Promise<'ended' | 'rest-back' | 'returned' | 'nothing'> {
  const payment = await paymentOf(tx, of);
  if (!payment || of.state !== 'awarded') return 'nothing';
  const { last, turn } = payment;
  if (last?.state === 'paid' && last.bank) await eraseAccount(tx, of, at);
  if (last && !last.row.endedAs && last.state === 'failed') {
    await endTry(tx, last.row, 'failed', null, at);
    return 'ended';
  }
  if (last && !last.row.endedAs && last.state === 'part') {
    await endTry(tx, last.row, 'part', null, at);
    await giveBack(tx, payment, 'award-rest', at);
    return 'rest-back';
  }
  if (turn.of !== 'person' || turn.until > at) return 'nothing';
  await eraseAccount(tx, of, at);
  await moveRequest(tx, of, { to: 'returned', reason: 'unclaimed', actorId: null, at });
  await giveBack(tx, payment, 'award-returned', at);
  return 'returned';
}

/** Gives back an award that a body refused; the caller holds the request's lock, and its transaction does nothing after it. */
export async function giveBackAward(tx: Transaction, of: Request, at: Date): Promise<void> {
  const payment = await paymentOf(tx, of);
  if (!payment) throw new Error('a refused award that was never made');
  await eraseAccount(tx, of, at);
  await giveBack(tx, payment, 'award-returned', at);
}

/** Puts what an award still holds back to where its round gives from, or into the pot once the round is closed. */
async function giveBack(tx: Transaction, { award, request: of }: Payment, kind: 'award-returned' | 'award-rest', at: Date): Promise<void> {
  const { fundId } = of;
  const round = await holdGrantRoundById(tx, fundId, of.grantRoundId, 'share');
  const [found] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, round.potId)));
  if (!found) throw new Error('a round without its pot');
  const amountMinor = await levelOf(tx, fundId, award.reservationId);
  await record(tx, { fundId, name: 'award.given-back', subject: { award: award.id, request: of.id, amountMinor: String(amountMinor) }, actorId: null, at });
  if (amountMinor === 0) return;
  const to = round.phase === 'closed' ? found.accountId : await sourceOf(tx, round);
  const posted = await post(tx, { fundId, at, actorId: null, transfers: [{ from: award.reservationId, to, amountMinor, kind, subjectId: award.id }] });
  if (posted instanceof Refusal) throw new Error(`an award could not go back: ${posted.code}`);
}

/** Takes in the way a person chooses, and where to pay to. Refuses `already-decided` while a try is going or it is paid. The same choice again changes nothing. */
export async function choose(tx: Transaction, secrets: Secrets, of: Request, given: { way: Way; account: { name: string; number: string } | null }, at: Date): Promise<{ done: true } | Refusal> {
  const { fundId, id } = of;
  const payment = await paymentOf(tx, of);
  if (!payment) return refuse('nothing-awarded');
  const { turn, last } = payment;
  const isStale = last !== null && last.row.endedAs === null && last.state === 'failed';
  if (turn.of !== 'person' && turn.of !== 'fund' && turn.of !== 'body' && !isStale) return refuse('already-decided', { state: turn.of });
  if (turn.of === 'person' && turn.until <= at) return refuse('already-decided', { state: 'returned' });
  if (isStale && last) await endTry(tx, last.row, 'failed', null, at);
  if (given.way === 'bank' && given.account) {
    const sealed = { sealedAccount: secrets.seal('applicant', JSON.stringify(given.account)), givenAt: at, erasedAt: null };
    await tx.insert(paymentBank).values({ fundId, requestId: id, ...sealed }).onConflictDoUpdate({ target: [paymentBank.fundId, paymentBank.requestId], set: sealed });
  }
  if (given.way !== 'bank') await eraseAccount(tx, of, at);
  if (given.way === of.way && !last) return { done: true };
  const choiceId = newId();
  await tx.insert(paymentChoice).values({ fundId, id: choiceId, requestId: id, way: given.way, at });
  await tx.update(request).set({ way: given.way }).where(and(eq(request.fundId, fundId), eq(request.id, id)));
  await record(tx, { fundId, name: 'award.way-chosen', subject: { choice: choiceId, request: id, way: given.way }, actorId: null, at });
  return { done: true };
}

/** Forgets where to pay to; again changes nothing. */
export async function eraseAccount(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>, at: Date): Promise<number> {
  const rows = await tx.update(paymentBank).set({ sealedAccount: null, erasedAt: at })
    .where(and(eq(paymentBank.fundId, of.fundId), eq(paymentBank.requestId, of.id), isNull(paymentBank.erasedAt))).returning({ id: paymentBank.requestId });
  return rows.length;
}
