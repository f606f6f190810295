/** Moves rounds on when their dates have come. */
import { within, type Transaction } from '@commonpot/db/client';
import { listFundIds } from '../people/reads.ts';
import type { Job } from '../platform/jobs.ts';
import { Refusal } from '../platform/problems.ts';
import type { Services } from '../platform/services.ts';
import { consentJobs } from './consent/jobs.ts';
import { moveByDate } from './moving.ts';
import { lockRoundById, roundsWithDates } from './reads.ts';
import { duePhase } from './rules.ts';

const ADVANCE = 'rounds.advance';

/** A round whose date has come and which could not be moved, with the problem's code. */
export interface HeldBack {
  roundId: string;
  code: string;
}

export function roundsJobs(services: Services): Job<never>[] {
  return [{ name: ADVANCE, cron: '* * * * *', run: async (_data: never, now) => void (await advanceDueRounds(services, now)) }, ...consentJobs(services)];
}

/** Looks for what fell due while nothing ran. */
export async function wakeRounds(services: Services): Promise<void> {
  await services.db.transaction((tx) => services.queue.enqueue(tx as unknown as Transaction, ADVANCE, {}));
}

/**
 * Moves every round of every fund whose date has come by `now`, through as many phases as are due. Two processes may
 * run it at once. A round that is not ready stays where it is and is tried again next time; one that throws
 * does not keep the others from moving.
 */
export async function advanceDueRounds(services: Services, now: Date): Promise<{ moved: number; heldBack: HeldBack[] }> {
  const heldBack: HeldBack[] = [];
  const faults: unknown[] = [];
  let moved = 0;
  for (const fundId of await within(services.db, {}, listFundIds)) {
    const rounds = await within(services.db, { fund: fundId }, (tx) => roundsWithDates(tx, fundId));
    for (const { id: roundId } of rounds.filter((round) => duePhase(round, now))) {
      try {
        while (await moveOnce(services, fundId, roundId, now)) moved += 1;
      } catch (error) {
        if (error instanceof StaysPut) heldBack.push({ roundId, code: error.refusal.code });
        else faults.push(error);
      }
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, 'some rounds could not be moved');
  return { moved, heldBack };
}

/** Rolls back whatever the kind had written before it refused. */
class StaysPut extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** One move in one transaction; false when nothing is due any more. */
async function moveOnce(services: Services, fundId: string, roundId: string, now: Date): Promise<boolean> {
  return within(services.db, { fund: fundId }, async (tx) => {
    const round = await lockRoundById(tx, fundId, roundId);
    const to = round && duePhase(round, now);
    if (!round || !to) return false;
    const refusal = await moveByDate(tx, round, to, services, now);
    if (refusal instanceof Refusal) throw new StaysPut(refusal);
    return true;
  });
}
