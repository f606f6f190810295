/** Reads of the order in a hall. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { hallDraw, hallOrder } from '@commonpot/db/hall';
import { listProjects } from '../../rounds/projects/reads.ts';
import { uuidBytes } from '../ballots/protocol.ts';
import type { RoundRef } from '../log/reads.ts';
import { drawnOrder, orderSeed } from './rules.ts';

/** What was announced of a round's order and what was drawn, or null. */
export async function findHallOrder(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select().from(hallOrder).where(and(eq(hallOrder.fundId, fundId), eq(hallOrder.roundId, roundId)));
  return row ?? null;
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
