/** Puts new awards before the bodies that adopt them, and ends lists on their date: silence adopts. */
import { within } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import { adoptingRounds, dueLists, lockAdoption } from './reads.ts';
import { adoptBySilence, presentAwards } from './writes.ts';

export function adoptionJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.adopt', cron: '*/10 * * * *', run: async (_data: never, now) => void (await adoptDue(services, now)) }];
}

/** Does what is due at `now` in every fund; answers how many lists ended and how many awards were put before a body. Doing it again changes nothing. */
export async function adoptDue(services: Services, now: Date): Promise<{ ended: number; presented: number }> {
  const done = { ended: 0, presented: 0 };
  for (const { id: fundId } of await within(services.db, {}, listFundSlugs)) {
    const [lists, rounds] = await within(services.db, { fund: fundId }, async (tx) => [await dueLists(tx, fundId, now), await adoptingRounds(tx, fundId)]);
    for (const id of lists) {
      done.ended += await within(services.db, { fund: fundId }, async (tx) => {
        const list = await lockAdoption(tx, fundId, id);
        return list && (await adoptBySilence(tx, list, now)) ? 1 : 0;
      });
    }
    for (const id of rounds) done.presented += await within(services.db, { fund: fundId }, async (tx) => presentAwards(tx, await holdGrantRoundById(tx, fundId, id, 'update'), now));
  }
  return done;
}
