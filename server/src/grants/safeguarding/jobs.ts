/** Erases disclosures on their end date. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { forgetDisclosures } from './writes.ts';

export function safeguardingJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.forget-disclosures', cron: '41 * * * *', run: async (_data: never, now) => void (await forgetDueDisclosures(services, now)) }];
}

/** Erases, in every fund, what is over by `now`; answers how many. Doing it again erases nothing. */
export async function forgetDueDisclosures(services: Services, now: Date): Promise<number> {
  let gone = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id }) => {
    gone += await within(services.db, { fund: id }, (tx) => forgetDisclosures(tx, id, now));
  });
  return gone;
}
