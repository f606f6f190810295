/** The stage of a simulation: a database of its own, the real app on a real port, and a clock that the simulation moves. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import { buildApp } from '@commonpot/server/app';
import { grantJobs } from '@commonpot/server/grants/jobs';
import { jobsOf } from '@commonpot/server/main';
import { payoutJobs } from '@commonpot/server/payouts/jobs';
import { peopleJobs } from '@commonpot/server/people/jobs';
import { readConfig } from '@commonpot/server/platform/config';
import type { Job } from '@commonpot/server/platform/jobs';
import { newFund } from '../../new-fund.ts';
import { startThrowawayPostgres } from '../throwaway.ts';
import { addressOf, ADMINISTRATORS } from './plan.ts';

export const FUND = 'simulation';

export interface Stage {
  origin: string;
  databaseUrl: string;
  fundId: string;
  clock: { now: Date };
  /** Does what is due at the clock's time, as the worker does when the queue wakes it. */
  wake(): Promise<void>;
  /** References of requests that waited for their day, and of those that followed them. */
  readFollowed(): Promise<{ of: string; by: string }[]>;
  close(): Promise<void>;
}

/** Makes everything new and listens on a free port of this machine; `close` leaves nothing behind. `databaseUrl` may name an empty database to use instead. */
export async function openStage(start: Date, databaseUrl: string | undefined): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-simulation-'));
  // As root, PostgreSQL runs under another account, which must reach its folder in here.
  chmodSync(folder, 0o755);
  const database = databaseUrl ? { url: databaseUrl, drop: async () => {} } : await openDatabase(join(folder, 'postgres'));
  const clear = async (): Promise<void> => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(database.url);
    const config = readConfig({
      DATABASE_URL: database.url, SECRET: randomBytes(32).toString('base64url'), KEYS_FOLDER: join(folder, 'keys'), DEMONSTRATION: 'true',
      TRUST_PROXY: 'loopback', LOG_LEVEL: 'error', CODES_PER_HOUR: '100000', ASKS_PER_HOUR: '100000',
    });
    const clock = { now: start };
    const fundId = await newFund(config, { host: 'Simulation Trust', slug: FUND, name: 'Simulation', purpose: '', currency: 'GBP', language: 'en', timeZone: 'Europe/London' }, addressOf(ADMINISTRATORS[0]), 'Ada');
    const app = await buildApp(config, { clock: () => clock.now, pages: false });
    await app.listen({ host: '127.0.0.1', port: 0 });
    await app.services.queue.start(jobsOf(app.services).filter((job) => !job.cron), () => clock.now);
    const reader = new pg.Client({ connectionString: database.url });
    await reader.connect();
    await reader.query(`select set_config('commonpot.fund', $1, false)`, [fundId]);
    const due = [...payoutJobs(app.services), ...grantJobs(app.services), ...peopleJobs(app.services)].filter((job) => job.cron) as Job<object>[];
    return {
      origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, databaseUrl: database.url, fundId, clock,
      async wake() {
        for (const job of due) await job.run({}, clock.now);
      },
      async readFollowed() {
        const { rows } = await reader.query<{ of: string; by: string }>(`select r.reference as of, n.reference as by from request_hold h
          join request r on r.fund_id = h.fund_id and r.id = h.request_id join request n on n.fund_id = h.fund_id and n.id = h.followed_by`);
        return rows;
      },
      async close() {
        await reader.end();
        await app.close();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

async function openDatabase(folder: string): Promise<{ url: string; drop(): Promise<void> }> {
  const postgres = await startThrowawayPostgres(folder);
  await prepareCluster(postgres.superuserUrl);
  return { url: postgres.url, drop: () => postgres.stop() };
}
