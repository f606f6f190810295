/** Writes of the order in a hall: announced once, drawn once. */
import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { hallDraw, hallOrder } from '@commonpot/db/hall';
import { refuse, Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { addressOf, readAwaited } from '../../rounds/draws/beacon.ts';
import { bringValue, type Brought } from '../../rounds/draws/writes.ts';
import { lastPlace } from '../../rounds/projects/reads.ts';
import { lockRoundById } from '../../rounds/reads.ts';
import type { RoundRef } from '../log/reads.ts';
import { hallPolicy } from './policy.ts';
import * as reads from './reads.ts';
import { orderCommitment, tidy } from './rules.ts';

interface By extends RoundRef {
  accountId: string;
  now: Date;
}

/** Locks the round while its order may be drawn. */
async function findOpen(tx: Transaction, { fundId, roundId }: RoundRef): Promise<void | Refusal> {
  const found = await lockRoundById(tx, fundId, roundId);
  if (!found || !(hallPolicy.draw.phases as readonly string[]).includes(found.phase)) return refuse('wrong-phase', { phase: found?.phase ?? '' });
}

/** Announces the draw and makes its secret; the answer is what is published of it. */
export async function announce(tx: Transaction, by: By, how: string): Promise<Buffer | Refusal> {
  const refusal = await findOpen(tx, by);
  if (refusal) return refusal;
  const { fundId, roundId, accountId, now } = by;
  if ((await lastPlace(tx, fundId, roundId)).projects === 0) return refuse('not-ready', { missing: ['projects'] });
  const secret = randomBytes(32);
  const made = await tx.insert(hallOrder).values({ fundId, roundId, secret, how, announcedBy: accountId, announcedAt: now }).onConflictDoNothing().returning({ roundId: hallOrder.roundId });
  if (made.length === 0) return refuse('already-exists');
  await record(tx, { fundId, name: 'hall-order.announced', subject: { round: roundId }, actorId: accountId, at: now });
  return orderCommitment(secret);
}

/** Enters the value of the beacon that the order waits for: one who brings it is enough. Refuses `wrong-phase`, `already-decided`, and as `bringValue`. */
export async function enterValue(tx: Transaction, ref: RoundRef, brought: Brought): Promise<{ drawn: boolean; differs: boolean } | Refusal> {
  const refusal = await findOpen(tx, ref);
  if (refusal) return refusal;
  const { fundId, roundId } = ref;
  const found = await reads.findHallOrder(tx, ref);
  if (!found) return refuse('not-found');
  if (found.drawn !== null) return refuse('already-decided');
  const value = await bringValue(tx, fundId, found.how, brought);
  if (value instanceof Refusal) return value;
  await tx.update(hallOrder).set({ drawn: value.text, drawnBy: [], drawnAt: brought.at }).where(and(eq(hallOrder.fundId, fundId), eq(hallOrder.roundId, roundId)));
  await record(tx, { fundId, name: 'hall-order.drawn', subject: { round: roundId }, actorId: brought.actorId, at: brought.at });
  return { drawn: true, differs: false };
}

/** Keeps what one person typed; when another typed the same, the order is drawn. Two at once wait for each other. */
export async function enterDraw(tx: Transaction, by: By, given: string): Promise<{ drawn: boolean; differs: boolean } | Refusal> {
  const refusal = await findOpen(tx, by);
  if (refusal) return refusal;
  const { fundId, roundId, accountId, now } = by;
  const found = await reads.findHallOrder(tx, by);
  if (!found) return refuse('not-found');
  if (found.drawn !== null) return refuse('already-decided');
  const awaited = readAwaited(found.how);
  if (awaited) return refuse('beacon-value-wrong', { address: addressOf(awaited) });
  const drawn = tidy(given);
  await tx.insert(hallDraw).values({ fundId, roundId, enteredBy: accountId, drawn, enteredAt: now })
    .onConflictDoUpdate({ target: [hallDraw.fundId, hallDraw.roundId, hallDraw.enteredBy], set: { drawn, enteredAt: now } });
  const others = (await reads.listTyped(tx, by)).filter((each) => each.by !== accountId);
  const same = others.find((each) => each.drawn === drawn);
  if (same) {
    await tx.update(hallOrder).set({ drawn, drawnBy: [same.by, accountId], drawnAt: now }).where(and(eq(hallOrder.fundId, fundId), eq(hallOrder.roundId, roundId)));
  }
  await record(tx, { fundId, name: same ? 'hall-order.drawn' : 'hall-order.typed', subject: { round: roundId }, actorId: accountId, at: now });
  return { drawn: same !== undefined, differs: !same && others.length > 0 };
}
