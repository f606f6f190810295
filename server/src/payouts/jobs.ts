/** Ends the vouchers whose day is over. */
import { within } from '@commonpot/db/client';
import type { Job } from '../platform/jobs.ts';
import type { Services } from '../platform/services.ts';
import { dueVouchers, fundIds } from './vouchers/reads.ts';
import { sweepBefore } from './vouchers/rules.ts';
import { expireVoucher } from './vouchers/writes.ts';

const EXPIRE = 'payouts.expire';
const BATCH = 500;

/** Ends every voucher that is due at `now`, each in a transaction of its own; the answer is how many. */
export async function expireDue(services: Services, now: Date): Promise<number> {
  let ended = 0;
  for (const fundId of await within(services.db, {}, fundIds)) {
    for (;;) {
      const due = await within(services.db, { fund: fundId }, (tx) => dueVouchers(tx, fundId, sweepBefore(now), BATCH));
      for (const voucherId of due) {
        if (await within(services.db, { fund: fundId }, (tx) => expireVoucher(tx, { fundId, voucherId, at: now }))) ended += 1;
      }
      if (due.length < BATCH) break;
    }
  }
  return ended;
}

export function payoutJobs(services: Services): Job<never>[] {
  return [{ name: EXPIRE, cron: '*/5 * * * *', run: async (_data: object, now: Date) => void (await expireDue(services, now)) } as Job<never>];
}
