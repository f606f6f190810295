/** Reads the result of a round: provisional while objections are open, final from its seal on. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { tally } from '@commonpot/db/votes';
import { listProjects } from '../../rounds/projects/reads.ts';
import { givesPoints } from '../ballots/rules.ts';
import type { Outcome } from '../counting/outcome.ts';
import { ruleSchema } from '../counting/rule.ts';
import { lastProvisional } from '../sealing/reads.ts';
import { inOrderOfCounting, presetOf } from './rules.ts';

/** The final tally, or null before the seal. */
export async function findTally(tx: Transaction, fundId: string, roundId: string) {
  const [row] = await tx.select().from(tally).where(and(eq(tally.fundId, fundId), eq(tally.roundId, roundId)));
  return row ?? null;
}

/** The published result of the round with this slug, or null while there is none. */
export async function readResult(tx: Transaction, fundId: string, slug: string) {
  const [found] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug)));
  if (!found || found.budgetMinor === null) return null;
  const counted = found.sealedAt ? await findTally(tx, fundId, found.id) : null;
  const last = counted ? null : await lastProvisional(tx, { fundId, roundId: found.id });
  const projects = await listProjects(tx, fundId, found.id);
  const counts = found.ballotForm && (givesPoints(found.ballotForm) || found.ballotForm.kind === 'ranking') ? 'points' as const : 'votes' as const;
  const same = { rule: presetOf(ruleSchema.parse(found.rule)), counts, budgetMinor: found.budgetMinor, currency: found.currency };
  if (counted) {
    const outcome = counted.outcome as Outcome;
    return {
      ...same, provisional: false, ballots: counted.ballots, spentMinor: outcome.costMinor, countedAt: counted.countedAt.toISOString(),
      decisions: inOrderOfCounting(outcome, projects), ties: outcome.ties.map((tie) => [...tie.tied]), waitingForLot: [],
    };
  }
  if (!last) return null;
  return {
    ...same, provisional: true, ballots: last.ballots, spentMinor: last.costMinor, countedAt: last.countedAt.toISOString(),
    decisions: projects.map(({ number, title, costMinor }) => ({ project: number, title, costMinor, votes: null, reason: { kind: last.winners.includes(number) ? 'leads' as const : 'trails' as const } })),
    ties: last.ties, waitingForLot: last.tied,
  };
}
