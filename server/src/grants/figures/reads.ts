/** Reads a round as facts without persons. */
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { request, requestMove } from '@commonpot/db/grants';
import { cashPayment, payout, voucher } from '@commonpot/db/payouts';
import { awardPayment } from '@commonpot/db/payments';
import type { Fact } from './rules.ts';

/** Every request asked until then, as it stood then. */
export async function factsOf(tx: Transaction, fundId: string, grantRoundId: string, until: Date): Promise<Fact[]> {
  const ofRound = and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId), lte(request.askedAt, until));
  // What another request followed is counted as that one.
  const isFollowed = sql`exists (select from request_hold h where h.fund_id = request.fund_id and h.request_id = request.id and h.followed_by is not null)`;
  const rows = await tx.select().from(request).where(and(ofRound, sql`not ${isFollowed}`)).orderBy(asc(request.id));
  const moves = Map.groupBy(
    await tx.select({ requestId: requestMove.requestId, toState: requestMove.toState, actorId: requestMove.actorId, at: requestMove.at }).from(requestMove)
      .innerJoin(request, and(eq(request.fundId, requestMove.fundId), eq(request.id, requestMove.requestId))).where(and(ofRound, lte(requestMove.at, until))).orderBy(asc(requestMove.version)),
    (each) => each.requestId,
  );
  const paid = await paidOf(tx, fundId, grantRoundId);
  return rows.map((row) => {
    const steps = moves.get(row.id) ?? [];
    const paidAt = paid.get(row.id) ?? null;
    return {
      askedAt: row.askedAt, state: steps.at(-1)?.toState ?? 'asked', agree: row.agree === 'at-once' && steps.some((each) => (each.toState === 'awarded' || each.toState === 'listed') && each.actorId) ? 'one' : row.agree, way: row.way, purpose: row.purpose, amountMinor: row.amountMinor,
      answeredAt: steps.find((each) => each.toState === 'awarded' || each.toState === 'declined' || (each.toState === 'listed' && each.actorId))?.at ?? null,
      paidAt: paidAt && paidAt <= until ? paidAt : null, appealed: steps.some((each) => each.toState === 'appealed'),
    };
  });
}

/** When each request's money was in the person's hands. */
async function paidOf(tx: Transaction, fundId: string, grantRoundId: string): Promise<Map<string, Date>> {
  const at = sql<Date | null>`case ${awardPayment.way} when 'voucher' then ${voucher.issuedAt} when 'cash' then ${cashPayment.witnessedAt} else ${payout.confirmedAt} end`.mapWith(awardPayment.startedAt);
  const rows = await tx.select({ requestId: awardPayment.requestId, at }).from(awardPayment)
    .innerJoin(request, and(eq(request.fundId, awardPayment.fundId), eq(request.id, awardPayment.requestId)))
    .leftJoin(voucher, and(eq(voucher.fundId, awardPayment.fundId), eq(voucher.id, awardPayment.voucherId)))
    .leftJoin(cashPayment, and(eq(cashPayment.fundId, awardPayment.fundId), eq(cashPayment.id, awardPayment.cashId)))
    .leftJoin(payout, and(eq(payout.fundId, awardPayment.fundId), eq(payout.disbursementId, awardPayment.disbursementId), eq(payout.state, 'paid')))
    .where(and(eq(awardPayment.fundId, fundId), eq(request.grantRoundId, grantRoundId), sql`${awardPayment.endedAs} is distinct from 'failed'`));
  return new Map(rows.flatMap((row) => (row.at ? [[row.requestId, row.at] as const] : [])));
}
