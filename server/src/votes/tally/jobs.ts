/** Counts a round once its voting has closed; and every minute whatever was left uncounted by a crash. */
import { within, type Transaction } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../rounds/reads.ts';
import { makeKeyring } from '../ballots/keyring.ts';
import { findUncounted } from './reads.ts';
import { countRound } from './writes.ts';

const COUNT = 'votes.count';

/** Wakes the count with the transaction in which voting closes. */
export async function enqueueCount(services: Services, tx: Transaction): Promise<void> {
  await services.queue.enqueue(tx, COUNT, {});
}

export function tallyJobs(services: Services): Job<never>[] {
  return [{ name: COUNT, cron: '* * * * *', run: async (_data: never, now) => countDueRounds(services, now) }];
}

/** Counts every round of every fund that is in its counting phase and has no tally. A round whose key is away waits. */
export async function countDueRounds(services: Services, now: Date): Promise<void> {
  const keyring = makeKeyring(services.keys);
  for (const fundId of await within(services.db, {}, listFundIds)) {
    const due = await within(services.db, { fund: fundId }, (tx) => findUncounted(tx, fundId));
    for (const roundId of due) {
      const keys = await keyring.open(roundId);
      if (!keys) continue;
      const outcome = await within(services.db, { fund: fundId }, (tx) => countRound(tx, { fundId, roundId, keys, now }));
      if (outcome instanceof Refusal && outcome.code !== 'wrong-phase') throw new Error(`a round could not be counted: ${outcome.code}`);
    }
  }
}
