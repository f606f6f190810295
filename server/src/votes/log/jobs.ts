/** Every ten minutes, what the pool lets out enters the log; every minute, heads go to the mirrors that have not taken them. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../people/reads.ts';
import { makeKeyring } from '../ballots/keyring.ts';
import { sendDueHeads } from './mirror-writes.ts';
import { listVoting } from './reads.ts';
import { openLogKey } from './signer.ts';
import { readStatement } from './statement-writes.ts';
import { appendBatch } from './writes.ts';

export function logJobs(services: Services): Job<never>[] {
  return [
    { name: 'votes.log', cron: '*/10 * * * *', run: async (_data: never, now) => logDueBatches(services, now) },
    { name: 'votes.mirror', cron: '* * * * *', run: async (_data: never, now) => sendDueHeads(services, now) },
  ];
}

/** Appends a batch to the log of every round in which people vote and enough of them wait. A round whose key is away waits. */
export async function logDueBatches(services: Services, now: Date): Promise<void> {
  const signer = await openLogKey(services.keys);
  if (!signer) return;
  const keyring = makeKeyring(services.keys);
  await withEach(await within(services.db, {}, listFundIds), async (fundId) =>
    withEach(await within(services.db, { fund: fundId }, (tx) => listVoting(tx, fundId)), async (roundId) => {
      const keys = await keyring.open(roundId);
      if (!keys) return;
      await within(services.db, { fund: fundId }, async (tx) => {
        const statement = await readStatement(tx, fundId, roundId);
        if (statement) await appendBatch(tx, { fundId, roundId, keys, signer, network: services.config.beacon.network, statement, isClosed: false, now });
      });
    }));
}
