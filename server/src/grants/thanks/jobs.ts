/** Puts back what nobody chose, and what was chosen and not fetched. */
import { within } from '@commonpot/db/client';
import { listFundIds } from '../../people/reads.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { unusedThanks } from './reads.ts';
import { returnThanks } from './writes.ts';

/** Returns the unused money of every thank-you at `now`; answers how many. */
export async function returnUnused(services: Services, now: Date): Promise<number> {
  let returned = 0;
  await withEach(await within(services.db, {}, listFundIds), async (fundId) =>
    withEach(await within(services.db, { fund: fundId }, (tx) => unusedThanks(tx, fundId, now)), async (id) => {
      await within(services.db, { fund: fundId }, (tx) => returnThanks(tx, { fundId, id, at: now }));
      returned += 1;
    }));
  return returned;
}

export function thanksJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.thanks', cron: '20 3 * * *', run: async (_data: object, now: Date) => void (await returnUnused(services, now)) } as Job<never>];
}
