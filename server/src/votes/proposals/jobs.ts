/** Forgets how to reach proposers once nobody needs to. Figures, words and shown names stay. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import { record } from '../../platform/record.ts';
import type { Services } from '../../platform/services.ts';
import { listFundIds } from '../../people/reads.ts';
import { privatePeople } from './reads.ts';
import { contactEndsAt } from './rules.ts';
import { forgetContacts } from './writes.ts';

export function proposalJobs(services: Services): Job<never>[] {
  return [{ name: 'votes.forget-contacts', cron: '41 3 * * *', run: async (_data: never, now) => void (await forgetDueContacts(services, now)) }];
}

/** Forgets what is due at `now` in every fund and records how many of each round; the answer is of how many ideas. Doing it again finds none. */
export async function forgetDueContacts(services: Services, now: Date): Promise<number> {
  let forgotten = 0;
  await withEach(await within(services.db, {}, listFundIds), (fundId) =>
    within(services.db, { fund: fundId }, async (tx) => {
      const due = (await privatePeople(tx, fundId)).filter((each) => contactEndsAt(each.sentAt, each.votingClosesAt) <= now);
      for (const [roundId, theirs] of Map.groupBy(due, (each) => each.roundId)) {
        const count = await forgetContacts(tx, fundId, theirs.map((each) => each.proposalId));
        if (count > 0) await record(tx, { fundId, name: 'proposal.contacts-forgotten', subject: { round: roundId, count: String(count) }, actorId: null, at: now });
        forgotten += count;
      }
    }));
  return forgotten;
}
