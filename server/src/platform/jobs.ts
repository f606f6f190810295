/** Jobs: work outside the request, enqueued inside the business transaction. The queue wakes them; what is due at T is in the tables. */
import { PgBoss, fromDrizzle, type JobResult } from 'pg-boss';
import { sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';

/** One kind of work. `run` must bear being called twice with the same data. */
export interface Job<Data extends object> {
  name: string;
  /** Minutes between wakings, for jobs that look for what is due; others run when enqueued. */
  cron?: string;
  run(data: Data, now: Date): Promise<void>;
}

export interface Queue {
  /** Enqueues with the transaction: no commit, no job. */
  enqueue(tx: Transaction, name: string, data: object): Promise<void>;
  /** Connects, so that jobs can be enqueued. */
  open(): Promise<void>;
  /** Runs these jobs in this process, until `stop`. */
  start(jobs: readonly Job<never>[], clock: () => Date): Promise<void>;
  stop(): Promise<void>;
}

/** Does `work` with each in turn. What fails with one keeps no other from their turn: it is thrown once all had theirs. */
export async function withEach<T>(all: Iterable<T>, work: (each: T) => Promise<void>): Promise<void> {
  const faults: unknown[] = [];
  for (const each of all) await work(each).catch((error: unknown) => void faults.push(error));
  if (faults.length > 0) throw faults.length === 1 ? faults[0] : new AggregateError(faults, `${faults.length} could not be done`);
}

/** How many jobs of one kind are taken at once: a thousand people who ask for a code do not wait in line. */
const BATCH = 50;

/** One job's end, apart from its neighbours'. What failed is tried again by the queue. */
async function settle(id: string, run: () => Promise<void>, onError: (error: Error) => void): Promise<JobResult> {
  try {
    await run();
    return { id, status: 'completed' };
  } catch (error) {
    onError(error as Error);
    return { id, status: 'failed', output: (error as Error).name };
  }
}

/** The queue in PostgreSQL's schema `pgboss`, which `migrate` made; as the application's role it may not alter it. */
export function openQueue(databaseUrl: string, onError: (error: Error) => void): Queue {
  const boss = new PgBoss({ connectionString: databaseUrl, options: '-c role=commonpot_app', max: 4, migrate: false, createSchema: false, supervise: true, schedule: true } as ConstructorParameters<typeof PgBoss>[0] & object);
  boss.on('error', onError);
  let started = false;
  return {
    async enqueue(tx, name, data) {
      await boss.send(name, data, { db: fromDrizzle(tx as never, sql as never) });
    },
    async open() {
      await boss.start();
      started = true;
    },
    async start(jobs, clock) {
      for (const job of jobs) {
        await boss.work(job.name, { pollingIntervalSeconds: 0.5, batchSize: BATCH, burstWhenBatchFull: true, perJobResults: true }, (batch) =>
          Promise.all(batch.map((each) => settle(each.id, () => (job as Job<object>).run(each.data as object, clock()), onError))));
        if (job.cron) await boss.schedule(job.name, job.cron);
      }
    },
    async stop() {
      if (started) await boss.stop({ graceful: true, timeout: 5000 });
    },
  };
}
