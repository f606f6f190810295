/** Re-encodes the pictures that wait, one after the other: woken by each that is added, and every minute for what a crash left behind. */
import { within, type Transaction } from '@commonpot/db/client';
import type { Job } from '../jobs.ts';
import { record } from '../record.ts';
import type { Services } from '../services.ts';
import { reencode } from './encoding.ts';
import { fundIds } from './reads.ts';
import { TRIES_MAX } from './rules.ts';
import { putBack, settle, takeDue } from './writes.ts';

const PREPARE = 'platform.prepare-pictures';
/** Pictures of one fund in one run; what is left waits for the next. */
const BATCH = 20;

/** Wakes the job with the transaction in which a picture was added. */
export async function wakePictures(services: Services, tx: Transaction): Promise<void> {
  await services.queue.enqueue(tx, PREPARE, {});
}

export function pictureJobs(services: Services): Job<never>[] {
  return [{ name: PREPARE, cron: '* * * * *', run: (_data: object, now: Date) => inTurn(() => prepareDue(services, now)) } as Job<never>];
}

let last: Promise<void> = Promise.resolve();

/** One run at a time in this process: a picture takes a processor and much memory. */
function inTurn(run: () => Promise<void>): Promise<void> {
  const mine = last.then(run);
  last = mine.catch(() => {});
  return mine;
}

/** Prepares what is due at `now` in every fund. Throws at the end when a try failed, so that the queue says so. */
export async function prepareDue(services: Services, now: Date, encode: typeof reencode = reencode): Promise<void> {
  let failed = 0;
  for (const fundId of await within(services.db, {}, fundIds)) {
    for (let left = BATCH; left > 0; left -= 1) {
      const due = await within(services.db, { fund: fundId }, (tx) => takeDue(tx, fundId, now));
      if (!due) break;
      if (due !== 'given-up' && !(await prepare(services, fundId, due, now, encode))) failed += 1;
    }
  }
  if (failed > 0) throw new Error(`${failed} pictures could not be re-encoded this time`);
}

async function prepare(services: Services, fundId: string, due: { id: string; tries: number; bytes: Buffer }, now: Date, encode: typeof reencode): Promise<boolean> {
  // The process failed, which is nobody's fault that is known yet.
  const made = await encode(due.bytes).catch(() => null);
  const isOver = made !== null || due.tries >= TRIES_MAX;
  const files = made === 'unreadable' ? null : made;
  await within(services.db, { fund: fundId }, async (tx) => {
    if (!isOver) return putBack(tx, fundId, due.id, now);
    const isSettled = await settle(tx, fundId, due.id, files);
    if (isSettled) await record(tx, { fundId, name: files ? 'picture.prepared' : 'picture.refused', subject: { picture: due.id }, actorId: null, at: now });
  });
  return made !== null;
}
