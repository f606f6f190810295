/** Turns a count into awards: one for each winner, its money set aside. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { project } from '@commonpot/db/rounds';
import { Refusal } from '../../platform/problems.ts';
import { createAwards } from '../../rounds/awards/writes.ts';
import type { Round } from '../../rounds/rules.ts';
import type { Outcome } from '../counting/outcome.ts';

/** Awards the winners in the order of the count. Posts to the ledger: the last thing of its transaction. */
export async function awardWinners(tx: Transaction, round: Round, counted: { outcome: unknown }, given: { now: Date; actorId: string | null }): Promise<void | Refusal> {
  const { winners } = counted.outcome as Outcome;
  if (!round.potId || winners.length === 0) return undefined;
  const projects = await tx.select().from(project).where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id)));
  const byNumber = new Map(projects.map((each) => [each.number, each]));
  const awards = winners.map((number) => {
    const won = byNumber.get(number);
    if (!won) throw new Error(`the tally names ${number}, which is no project of the round`);
    return { subjectKind: 'project' as const, subjectId: won.id, title: won.title, amountMinor: won.costMinor, recipientName: won.delivererName ?? won.title };
  });
  const made = await createAwards(tx, { fundId: round.fundId, roundId: round.id, potId: round.potId, awards, actorId: given.actorId, at: given.now });
  return made instanceof Refusal ? made : undefined;
}
