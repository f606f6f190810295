/** Reads the tally of a round. */
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { tally } from '@commonpot/db/votes';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Outcome } from '../counting/outcome.ts';
import { ruleSchema } from '../counting/rule.ts';
import { inOrderOfCounting, presetOf } from './rules.ts';

/** The stored tally, or null before the count. */
export async function findTally(tx: Transaction, fundId: string, roundId: string) {
  const [row] = await tx.select().from(tally).where(and(eq(tally.fundId, fundId), eq(tally.roundId, roundId)));
  return row ?? null;
}

/** The rounds of a fund that are in their counting phase and have no tally yet. */
export async function findUncounted(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.select({ id: round.id }).from(round).leftJoin(tally, and(eq(tally.fundId, round.fundId), eq(tally.roundId, round.id)))
    .where(and(eq(round.fundId, fundId), eq(round.phase, 'counting'), isNull(tally.roundId)));
  return rows.map((row) => row.id);
}

/** The published result of the round with this slug, or null while there is none. */
export async function readResult(tx: Transaction, fundId: string, slug: string) {
  const [found] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug)));
  const counted = found ? await findTally(tx, fundId, found.id) : null;
  if (!found || !counted || found.budgetMinor === null) return null;
  const projects = await listProjects(tx, fundId, found.id);
  const outcome = counted.outcome as Outcome;
  return {
    provisional: found.phase === 'counting',
    rule: presetOf(ruleSchema.parse(found.rule)),
    ballots: counted.ballots, budgetMinor: found.budgetMinor, spentMinor: outcome.costMinor, currency: found.currency,
    countedAt: counted.countedAt.toISOString(),
    decisions: inOrderOfCounting(outcome, projects),
    ties: outcome.ties.map((tie) => [...tie.tied]),
  };
}
