/** A yes to several requests at once: each in a transaction of its own, so that one that cannot be given holds up no other. */
import { within, type Database } from '@commonpot/db/client';
import { Refusal, refuse } from '../../platform/problems.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { lockRequest, type Request } from '../requests/reads.ts';
import { findGrantRound } from '../rounds/reads.ts';
import { whyNot } from './reads.ts';
import { decide } from './writes.ts';

export interface Batch {
  fundId: string;
  /** The round's slug. */
  grant: string;
  actorId: string;
  requests: string[];
}

export interface Outcome {
  id: string;
  state: Request['state'] | null;
  problem: string | null;
}

class Undone extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Decides every request of a batch at `at`, one after the other. Sent again, it answers what became of each, and decides at the new time what
 * could not be given before: nobody keeps a yes of last week in a drawer.
 */
export async function decideEach(db: Database, batch: Batch, at: Date): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const id of [...new Set(batch.requests)]) outcomes.push(await decideOne(db, batch, id, at));
  return outcomes;
}

async function decideOne(db: Database, batch: Batch, id: string, at: Date): Promise<Outcome> {
  try {
    const state = await within(db, { fund: batch.fundId }, async (tx) => {
      const round = await findGrantRound(tx, batch.fundId, batch.grant);
      const request = await lockRequest(tx, batch.fundId, id);
      if (!round?.charterId || !request || request.grantRoundId !== round.id) throw new Undone(refuse('not-found'));
      // Sent again after the line died: what this person gave is given.
      if ((request.state === 'awarded' || request.state === 'listed') && (await whyNot(tx, request, batch.actorId, at)) === 'you-decided') return request.state;
      const charter = (await charterOf(tx, batch.fundId, round.charterId)).content;
      if (!charter.batches || (request.agree !== 'one' && request.agree !== 'at-once') || request.state === 'appealed') throw new Undone(refuse('batches-not-allowed'));
      const decided = await decide(tx, request, { verdict: 'yes' }, { actorId: batch.actorId, at });
      if (decided instanceof Refusal) throw new Undone(decided);
      return decided.state;
    });
    return { id, state, problem: null };
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    return { id, state: null, problem: error.refusal.code };
  }
}
