/** Puts new awards before the bodies that adopt them, and ends lists on their date: silence adopts. */
import { within } from '@commonpot/db/client';
import { enqueueMessage } from '../../people/jobs.ts';
import { languageFor } from '../../people/reads.ts';
import { withEach, type Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { words } from '../../platform/words.ts';
import { listFundSlugs } from '../requests/reads.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import { adoptingRounds, dueLists, lockAdoption, untoldOfficers } from './reads.ts';
import { adoptBySilence, keepTold, presentAwards } from './writes.ts';

/** Days before a list's date on which its officers are told again. */
const SOON_DAYS = 2;

export function adoptionJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.adopt', cron: '*/10 * * * *', run: async (_data: never, now) => {
    await adoptDue(services, now);
    await tellOfficers(services, now);
  } }];
}

/** Does what is due at `now` in every fund; answers how many lists ended and how many awards were put before a body. Doing it again changes nothing. */
export async function adoptDue(services: Services, now: Date): Promise<{ ended: number; presented: number }> {
  const done = { ended: 0, presented: 0 };
  await withEach(await within(services.db, {}, listFundSlugs), async ({ id: fundId }) => {
    const [lists, rounds] = await within(services.db, { fund: fundId }, async (tx) => [await dueLists(tx, fundId, now), await adoptingRounds(tx, fundId)]);
    for (const id of lists) {
      done.ended += await within(services.db, { fund: fundId }, async (tx) => {
        const list = await lockAdoption(tx, fundId, id);
        return list && (await adoptBySilence(tx, list, now)) ? 1 : 0;
      });
    }
    for (const id of rounds) done.presented += await within(services.db, { fund: fundId }, async (tx) => presentAwards(tx, await holdGrantRoundById(tx, fundId, id, 'update'), now));
  });
  return done;
}

/** Tells officers, in their language, that a list was put before their body, and once more shortly before its date; answers how many messages. Doing it again, or twice at once, sends none twice. */
export async function tellOfficers(services: Services, now: Date): Promise<number> {
  let told = 0;
  await withEach(await within(services.db, {}, listFundSlugs), async (fund) => {
    told += await within(services.db, { fund: fund.id }, async (tx) => {
      let sent = 0;
      for (const { adoptionId, accountId, dueAt, sealedContact, isNear, wasPresented } of await untoldOfficers(tx, fund.id, now, SOON_DAYS)) {
        // A list whose date is near when it is first told of is told of once.
        const what = wasPresented ? 'soon' as const : 'presented' as const;
        if (!sealedContact || !(await keepTold(tx, { fundId: fund.id, adoptionId, accountId, what, at: now }))) continue;
        if (isNear && !wasPresented) await keepTold(tx, { fundId: fund.id, adoptionId, accountId, what: 'soon', at: now });
        const contact = services.secrets.open('applicant', sealedContact);
        const channel = contact.startsWith('email:') ? 'email' : 'sms';
        const language = await languageFor(tx, accountId, fund.id);
        const day = dueAt.toISOString().slice(0, 10);
        const body = words(language, what === 'soon' ? 'adopt_soon' : 'adopt_list', { day, link: `${services.config.publicUrl}/agency/${fund.slug}/adoptions` });
        await enqueueMessage(services, tx, { channel, recipient: contact.slice(channel.length + 1), language, subject: words(language, 'adopt_subject'), body });
        sent += 1;
      }
      return sent;
    });
  });
  return told;
}
