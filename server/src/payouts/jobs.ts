/** Ends the vouchers and the payments in cash whose day is over. */
import { within, type Transaction } from '@commonpot/db/client';
import { listFundIds } from '../people/reads.ts';
import { withEach, type Job } from '../platform/jobs.ts';
import type { Services } from '../platform/services.ts';
import { duePayments } from './cash/reads.ts';
import { expireCash } from './cash/writes.ts';
import { dueVouchers } from './vouchers/reads.ts';
import { sweepBefore } from './vouchers/rules.ts';
import { expireVoucher } from './vouchers/writes.ts';

const EXPIRE = 'payouts.expire';
const BATCH = 500;

/** Ends every voucher and every payment in cash that is due at `now`, each in a transaction of its own; the answer is how many. */
export async function expireDue(services: Services, now: Date): Promise<number> {
  let ended = 0;
  await withEach(await within(services.db, {}, listFundIds), async (fundId) => {
    ended += await endEach(services, fundId, (tx) => dueVouchers(tx, fundId, sweepBefore(now), BATCH), (tx, voucherId) => expireVoucher(tx, { fundId, voucherId, at: now }));
    ended += await endEach(services, fundId, (tx) => duePayments(tx, fundId, now, BATCH), (tx, paymentId) => expireCash(tx, { fundId, paymentId, at: now }));
  });
  return ended;
}

async function endEach(services: Services, fundId: string, find: (tx: Transaction) => Promise<string[]>, end: (tx: Transaction, id: string) => Promise<boolean>): Promise<number> {
  let ended = 0;
  for (;;) {
    const due = await within(services.db, { fund: fundId }, find);
    for (const id of due) {
      if (await within(services.db, { fund: fundId }, (tx) => end(tx, id))) ended += 1;
    }
    if (due.length < BATCH) return ended;
  }
}

export function payoutJobs(services: Services): Job<never>[] {
  return [{ name: EXPIRE, cron: '*/5 * * * *', run: async (_data: object, now: Date) => void (await expireDue(services, now)) } as Job<never>];
}
