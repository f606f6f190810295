/** Sends what a transaction decided to send, its address and words sealed on the way; and forgets what is over. */
import { within, type Transaction } from '@commonpot/db/client';
import type { Job } from '../platform/jobs.ts';
import type { Message } from '../platform/messages.ts';
import type { Services } from '../platform/services.ts';
import { tidy } from './writes.ts';

const SEND = 'people.send-message';

/** Enqueues a message with the transaction. */
export async function enqueueMessage(services: Services, tx: Transaction, message: Message): Promise<void> {
  await services.queue.enqueue(tx, SEND, { sealed: services.secrets.seal('message', JSON.stringify(message)).toString('base64') });
}

export function peopleJobs(services: Services): Job<never>[] {
  const send: Job<{ sealed: string }> = {
    name: SEND,
    async run(data, now) {
      await services.messenger.send(JSON.parse(services.secrets.open('message', Buffer.from(data.sealed, 'base64'))) as Message, now);
    },
  };
  const forget: Job<object> = { name: 'people.tidy', cron: '17 * * * *', run: (_data, now) => within(services.db, {}, (tx) => tidy(tx, now)) };
  return [send as Job<never>, forget as Job<never>];
}
