/** Reads of plans, stages and payouts. */
import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { membership } from '@commonpot/db/people';
import { disbursement, disbursementPlan, disbursementUpdate, payout, payoutChange, payoutReturn } from '@commonpot/db/payouts';

/** The name that an account has as a member of the fund. */
const nameOf = (column: unknown) => sql<string>`coalesce((select m.name from ${membership} m where m.fund_id = ${payout.fundId} and m.account_id = ${column} order by m.id limit 1), '')`;

/** The stages of each reservation's plan, by reservation; one without a plan is missing. */
export async function stagesOf(tx: Transaction, fundId: string, reservationIds: readonly string[]) {
  if (reservationIds.length === 0) return new Map<string, Stage[]>();
  const rows = await tx.select({ stage: disbursement }).from(disbursement)
    .innerJoin(disbursementPlan, and(eq(disbursementPlan.fundId, disbursement.fundId), eq(disbursementPlan.id, disbursement.planId)))
    .where(and(eq(disbursement.fundId, fundId), isNull(disbursementPlan.replacedAt), inArray(disbursementPlan.reservationId, [...reservationIds])))
    .orderBy(asc(disbursement.stageNumber));
  const ids = rows.map((row) => row.stage.id);
  const updates = await updatesOf(tx, fundId, ids);
  const payouts = await payoutsOf(tx, fundId, ids);
  const stages = rows.map(({ stage }) => ({ ...stage, updates: updates.get(stage.id) ?? [], payouts: payouts.get(stage.id) ?? [] }));
  return Map.groupBy(stages, (stage) => stage.sourceAccountId);
}

export interface Stage extends Row {
  updates: (typeof disbursementUpdate.$inferSelect)[];
  payouts: PayoutWithChanges[];
}
type Row = typeof disbursement.$inferSelect;
type PayoutWithChanges = Awaited<ReturnType<typeof selectPayouts>>[number] & { changes: Awaited<ReturnType<typeof selectChanges>> };

async function updatesOf(tx: Transaction, fundId: string, disbursementIds: readonly string[]) {
  if (disbursementIds.length === 0) return new Map<string, never[]>();
  const rows = await tx.select().from(disbursementUpdate)
    .where(and(eq(disbursementUpdate.fundId, fundId), inArray(disbursementUpdate.disbursementId, [...disbursementIds]))).orderBy(asc(disbursementUpdate.id));
  return Map.groupBy(rows, (row) => row.disbursementId);
}

/** The payouts of each disbursement, newest first, each with its steps. */
export async function payoutsOf(tx: Transaction, fundId: string, disbursementIds: readonly string[]): Promise<Map<string, PayoutWithChanges[]>> {
  if (disbursementIds.length === 0) return new Map();
  const rows = await selectPayouts(tx, fundId, disbursementIds);
  const changes = Map.groupBy(await selectChanges(tx, fundId, rows.map((row) => row.id)), (change) => change.payoutId);
  return Map.groupBy(rows.map((row) => ({ ...row, changes: changes.get(row.id) ?? [] })), (row) => row.disbursementId);
}

function selectPayouts(tx: Transaction, fundId: string, disbursementIds: readonly string[]) {
  return tx.select({
    id: payout.id, disbursementId: payout.disbursementId, amountMinor: payout.amountMinor, state: payout.state, reference: payout.reference,
    recordedById: payout.recordedBy, recordedBy: nameOf(payout.recordedBy), recordedAt: payout.recordedAt,
    askedById: payoutReturn.askedBy, askedBy: nameOf(payoutReturn.askedBy), askedAt: payoutReturn.askedAt, askedNote: payoutReturn.note,
  }).from(payout).leftJoin(payoutReturn, and(eq(payoutReturn.fundId, payout.fundId), eq(payoutReturn.payoutId, payout.id))).where(and(eq(payout.fundId, fundId), inArray(payout.disbursementId, [...disbursementIds]))).orderBy(desc(payout.id));
}

function selectChanges(tx: Transaction, fundId: string, payoutIds: readonly string[]) {
  return tx.select({ payoutId: payoutChange.payoutId, state: payoutChange.state, note: payoutChange.note, by: nameOf(payoutChange.actorId), at: payoutChange.at })
    .from(payoutChange).innerJoin(payout, and(eq(payout.fundId, payoutChange.fundId), eq(payout.id, payoutChange.payoutId)))
    .where(and(eq(payoutChange.fundId, fundId), inArray(payoutChange.payoutId, payoutIds.length > 0 ? [...payoutIds] : [fundId]))).orderBy(asc(payoutChange.id));
}

/** Payouts that somebody must act on, oldest first. */
export async function waitingPayouts(tx: Transaction, fundId: string) {
  return tx.select({
    id: payout.id, amountMinor: payout.amountMinor, state: payout.state, reference: payout.reference, recordedById: payout.recordedBy, recordedBy: nameOf(payout.recordedBy),
    recordedAt: payout.recordedAt, recipient: disbursement.recipientName, title: disbursement.title, shop: disbursement.shopId, reservation: disbursement.sourceAccountId,
  }).from(payout).innerJoin(disbursement, and(eq(disbursement.fundId, payout.fundId), eq(disbursement.id, payout.disbursementId)))
    .where(and(eq(payout.fundId, fundId), inArray(payout.state, ['open', 'unknown']))).orderBy(asc(payout.id)).limit(200);
}

/** A payout as its contract shows it to the administrator `you`. */
export function showPayout({ id, amountMinor, state, reference, recordedBy, recordedById, recordedAt, changes, ...asked }: PayoutWithChanges, you: string) {
  return {
    id, amountMinor, state, reference, recordedBy, recordedAt: recordedAt.toISOString(), recordedByYou: recordedById === you,
    returnAsked: asked.askedAt ? { by: asked.askedBy, byYou: asked.askedById === you, note: asked.askedNote ?? '', at: asked.askedAt.toISOString() } : null,
    changes: changes.map(({ state: to, note, by, at }) => ({ state: to, note, by, at: at.toISOString() })),
  };
}

/** A stage as its contract shows it to the administrator `you`. */
export function showStage(stage: Stage, you: string) {
  return { ...showPublicStage(stage), id: stage.id, payouts: stage.payouts.map((each) => showPayout(each, you)) };
}

/** A stage as everybody sees it. */
export function showPublicStage({ stageNumber, title, amountMinor, updates, payouts }: Stage) {
  const paid = payouts.find((each) => each.state === 'paid');
  return {
    number: stageNumber as number, title: title as string, amountMinor, paid: paid !== undefined, paidAt: paid?.changes.findLast((each) => each.state === 'paid')?.at.toISOString() ?? null,
    updates: updates.map(({ words, publishedAt }) => ({ words, publishedAt: publishedAt.toISOString() })),
  };
}
