/** Counts a round: opens its boxes, counts by its frozen rule, stores the outcome once. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { tally } from '@commonpot/db/votes';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { listProjects } from '../../rounds/projects/reads.ts';
import { openBox, readBallotBytes, readRecord, uuidBytes, type RoundKeys } from '../ballots/protocol.ts';
import { readBoxes } from '../ballots/reads.ts';
import { count } from '../counting/count.ts';
import { buildElection, type Ballot } from '../counting/election.ts';
import type { Outcome } from '../counting/outcome.ts';
import { ruleSchema } from '../counting/rule.ts';
import { findTally } from './reads.ts';
import { inputDigest } from './rules.ts';

/**
 * Counts the round if it is in its counting phase and was not counted yet; calling it again changes nothing.
 * Two at once wait for each other at the round's row. Refuses with `needs-lot` when a tie is left after the frozen order.
 */
export async function countRound(tx: Transaction, given: { fundId: string; roundId: string; keys: RoundKeys; now: Date }): Promise<Outcome | Refusal> {
  const { fundId, roundId, keys, now } = given;
  const [found] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.id, roundId))).for('update');
  if (found?.phase !== 'counting' || !found.rule || !found.ruleDigest || found.budgetMinor === null) return refuse('wrong-phase');
  const counted = await findTally(tx, fundId, roundId);
  if (counted) return counted.outcome as Outcome;

  const projects = await listProjects(tx, fundId, roundId);
  const texts: Buffer[] = [];
  for await (const { slot, box } of readBoxes(tx, roundId)) texts.push(Buffer.from(readRecord(openBox(keys, uuidBytes(roundId), slot, box)).ballot));
  const election = buildElection({
    minorPerUnit: 100, budgetMinor: found.budgetMinor, voteType: found.ballotForm?.kind === 'one' ? 'choose-1' : 'approval',
    projects: projects.map((each) => ({ id: each.number, costMinor: each.costMinor, name: each.title, categories: each.category ? [each.category] : [], withdrawn: false })),
    ballots: readBallots(texts),
  });
  // Level projects keep the order that was frozen with the ballot.
  const outcome = count(election, ruleSchema.parse(found.rule), { kind: 'order', ids: projects.map((each) => each.number) });
  if (outcome.kind === 'needs-lot') return refuse('needs-lot', { projects: outcome.tied });
  await tx.insert(tally).values({ fundId, roundId, ruleDigest: found.ruleDigest, inputDigest: inputDigest(texts), ballots: texts.length, outcome, countedAt: now });
  await record(tx, { fundId, name: 'round.counted', subject: { round: roundId }, actorId: null, at: now });
  return outcome;
}

function* readBallots(texts: readonly Buffer[]): Generator<Ballot> {
  for (const text of texts) {
    const { area, lines } = readBallotBytes(text);
    yield { ...(area === '' ? {} : { area }), lines: lines.map((line) => ({ projectId: line.project, ...(line.points === undefined ? {} : { points: line.points }) })) };
  }
}
