/** Reads of payments: what was awarded, how each is being paid, and whose turn it is. */
import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { grantRound, request } from '@commonpot/db/grants';
import { ledgerLevel } from '@commonpot/db/money';
import { cashPayment, payout, voucher } from '@commonpot/db/payouts';
import { awardPayment, payingTerms, paymentBank, paymentChoice } from '@commonpot/db/payments';
import { membership } from '@commonpot/db/people';
import { charterOf } from '../../rounds/charter/reads.ts';
import { standingOf } from '../adoption/reads.ts';
import { adoptingRoute } from '../adoption/rules.ts';
import { daysAfter } from '../../platform/days.ts';
import { whyNot } from '../decisions/reads.ts';
import type { Request } from '../requests/reads.ts';
import { CLAIM_DAYS, tryState, turnOf, type Carried, type Standing, type TryState, type Turn } from './rules.ts';

export type Award = typeof award.$inferSelect;
export type Try = typeof awardPayment.$inferSelect;

export interface Payment {
  request: Request;
  award: Award;
  /** The newest try with what carries it out; null before the first. */
  last: { row: Try; state: TryState; voucher: typeof voucher.$inferSelect | null; balanceMinor: number; cash: typeof cashPayment.$inferSelect | null; bank: typeof payout.$inferSelect | null } | null;
  chosenAt: Date | null;
  hasAccount: boolean;
  /** Why a body of the agency refused it; null when none did. */
  refusedFor: string | null;
  turn: Turn;
}

/** The newest terms of paying; null when a fund stated none. */
export async function findTerms(tx: Transaction, fundId: string): Promise<typeof payingTerms.$inferSelect | null> {
  const [row] = await tx.select().from(payingTerms).where(eq(payingTerms.fundId, fundId)).orderBy(desc(payingTerms.id)).limit(1);
  return row ?? null;
}

/** The most that one person is thanked with in a year, as two agreed to it; in minor units. */
export async function thanksLimit(tx: Transaction, fundId: string): Promise<number> {
  const { rows } = await tx.execute<{ minor: number }>(sql`select thanks_limit(${fundId}) as minor`);
  return Number(rows[0]?.minor ?? 0);
}

/** The pot that thanks people for their time, as two agreed to it; null where nobody is thanked. */
export async function thanksPot(tx: Transaction, fundId: string): Promise<string | null> {
  const { rows } = await tx.execute<{ pot: string | null }>(sql`select thanks_pot(${fundId}) as pot`);
  return rows[0]?.pot ?? null;
}

/** What of a fund's newest terms waits for a second person: a higher limit of thanks, or another pot for them. */
export async function thanksStanding(tx: Transaction, fundId: string) {
  const [terms, agreedMinor, agreedPot] = [await findTerms(tx, fundId), await thanksLimit(tx, fundId), await thanksPot(tx, fundId)];
  return { terms, agreedMinor, agreedPot, waits: terms !== null && (terms.thanksLimitMinor > agreedMinor || terms.thanksPotId !== agreedPot) };
}

/** The award of a request; null while there is none. */
export async function awardOf(tx: Transaction, of: Request): Promise<Award | null> {
  const [row] = await tx.select().from(award).where(and(eq(award.fundId, of.fundId), eq(award.grantRoundId, of.grantRoundId), eq(award.subjectId, of.id)));
  return row ?? null;
}

/** The newest try of an award with what the payouts say of it. */
async function lastTry(tx: Transaction, fundId: string, awardId: string): Promise<Payment['last']> {
  const [row] = await tx.select({ row: awardPayment, voucher, cash: cashPayment, balanceMinor: ledgerLevel.balanceMinor }).from(awardPayment)
    .leftJoin(voucher, and(eq(voucher.fundId, awardPayment.fundId), eq(voucher.id, awardPayment.voucherId)))
    .leftJoin(ledgerLevel, and(eq(ledgerLevel.fundId, voucher.fundId), eq(ledgerLevel.accountId, voucher.accountId)))
    .leftJoin(cashPayment, and(eq(cashPayment.fundId, awardPayment.fundId), eq(cashPayment.id, awardPayment.cashId)))
    .where(and(eq(awardPayment.fundId, fundId), eq(awardPayment.awardId, awardId))).orderBy(desc(awardPayment.id)).limit(1);
  if (!row) return null;
  const { disbursementId } = row.row;
  const [bank] = disbursementId ? await tx.select().from(payout).where(and(eq(payout.fundId, fundId), eq(payout.disbursementId, disbursementId))).orderBy(desc(payout.id)).limit(1) : [];
  const balanceMinor = row.balanceMinor ?? 0;
  const carried: Carried = { voucher: row.voucher && { ...row.voucher, balanceMinor }, cash: row.cash, bank: bank ?? null };
  return { ...row, balanceMinor, bank: bank ?? null, state: row.row.endedAs ?? tryState(carried) };
}

/** How an awarded request is being paid; null when it never was awarded. */
export async function paymentOf(tx: Transaction, of: Request): Promise<Payment | null> {
  const made = await awardOf(tx, of);
  if (!made) return null;
  const { fundId, id } = of;
  const last = await lastTry(tx, fundId, made.id);
  const [choice] = await tx.select({ at: paymentChoice.at }).from(paymentChoice).where(and(eq(paymentChoice.fundId, fundId), eq(paymentChoice.requestId, id))).orderBy(desc(paymentChoice.id)).limit(1);
  const hasAccount = (await tx.$count(paymentBank, and(eq(paymentBank.fundId, fundId), eq(paymentBank.requestId, id), isNull(paymentBank.erasedAt)))) > 0;
  const chosenAt = choice?.at ?? null;
  const adoption = await adoptionOf(tx, of, made.id);
  const standing: Standing = { adoption, state: of.state, way: of.way, awardedAt: made.madeAt, chosenAt, hasAccount, last: last && { state: last.state, endedAt: last.row.endedAt } };
  return { request: of, award: made, last, chosenAt, hasAccount, refusedFor: adoption?.refusedFor ?? null, turn: turnOf(standing) };
}

/** Where an award stands with the body that adopts it; null where its money was granted to the host. */
async function adoptionOf(tx: Transaction, { fundId, grantRoundId }: Request, awardId: string): Promise<(Standing['adoption'] & { refusedFor: string | null }) | null> {
  const [round] = await tx.select({ charterId: grantRound.charterId }).from(grantRound).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, grantRoundId)));
  if (!round?.charterId || !adoptingRoute((await charterOf(tx, fundId, round.charterId)).content)) return null;
  const found = await standingOf(tx, fundId, awardId);
  return { adoptedAt: found?.endedAt ?? null, dueAt: found?.dueAt ?? null, refusedFor: found?.refusedFor ?? null };
}

/** The awarded requests of a round that are not known to be over, oldest first; one more than `limit` says that there is another page. */
export async function awardedRequests(tx: Transaction, fundId: string, grantRoundId: string, limit: number, after: string | undefined): Promise<Request[]> {
  return tx.select().from(request)
    .where(and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId), eq(request.state, 'awarded'), after ? lt(request.id, after) : undefined)).orderBy(desc(request.id)).limit(limit + 1);
}

/**
 * Awarded requests with something to settle: a try that ended by itself, a paid transfer whose account number is still held, or
 * nothing begun for so long that the person's days may be over. What is paid and over is passed by, so that a year's awards cost nothing.
 */
export async function unsettled(tx: Transaction, fundId: string, now: Date, after: string, limit: number): Promise<string[]> {
  const ofRequest = sql`p.fund_id = ${request.fundId} and p.request_id = ${request.id}`;
  const rows = await tx.select({ id: request.id }).from(request).where(and(
    eq(request.fundId, fundId), eq(request.state, 'awarded'), sql`${request.id} > ${after}`,
    sql`(exists (select from ${awardPayment} p left join ${voucher} v on v.fund_id = p.fund_id and v.id = p.voucher_id
        left join ${cashPayment} k on k.fund_id = p.fund_id and k.id = p.cash_id
        left join ${payout} o on o.fund_id = p.fund_id and o.disbursement_id = p.disbursement_id
        where ${ofRequest} and p.ended_as is null and (v.returned_minor > 0 or k.state in ('cancelled', 'expired') or o.state in ('failed', 'returned')
          or o.state = 'paid' and exists (select from ${paymentBank} b where b.fund_id = p.fund_id and b.request_id = p.request_id and b.erased_at is null)))
      or not exists (select from ${awardPayment} p where ${ofRequest} and p.ended_as is distinct from 'failed')
        and exists (select from ${award} a where a.fund_id = ${request.fundId} and a.subject_id = ${request.id} and a.made_at <= ${daysAfter(now, -CLAIM_DAYS).toISOString()}::timestamptz))`,
  )).orderBy(asc(request.id)).limit(limit);
  return rows.map((row) => row.id);
}

/** Administrators who have no hand in paying this request: an interest, their own address or door, or they brought it. */
export async function barredFrom(tx: Transaction, of: Request, now: Date): Promise<string[]> {
  const rows = await tx.selectDistinct({ accountId: membership.accountId }).from(membership)
    .where(and(eq(membership.fundId, of.fundId), inArray(membership.role, ['administrator']), isNull(membership.endedAt)));
  const barred: string[] = [];
  for (const { accountId } of rows) {
    const why = await whyNot(tx, of, accountId, now);
    if (why && why !== 'you-decided') barred.push(accountId);
  }
  return barred;
}

/** Where to pay to, sealed; null where nothing is held. */
export async function sealedAccount(tx: Transaction, fundId: string, requestId: string): Promise<Buffer | null> {
  const [row] = await tx.select({ sealed: paymentBank.sealedAccount }).from(paymentBank).where(and(eq(paymentBank.fundId, fundId), eq(paymentBank.requestId, requestId)));
  return row?.sealed ?? null;
}
