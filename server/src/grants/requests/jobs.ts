/** Tells people that there is news of their request, where they said that a message is safe. */
import { within } from '@commonpot/db/client';
import type { Job } from '../../platform/jobs.ts';
import type { Services } from '../../platform/services.ts';
import { readLanguage } from '../../platform/words.ts';
import { sendLink } from './links.ts';
import { listFundSlugs, untoldRequests } from './reads.ts';
import { keepTold } from './writes.ts';

const AT_ONCE = 100;

export function requestJobs(services: Services): Job<never>[] {
  return [{ name: 'grants.tell', cron: '* * * * *', run: async () => void (await tellNews(services)) }];
}

/** Sends one message for each request with news, in every fund; answers how many. Doing it again, or twice at once, sends none twice. */
export async function tellNews(services: Services): Promise<number> {
  let told = 0;
  for (const fund of await within(services.db, {}, listFundSlugs)) {
    told += await within(services.db, { fund: fund.id }, async (tx) => {
      const untold = await untoldRequests(tx, fund.id, AT_ONCE);
      for (const { request, sealedContact } of untold) {
        const contact = services.secrets.open('applicant', sealedContact);
        const channel = contact.startsWith('email:') ? 'email' : 'sms';
        await sendLink(services, tx, { fund, channel, recipient: contact.slice(channel.length + 1), language: readLanguage(request.language) ?? 'en', clientKey: request.clientKey, sentence: 'request_news' });
        await keepTold(tx, request);
      }
      return untold.length;
    });
  }
  return told;
}
