/** Writes of waiting lists. Whoever lets requests through holds the round for sharing, takes the list's turn, and locks requests after it. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { drawEntry } from '@commonpot/db/draw';
import { request, requestMove, type RequestState } from '@commonpot/db/grants';
import { takeTurn } from '../../payouts/turns.ts';
import { newId } from '../../platform/ids.ts';
import { recordAll } from '../../platform/record.ts';
import type { Request } from '../requests/reads.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import * as reads from './reads.ts';
import { reachOf } from './rules.ts';

const ROWS = 1000;

/**
 * Waits until nobody else lets requests of this round through, until the transaction ends. The round is held first, as whoever moves it on
 * does: else somebody who holds a request and waits for the round would close a circle.
 */
export async function takeListTurn(tx: Transaction, round: Pick<GrantRound, 'fundId' | 'id'>): Promise<void> {
  await holdGrantRoundById(tx, round.fundId, round.id, 'share');
  await takeTurn(tx, `${round.fundId}:list:${round.id}`);
}

/** Moves many requests at once, whose locks the caller holds, and keeps each move. */
async function moveAll(tx: Transaction, requests: readonly Request[], move: { to: RequestState; reason?: string; at: Date }): Promise<void> {
  const { to, reason = null, at } = move;
  for (let from = 0; from < requests.length; from += ROWS) {
    const some = requests.slice(from, from + ROWS);
    await tx.insert(requestMove).values(some.map((each) => ({ fundId: each.fundId, id: newId(), requestId: each.id, version: each.stateVersion + 1, fromState: each.state, toState: to, reason, actorId: null, at })));
    await tx.update(request).set({ state: to, stateVersion: sql`${request.stateVersion} + 1` }).where(and(eq(request.fundId, some[0]?.fundId as string), inArray(request.id, some.map((each) => each.id))));
  }
  await recordAll(tx, requests.map((each) => ({ fundId: each.fundId, name: 'request.moved', subject: { request: each.id, from: each.state, to, ...(reason ? { reason } : {}) }, actorId: null, at })));
}

/** Lets requests through to be decided: there is money for them. Those on the list come back from it. */
export async function letThrough(tx: Transaction, requests: readonly Request[], as: 'enough' | 'place' | 'reserve', at: Date): Promise<void> {
  for (let from = 0; from < requests.length; from += ROWS) {
    const some = requests.slice(from, from + ROWS);
    await tx.update(drawEntry).set({ letAt: at, letAs: as }).where(and(eq(drawEntry.fundId, some[0]?.fundId as string), inArray(drawEntry.requestId, some.map((each) => each.id))));
  }
  await moveAll(tx, requests.filter((each) => each.state === 'listed'), { to: 'asked', at });
  await recordAll(tx, requests.map((each) => ({ fundId: each.fundId, name: 'request.let-through', subject: { request: each.id, as }, actorId: null, at })));
}

/**
 * Takes what money there is down a round's list, in its order, and puts on it whoever it does not come to. Answers how many
 * it came to; a call that finds no money changes nothing.
 */
export async function goDownList(tx: Transaction, round: GrantRound, at: Date): Promise<number> {
  await takeListTurn(tx, round);
  const { availableMinor } = await reads.moneyOf(tx, round);
  const list = await reads.listOf(tx, round);
  const reach = reachOf(list, availableMinor);
  const isLet = new Set(list.slice(0, reach).map((each) => each.id));
  const locked = await reads.lockStillWaiting(tx, round.fundId, list.flatMap((each) => (isLet.has(each.id) || each.state === 'asked' ? [each.id] : [])));
  const through = list.slice(0, reach).flatMap((each) => locked.get(each.id) ?? []);
  await letThrough(tx, through, 'place', at);
  await moveAll(tx, [...locked.values()].filter((each) => !isLet.has(each.id) && each.state === 'asked'), { to: 'listed', at });
  return through.length;
}

/** Ends the list of a round that is closed: whoever waits is told that the money did not come to them, and weighs more the next time. */
export async function endList(tx: Transaction, round: GrantRound, at: Date): Promise<number> {
  await takeListTurn(tx, round);
  const waiting = await reads.lockWaiting(tx, round);
  await moveAll(tx, waiting, { to: 'declined', reason: 'no-money-left', at });
  return waiting.length;
}
