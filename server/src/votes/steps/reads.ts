/** Reads the steps of a round's final count. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Outcome } from '../counting/outcome.ts';
import { ruleSchema } from '../counting/rule.ts';
import { findTally } from '../tally/reads.ts';
import { stepsOf } from './rules.ts';

/** The steps of the round with this slug, or null before its count is final. */
export async function readStepsOf(tx: Transaction, fundId: string, slug: string) {
  const [found] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug)));
  // While objections are open the steps could show what a struck ballot said.
  const isFinal = found && !['draft', 'ideas', 'review', 'notice', 'voting', 'counting'].includes(found.phase);
  const counted = isFinal ? await findTally(tx, fundId, found.id) : null;
  if (!found || !counted) return null;
  return { currency: found.currency, ...stepsOf(counted.outcome as Outcome, ruleSchema.parse(found.rule), await listProjects(tx, fundId, found.id)) };
}
