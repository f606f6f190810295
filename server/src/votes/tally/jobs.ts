/** Counts a round once its voting has closed, and again after each strike and the draw; every minute whatever was left by a crash. */
import { within, type Transaction } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds, timeZoneOf } from '../../people/reads.ts';
import { makeKeyring } from '../ballots/keyring.ts';
import { openLogKey } from '../log/signer.ts';
import { readStatement } from '../log/statement-writes.ts';
import { appendBatch } from '../log/writes.ts';
import { waitsForPaper } from '../paper/reads.ts';
import { SEAL } from '../sealing/jobs.ts';
import { listUncounted } from '../sealing/reads.ts';
import { countProvisionally } from '../sealing/writes.ts';

const COUNT = 'votes.count';

/** Wakes the count with the transaction in which voting closes. */
export async function enqueueCount(services: Services, tx: Transaction): Promise<void> {
  await services.queue.enqueue(tx, COUNT, {});
}

export function tallyJobs(services: Services): Job<never>[] {
  return [{ name: COUNT, cron: '* * * * *', run: async (_data: never, now) => countDueRounds(services, now) }];
}

/**
 * Closes the log of every round of every fund that has closed, and counts it where it has no count as things stand.
 * A round whose key is away waits, and so does one whose paper is not in.
 */
export async function countDueRounds(services: Services, now: Date): Promise<void> {
  const keyring = makeKeyring(services.keys);
  const signer = await openLogKey(services.keys);
  await withEach(await within(services.db, {}, listFundIds), async (fundId) => {
    const { due, timeZone } = await within(services.db, { fund: fundId }, async (tx) => ({ due: await listUncounted(tx, fundId), timeZone: await timeZoneOf(tx, fundId) }));
    await withEach(due, async (roundId) => {
      const keys = await keyring.open(roundId);
      if (!keys || !signer) return;
      await within(services.db, { fund: fundId }, async (tx) => {
        const ref = { fundId, roundId };
        if (await waitsForPaper(tx, ref)) return;
        const statement = await readStatement(tx, fundId, roundId);
        if (!statement) return;
        await appendBatch(tx, { ...ref, keys, signer, network: services.config.beacon.network, statement, isClosed: true, now });
        const refusal = await countProvisionally(tx, ref, { keys, timeZone, now });
        if (refusal instanceof Refusal && refusal.code !== 'wrong-phase') throw new Error(`a round could not be counted: ${refusal.code}`);
        await services.queue.enqueue(tx, SEAL, {});
      });
    });
  });
}
