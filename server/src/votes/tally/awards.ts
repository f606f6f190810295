/** Turns a count into awards: one for each winner, its money set aside. */
import type { Transaction } from '@commonpot/db/client';
import { findReservation, release } from '../../money/ledger.ts';
import { Refusal } from '../../platform/problems.ts';
import { createAwards } from '../../rounds/awards/writes.ts';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import type { Outcome } from '../counting/outcome.ts';

/**
 * Awards the winners in the order of the count, out of the money that was set aside when voting opened; what they
 * leave of it goes back to the pot. Posts to the ledger.
 */
export async function awardWinners(tx: Transaction, round: Round, counted: { outcome: unknown }, given: { now: Date; actorId: string | null }): Promise<void | Refusal> {
  const { fundId, id: roundId, potId } = round;
  const reservationId = potId && (await findReservation(tx, { fundId, potId, subjectId: roundId }));
  if (!reservationId) throw new Error('a round that was voted on has no money set aside');
  const posting = { fundId, actorId: given.actorId, at: given.now };
  const { winners } = counted.outcome as Outcome;
  if (winners.length === 0) {
    const released = await release(tx, { ...posting, reservationId });
    return released instanceof Refusal ? released : undefined;
  }
  const projects = await listProjects(tx, fundId, roundId);
  const byNumber = new Map(projects.map((each) => [each.number, each]));
  const awards = winners.map((number) => {
    const won = byNumber.get(number);
    if (!won) throw new Error(`the tally names ${number}, which is no project of the round`);
    return { subjectKind: 'project' as const, subjectId: won.id, title: won.title, amountMinor: won.costMinor, recipientName: won.delivererName ?? won.title };
  });
  const made = await createAwards(tx, { ...posting, roundId, reservationId, awards });
  return made instanceof Refusal ? made : undefined;
}
