/** Writes of plans, updates and payouts. A payout's row is locked before it moves; the ledger is posted last. */
import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { disbursement, disbursementPlan, disbursementUpdate, payout, payoutChange, payoutReturn } from '@commonpot/db/payouts';
import { levelOf, openOutside, post, reverse } from '../../money/ledger.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { awardBehind, findAwarded, knowsReceiver, onwardOf } from '../source-reads.ts';
import { takeTurn } from '../turns.ts';
import { refuseStep, type Step } from './rules.ts';

interface Doing {
  fundId: string;
  actorId: string;
  at: Date;
}

export interface NewPlan extends Doing {
  reservationId: string;
  recipientName: string;
  stages: readonly { title: string; amountMinor: number }[];
}

/**
 * Plans how a reservation is paid out. The stages sum exactly to what it holds, else `plan-differs` with `planMinor` and `heldMinor`.
 * A plan that nobody has acted on is replaced; one with an update or a payout refuses `frozen`.
 */
export async function planStages(tx: Transaction, given: NewPlan): Promise<{ planId: string } | Refusal> {
  const { fundId, actorId, at, reservationId } = given;
  await takeTurn(tx, reservationId);
  const heldMinor = await levelOf(tx, fundId, reservationId);
  const planMinor = given.stages.reduce((sum, stage) => sum + stage.amountMinor, 0);
  const live = and(eq(disbursementPlan.fundId, fundId), eq(disbursementPlan.reservationId, reservationId), isNull(disbursementPlan.replacedAt));
  const [before] = await tx.select({ id: disbursementPlan.id }).from(disbursementPlan).where(live).for('update');
  if (before && await isActedOn(tx, fundId, before.id)) return refuse('frozen');
  if (planMinor !== heldMinor) return refuse('plan-differs', { planMinor, heldMinor });
  if (before) await tx.update(disbursementPlan).set({ replacedAt: at }).where(live);
  const planId = newId();
  await tx.insert(disbursementPlan).values({ fundId, id: planId, reservationId, amountMinor: planMinor, plannedBy: actorId, plannedAt: at });
  await tx.insert(disbursement).values(given.stages.map(({ title, amountMinor }, index) => ({
    fundId, id: newId(), kind: 'stage' as const, planId, stageNumber: index + 1, title, sourceAccountId: reservationId, recipientName: given.recipientName, amountMinor, createdBy: actorId, createdAt: at,
  })));
  await record(tx, { fundId, name: 'disbursement.planned', subject: { planId, reservationId }, actorId, at });
  return { planId };
}

async function isActedOn(tx: Transaction, fundId: string, planId: string): Promise<boolean> {
  const stages = await tx.select({ id: disbursement.id }).from(disbursement).where(and(eq(disbursement.fundId, fundId), eq(disbursement.planId, planId)));
  const ids = stages.map((stage) => stage.id);
  const [update] = await tx.select({ id: disbursementUpdate.id }).from(disbursementUpdate).where(and(eq(disbursementUpdate.fundId, fundId), inArray(disbursementUpdate.disbursementId, ids))).limit(1);
  if (update) return true;
  const [tried] = await tx.select({ id: payout.id }).from(payout).where(and(eq(payout.fundId, fundId), inArray(payout.disbursementId, ids))).limit(1);
  return tried !== undefined;
}

/** Finds a disbursement that still stands. Holds its plan, so that it is not replaced meanwhile. */
async function findStanding(tx: Transaction, fundId: string, disbursementId: string) {
  const [found] = await tx.select().from(disbursement).where(and(eq(disbursement.fundId, fundId), eq(disbursement.id, disbursementId)));
  if (!found?.planId) return found ?? null;
  await takeTurn(tx, found.sourceAccountId);
  const [plan] = await tx.select({ id: disbursementPlan.id }).from(disbursementPlan)
    .where(and(eq(disbursementPlan.fundId, fundId), eq(disbursementPlan.id, found.planId), isNull(disbursementPlan.replacedAt)));
  return plan ? found : null;
}

/** Publishes a short update on a stage. Refuses `not-found`. */
export async function publishUpdate(tx: Transaction, given: Doing & { disbursementId: string; words: string }): Promise<{ id: string } | Refusal> {
  const { fundId, actorId, at, disbursementId, words } = given;
  const found = await findStanding(tx, fundId, disbursementId);
  if (found?.kind !== 'stage') return refuse('not-found');
  const id = newId();
  await tx.insert(disbursementUpdate).values({ fundId, id, disbursementId, words, publishedBy: actorId, publishedAt: at });
  await record(tx, { fundId, name: 'disbursement.update-published', subject: { disbursementId, updateId: id }, actorId, at });
  return { id };
}

/** Records that a bank transfer was ordered. Refuses `not-found`, `update-missing`, `not-enough-money`, `interest-declared`, `result-set-aside`, and `already-decided` while another payout is open, unknown or paid. */
export async function recordPayout(tx: Transaction, given: Doing & { disbursementId: string; reference: string }): Promise<{ id: string; amountMinor: number } | Refusal> {
  const { fundId, actorId, at, disbursementId } = given;
  const found = await findStanding(tx, fundId, disbursementId);
  if (!found) return refuse('not-found');
  if (await isBarred(tx, found, { actorId, at })) return refuse('interest-declared');
  const [update] = await tx.select({ id: disbursementUpdate.id }).from(disbursementUpdate)
    .where(and(eq(disbursementUpdate.fundId, fundId), eq(disbursementUpdate.disbursementId, disbursementId))).orderBy(desc(disbursementUpdate.id)).limit(1);
  if (found.kind === 'stage' && !update) return refuse('update-missing');
  const standing = await tx.$count(payout, and(eq(payout.fundId, fundId), eq(payout.disbursementId, disbursementId), inArray(payout.state, ['open', 'unknown', 'paid'])));
  if (standing > 0) return refuse('already-decided');
  if (found.kind === 'stage' && (await levelOf(tx, fundId, found.sourceAccountId)) < found.amountMinor) return refuse('not-enough-money');
  if (found.kind === 'stage' && (await awardBehind(tx, fundId, found.sourceAccountId)) === 'set-aside') return refuse('result-set-aside');
  const { kind, amountMinor } = found;
  const id = newId();
  const [made] = await tx.insert(payout).values({
    fundId, id, disbursementId, kind, amountMinor, rail: 'bank', reference: given.reference, updateId: update?.id ?? null, state: 'open', recordedBy: actorId, recordedAt: at,
  }).onConflictDoNothing().returning({ id: payout.id });
  if (!made) return refuse('already-decided');
  await note(tx, given, id, 'open', '');
  return { id, amountMinor };
}

/**
 * Moves a payout on, and the money with it: paid leaves for the outside, returned comes back to where it was set aside once
 * two people said so; the answer to the first is still `paid`. Refuses `not-found`, `same-person` and what `refuseStep` refuses.
 */
export async function movePayout(tx: Transaction, given: Doing & Step & { payoutId: string; note: string }): Promise<{ state: Step['to'] } | Refusal> {
  const { fundId, actorId, at, payoutId, to } = given;
  const mine = and(eq(payout.fundId, fundId), eq(payout.id, payoutId));
  const [row] = await tx.select().from(payout).where(mine).for('update');
  if (!row) return refuse('not-found');
  const [found] = await tx.select().from(disbursement).where(and(eq(disbursement.fundId, fundId), eq(disbursement.id, row.disbursementId)));
  if (!found) throw new Error('a payout without its disbursement');
  const refusal = refuseStep(row, given) ?? ((await isBarred(tx, found, given)) ? refuse('interest-declared') : null);
  if (refusal) return refusal;
  if (to === 'returned') {
    const agreed = await agreeOnReturn(tx, given);
    if (agreed instanceof Refusal) return agreed;
    if (!agreed) return { state: row.state };
  }
  await note(tx, given, payoutId, to, given.note);
  if (to === 'paid') {
    const transferId = await payOut(tx, given, row, found.sourceAccountId);
    if (transferId instanceof Refusal) return transferId;
    await tx.update(payout).set({ state: to, confirmedBy: actorId, confirmedAt: at, transferId }).where(mine);
  } else if (to === 'returned') {
    const back = await reverse(tx, { fundId, at, actorId, transferId: row.transferId as string, onward: await onwardOf(tx, backTo(found, row)) });
    if (back instanceof Refusal) return back;
    await tx.update(payout).set({ state: to, returnTransferId: back.ids[0] as string }).where(mine);
  } else {
    await tx.update(payout).set({ state: to }).where(mine);
    const onward = to === 'failed' ? await onwardOf(tx, backTo(found, row)) : [];
    if (onward.length > 0) {
      const moved = await post(tx, { fundId, at, actorId, transfers: onward });
      if (moved instanceof Refusal) return moved;
    }
  }
  return { state: to };
}

/** Who has an interest in what was decided, declared before or after, has no hand in paying it. */
async function isBarred(tx: Transaction, { fundId, sourceAccountId, barredAccountIds }: typeof disbursement.$inferSelect, { actorId, at }: Pick<Doing, 'actorId' | 'at'>): Promise<boolean> {
  return barredAccountIds.includes(actorId) || knowsReceiver(tx, { fundId, reservationId: sourceAccountId, accountId: actorId, at });
}

const backTo = ({ fundId, sourceAccountId, amountMinor }: typeof disbursement.$inferSelect, { id }: typeof payout.$inferSelect) => ({ fundId, reservationId: sourceAccountId, amountMinor, subjectId: id });

export interface NewTransferToPerson extends Doing {
  reservationId: string;
  /** A reference: a disbursement is kept for good. */
  recipientName: string;
  amountMinor: number;
  barred: readonly string[];
}

/** Instructs a bank transfer to one person out of what was set aside for them, tried once. Refuses what `findAwarded` refuses, and `not-enough-money`. */
export async function instructTransfer(tx: Transaction, given: NewTransferToPerson): Promise<{ id: string } | Refusal> {
  const { fundId, actorId, at, reservationId, recipientName, amountMinor } = given;
  const refusal = await findAwarded(tx, fundId, reservationId, 'desk');
  if (refusal) return refusal;
  if ((await levelOf(tx, fundId, reservationId)) < amountMinor) return refuse('not-enough-money');
  const id = newId();
  await tx.insert(disbursement).values({ fundId, id, kind: 'person', sourceAccountId: reservationId, recipientName, amountMinor, barredAccountIds: [...given.barred], createdBy: actorId, createdAt: at });
  return { id };
}

/** Whether this is the second person to say that the bank sent it back; the first one's word is kept. Refuses `same-person`. */
async function agreeOnReturn(tx: Transaction, { fundId, actorId, at, payoutId, note: words }: Doing & { payoutId: string; note: string }): Promise<boolean | Refusal> {
  const mine = and(eq(payoutReturn.fundId, fundId), eq(payoutReturn.payoutId, payoutId));
  const [asked] = await tx.select().from(payoutReturn).where(mine);
  if (!asked) {
    await tx.insert(payoutReturn).values({ fundId, payoutId, askedBy: actorId, askedAt: at, note: words });
    await record(tx, { fundId, name: 'payout.return-asked', subject: { payoutId }, actorId, at });
    return false;
  }
  if (asked.askedBy === actorId) return refuse('same-person');
  await tx.update(payoutReturn).set({ confirmedBy: actorId }).where(mine);
  return true;
}

async function payOut(tx: Transaction, { fundId, actorId, at }: Doing, row: typeof payout.$inferSelect, from: string): Promise<string | Refusal> {
  const to = await openOutside(tx, { fundId, like: from, at });
  const posted = await post(tx, { fundId, at, actorId, transfers: [{ from, to, amountMinor: row.amountMinor, kind: 'payout', subjectId: row.id }] });
  return posted instanceof Refusal ? posted : (posted.ids[0] as string);
}

async function note(tx: Transaction, { fundId, actorId, at }: Doing, payoutId: string, state: Step['to'], words: string): Promise<void> {
  await tx.insert(payoutChange).values({ fundId, id: newId(), payoutId, state, note: words, actorId, at });
  await record(tx, { fundId, name: `payout.${state === 'open' ? 'recorded' : state}`, subject: { payoutId }, actorId, at });
}
