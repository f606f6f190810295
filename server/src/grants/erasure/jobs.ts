/** Erases personal data on its date, and logs how much. */
import { within } from '@commonpot/db/client';
import { listFundIds } from '../../people/reads.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { dueApplicants } from './reads.ts';
import { eraseDoors, erasePerson, keepErased, lockPeople, type Erased } from './writes.ts';

const AT_ONCE = 200;

/** Erases in every fund what is due at `now`; answers how many people and doors. Doing it again changes nothing. */
export async function eraseDue(services: Services, now: Date): Promise<number> {
  let erased = 0;
  await withEach(await within(services.db, {}, listFundIds), async (fundId) => {
    for (;;) {
      const done = await within(services.db, { fund: fundId }, async (tx) => {
        const sum: Erased & { doors: number } = { people: 0, requests: 0, stories: 0, accounts: 0, doors: await eraseDoors(tx, fundId, now) };
        const due = await dueApplicants(tx, fundId, now, AT_ONCE);
        await lockPeople(tx, fundId, due);
        // Somebody may have asked again before they were locked.
        for (const id of due.length > 0 ? await dueApplicants(tx, fundId, now, AT_ONCE, due) : []) {
          const one = await erasePerson(tx, fundId, id, now);
          for (const name of ['people', 'requests', 'stories', 'accounts'] as const) sum[name] += one[name];
        }
        if (sum.people + sum.doors > 0) await keepErased(tx, fundId, sum, now);
        return sum;
      });
      erased += done.people + done.doors;
      if (done.people < AT_ONCE) break;
    }
  });
  return erased;
}

export function erasureJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.erase', cron: '40 2 * * *', run: async (_data: object, now: Date) => void (await eraseDue(services, now)) } as Job<never>];
}
