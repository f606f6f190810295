/** Writes of cash boxes: fetched and counted by two people, counted and brought back by two people. What is missing stays written down. */
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { cashBox, cashPayment } from '@commonpot/db/payouts';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { takeTurn } from '../turns.ts';
import { lockBox } from './reads.ts';

interface Counting {
  fundId: string;
  actorId: string;
  at: Date;
  amountMinor: number;
}

/** Opens the evening's box, or says anew what is in one that nobody checked. Refuses `already-exists` while a checked one is out. */
export async function openBox(tx: Transaction, given: Counting & { name: string }): Promise<{ id: string } | Refusal> {
  const { fundId, actorId, at, amountMinor, name } = given;
  await takeTurn(tx, fundId);
  const live = await lockBox(tx, fundId);
  if (live?.checkedAt) return refuse('already-exists');
  const id = live?.id ?? newId();
  const said = { name, fetchedMinor: amountMinor, leftMinor: amountMinor, openedBy: actorId, openedAt: at };
  if (live) await tx.update(cashBox).set(said).where(and(eq(cashBox.fundId, fundId), eq(cashBox.id, id)));
  else await tx.insert(cashBox).values({ fundId, id, ...said });
  await tell(tx, given, 'cash-box.opened', id);
  return { id };
}

/** A second person counted the same. Refuses `no-cash-box`, `already-decided`, `same-person`, `amount-differs`. */
export async function checkBox(tx: Transaction, given: Counting): Promise<{ done: true } | Refusal> {
  const { fundId, actorId, at, amountMinor } = given;
  const live = await lockBox(tx, fundId);
  if (!live) return refuse('no-cash-box');
  if (live.checkedAt) return refuse('already-decided');
  if (live.openedBy === actorId) return refuse('same-person');
  if (live.fetchedMinor !== amountMinor) return refuse('amount-differs');
  await tx.update(cashBox).set({ checkedBy: actorId, checkedAt: at }).where(and(eq(cashBox.fundId, fundId), eq(cashBox.id, live.id)));
  await tell(tx, given, 'cash-box.checked', live.id);
  return { done: true };
}

/** What is in the box at the end, once nothing of it waits for a witness. Refuses `no-cash-box`, `not-confirmed` (nobody checked it), `cash-waits`. */
export async function countBox(tx: Transaction, given: Counting): Promise<{ shortMinor: number } | Refusal> {
  const { fundId, actorId, at, amountMinor } = given;
  const live = await lockBox(tx, fundId);
  if (!live) return refuse('no-cash-box');
  if (!live.checkedAt) return refuse('not-confirmed');
  const waits = await tx.$count(cashPayment, and(eq(cashPayment.fundId, fundId), eq(cashPayment.boxId, live.id), inArray(cashPayment.state, ['handed-over'])));
  if (waits > 0) return refuse('cash-waits', { waits });
  await tx.update(cashBox).set({ countedMinor: amountMinor, countedBy: actorId, countedAt: at }).where(and(eq(cashBox.fundId, fundId), eq(cashBox.id, live.id)));
  await tell(tx, given, 'cash-box.counted', live.id);
  return { shortMinor: live.leftMinor - amountMinor };
}

/** A second person counted the same at the end. Refuses `no-cash-box`, `not-confirmed` (nobody counted it), `same-person`, `amount-differs`. */
export async function closeBox(tx: Transaction, given: Counting): Promise<{ shortMinor: number } | Refusal> {
  const { fundId, actorId, at, amountMinor } = given;
  const live = await lockBox(tx, fundId);
  if (!live) return refuse('no-cash-box');
  if (live.countedMinor === null) return refuse('not-confirmed');
  if (live.countedBy === actorId) return refuse('same-person');
  if (live.countedMinor !== amountMinor) return refuse('amount-differs');
  await tx.update(cashBox).set({ closedBy: actorId, closedAt: at }).where(and(eq(cashBox.fundId, fundId), eq(cashBox.id, live.id)));
  await tell(tx, given, 'cash-box.closed', live.id);
  return { shortMinor: live.leftMinor - amountMinor };
}

async function tell(tx: Transaction, { fundId, actorId, at }: Counting, name: string, boxId: string): Promise<void> {
  await record(tx, { fundId, name, subject: { boxId }, actorId, at });
}
