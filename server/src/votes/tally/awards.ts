/** Turns a count into awards: one for each winner, its money set aside. */
import type { Transaction } from '@commonpot/db/client';
import { divideAll, findReservation } from '../../money/ledger.ts';
import { Refusal } from '../../platform/problems.ts';
import { createAwards } from '../../rounds/awards/writes.ts';
import { listProjects } from '../../rounds/projects/reads.ts';
import type { Round } from '../../rounds/rules.ts';
import { isSetAside } from '../set-aside/reads.ts';
import { sharesOf } from '../areas/reads.ts';
import type { Outcome } from '../counting/outcome.ts';

/**
 * Awards the winners in the order of the count, each out of the money that was set aside for it when voting opened: its
 * area's or the whole's. What they leave goes back to the pot it came from. Posts to the ledger.
 */
export async function awardWinners(tx: Transaction, round: Round, counted: { outcome: unknown }, given: { now: Date; actorId: string | null }): Promise<void | Refusal> {
  const { fundId, id: roundId } = round;
  const shares = await sharesOf(tx, round);
  const reservations = new Map<string, string>();
  for (const potId of shares.pots.keys()) {
    const reservationId = await findReservation(tx, { fundId, potId, subjectId: roundId });
    if (!reservationId) throw new Error('a round that was voted on has no money set aside');
    reservations.set(potId, reservationId);
  }
  const posting = { fundId, actorId: given.actorId, at: given.now };
  const [reservationId, ...otherReservationIds] = [...reservations.values()];
  if (!reservationId) throw new Error('a round that was voted on has no money');
  // A result that was set aside awards nothing: all of its money goes back.
  const winners = (await isSetAside(tx, { fundId, roundId })) ? [] : (counted.outcome as Outcome).winners;
  if (winners.length === 0) {
    const released = await divideAll(tx, { ...posting, reservationIds: [reservationId, ...otherReservationIds], parts: [] });
    return released instanceof Refusal ? released : undefined;
  }
  const projects = await listProjects(tx, fundId, roundId);
  const byNumber = new Map(projects.map((each) => [each.number, each]));
  const awards = winners.map((number) => {
    const won = byNumber.get(number);
    if (!won) throw new Error(`the tally names ${number}, which is no project of the round`);
    const from = reservations.get(shares.potOf(won.area));
    if (!from) throw new Error(`no money was set aside for ${number}`);
    return { from, subjectKind: 'project' as const, subjectId: won.id, title: won.title, amountMinor: won.costMinor, recipientName: won.delivererName ?? won.title };
  });
  const made = await createAwards(tx, { ...posting, roundId, reservationId, otherReservationIds, awards });
  return made instanceof Refusal ? made : undefined;
}
