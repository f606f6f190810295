/** Tells people that there is news of their request, where they said that a message is safe; and takes up what waited for its day. */
import { within } from '@commonpot/db/client';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { readLanguage } from '../../platform/words.ts';
import { followHold } from './hold-writes.ts';
import { sendLink } from './links.ts';
import { dueHolds, findRequest, listFundSlugs, untoldRequests } from './reads.ts';
import { keepTold } from './writes.ts';

const AT_ONCE = 100;
const NOBODY = '00000000-0000-0000-0000-000000000000';

export function requestJobs(services: Services): Job<never>[] {
  return [
    { name: 'grants.tell', cron: '* * * * *', run: async () => void (await tellNews(services)) },
    { name: 'grants.follow', cron: '*/10 * * * *', run: async (_data, now) => void (await followHolds(services, now)) },
  ];
}

/** Sends one message for each request with news, in every fund; answers how many. Doing it again, or twice at once, sends none twice. */
export async function tellNews(services: Services): Promise<number> {
  let told = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async (fund) => {
    told += await within(services.db, { fund: fund.id }, async (tx) => {
      const untold = await untoldRequests(tx, fund.id, AT_ONCE);
      for (const { request, sealedContact, contactHash } of untold) {
        // What somebody asks with another's address rings there three times an hour, and no more.
        if (request.stateVersion > 0 || (await mayRing(services, fund.id, contactHash))) {
          await sendLink(services, tx, request, { fund, contact: services.secrets.open('applicant', sealedContact), language: readLanguage(request.language) ?? 'en', sentence: 'request_news' });
        }
        await keepTold(tx, request);
      }
      return untold.length;
    });
  });
  return told;
}

/** Whether one more message may go to an address that nobody has shown to be theirs; counts it. */
export async function mayRing({ limits }: Services, fundId: string, contactHash: Buffer): Promise<boolean> {
  const who = `${fundId}:${contactHash.toString('hex')}`;
  if ((await limits.links.wait(who)) > 0) return false;
  await limits.links.wrong(who);
  return true;
}

/** Takes up, in every fund, each request whose day has come by `now`; answers how many were followed. Doing it again changes nothing. */
export async function followHolds(services: Services, now: Date): Promise<number> {
  let followed = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id: fundId }) => {
    for (let after = NOBODY; ;) {
      const due = await within(services.db, { fund: fundId }, (tx) => dueHolds(tx, fundId, now, after, AT_ONCE));
      await withEach(due, async (id) => {
        const became = await within(services.db, { fund: fundId }, async (tx) => {
          const found = await findRequest(tx, fundId, id);
          return found ? followHold(tx, services.secrets, found, now) : 'waits';
        });
        if (became === 'followed') followed += 1;
      });
      if (due.length < AT_ONCE) break;
      after = due.at(-1) ?? after;
    }
  });
  return followed;
}
