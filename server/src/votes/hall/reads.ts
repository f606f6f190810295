/** Reads of the order in a hall. */
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { hallDraw, hallOrder } from '@commonpot/db/hall';
import { round } from '@commonpot/db/rounds';
import { listProjects } from '../../rounds/projects/reads.ts';
import { uuidBytes } from '../ballots/protocol.ts';
import type { RoundRef } from '../log/reads.ts';
import { hallOrderOf } from '../published/hall.ts';
import type { HallOrder, Statement } from '../published/record.ts';
import { hallPolicy } from './policy.ts';
import { drawnOrder, orderSeed } from './rules.ts';

/** What was announced of a round's order and what was drawn, or null. */
export async function findHallOrder(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select().from(hallOrder).where(and(eq(hallOrder.fundId, fundId), eq(hallOrder.roundId, roundId)));
  return row ?? null;
}

/** What the published folder says of a round's order; undefined where none was announced. */
export async function readPublishedOrder(tx: Transaction, ref: RoundRef, { projects }: Pick<Statement, 'projects'>): Promise<HallOrder | undefined> {
  const found = await findHallOrder(tx, ref);
  return found ? hallOrderOf(found, uuidBytes(ref.roundId), projects.map((project) => project.number)) : undefined;
}

/** Rounds of a fund whose order waits for a value of the beacon, and may still be drawn. */
export async function listAwaitingValue(tx: Transaction, fundId: string): Promise<{ roundId: string; name: string }[]> {
  return tx.select({ roundId: hallOrder.roundId, name: hallOrder.how }).from(hallOrder).innerJoin(round, and(eq(round.fundId, hallOrder.fundId), eq(round.id, hallOrder.roundId)))
    .where(and(eq(hallOrder.fundId, fundId), isNull(hallOrder.drawn), inArray(round.phase, [...hallPolicy.draw.phases]), sql`is_beacon_draw(${hallOrder.how})`)).orderBy(asc(hallOrder.roundId));
}

/** What was typed, by whom. */
export async function listTyped(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({ by: hallDraw.enteredBy, drawn: hallDraw.drawn }).from(hallDraw).where(and(eq(hallDraw.fundId, fundId), eq(hallDraw.roundId, roundId))).orderBy(hallDraw.enteredBy);
}

/** The seed and the projects' numbers in the order that it gives. */
export async function orderOf(tx: Transaction, { fundId, roundId }: RoundRef, { secret, drawn }: { secret: Buffer; drawn: string }): Promise<{ seed: Buffer; order: string[] }> {
  const seed = orderSeed({ round: uuidBytes(roundId), secret, drawn });
  return { seed, order: drawnOrder(seed, (await listProjects(tx, fundId, roundId)).map((project) => project.number)) };
}
