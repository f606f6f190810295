/** Brings the values of the public beacon that vote rounds wait for: for the lot, where a tie needs it, and for the order in a hall. */
import { within } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import { Refusal } from '../../platform/problems.ts';
import type { Services } from '../../platform/services.ts';
import { bringDueValues, type Waiting } from '../../rounds/draws/bringing.ts';
import { listFundIds } from '../../people/reads.ts';
import * as hallReads from '../hall/reads.ts';
import * as hallWrites from '../hall/writes.ts';
import { enqueueCount } from '../tally/jobs.ts';
import { listAwaitingValue } from './reads.ts';
import { enterValue } from './writes.ts';

export function beaconJobs(services: Services): Job<never>[] {
  return [{ name: 'votes.beacon', cron: '* * * * *', run: async (_data: never, now) => void (await bringValues(services, now)) }];
}

/** Does what is due at `now` in every fund; answers how many draws it went on with. */
export async function bringValues(services: Services, now: Date): Promise<number> {
  const waiting: Waiting[] = [];
  for (const fundId of await within(services.db, {}, listFundIds)) {
    const inFund = { fund: fundId };
    const brought = (value: string) => ({ value, network: services.config.beacon.network, actorId: null, at: now });
    for (const { roundId, name } of await within(services.db, inFund, (tx) => listAwaitingValue(tx, fundId))) {
      waiting.push({ name, enter: (value) => within(services.db, inFund, async (tx) => {
        if (!((await enterValue(tx, { fundId, roundId }, name, brought(value))) instanceof Refusal)) await enqueueCount(services, tx);
      }) });
    }
    for (const { roundId, name } of await within(services.db, inFund, (tx) => hallReads.listAwaitingValue(tx, fundId))) {
      waiting.push({ name, enter: (value) => within(services.db, inFund, async (tx) => void (await hallWrites.enterValue(tx, { fundId, roundId }, brought(value)))) });
    }
  }
  return bringDueValues(services, waiting, now);
}
