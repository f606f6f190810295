/** Erases consents with their round. */
import { within } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../people/reads.ts';
import { forgetConsents } from './writes.ts';

export function consentJobs(services: Services): Job<never>[] {
  return [{ name: 'rounds.forget-consents', cron: '23 * * * *', run: async (_data: never, now) => void (await forgetDueConsents(services, now)) }];
}

/** Erases, in every fund, what is over by `now`; answers how many. Doing it again erases nothing. */
export async function forgetDueConsents(services: Services, now: Date): Promise<number> {
  let gone = 0;
  for (const fundId of await within(services.db, {}, listFundIds)) gone += await within(services.db, { fund: fundId }, (tx) => forgetConsents(tx, fundId, now));
  return gone;
}
