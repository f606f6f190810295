/** Settles payments as the payouts go: a way that failed makes room for another, and what nobody claimed goes back. */
import { within } from '@commonpot/db/client';
import { listFundIds } from '../../people/reads.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { lockRequest } from '../requests/reads.ts';
import { unsettled } from './reads.ts';
import { settle } from './writes.ts';

const BATCH = 500;
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Settles every award that something is due of at `now`, each in a transaction of its own; the answer counts what changed. Doing it again, or twice at once, changes nothing more. */
export async function settlePayments(services: Services, now: Date): Promise<number> {
  let changed = 0;
  await withEach(await within(services.db, {}, listFundIds), async (fundId) => {
    for (let after = NOBODY; ;) {
      const ids = await within(services.db, { fund: fundId }, (tx) => unsettled(tx, fundId, now, after, BATCH));
      await withEach(ids, async (id) => {
        const step = await within(services.db, { fund: fundId }, async (tx) => {
          const request = await lockRequest(tx, fundId, id);
          return request ? settle(tx, request, now) : 'nothing';
        });
        if (step !== 'nothing') changed += 1;
      });
      if (ids.length < BATCH) break;
      after = ids.at(-1) ?? after;
    }
  });
  return changed;
}

export function paymentJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.settle', cron: '*/10 * * * *', run: async (_data: object, now: Date) => void (await settlePayments(services, now)) } as Job<never>];
}
