/** Brings a database to the newest migration. Runs as the owner; the application itself may not change a table. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { PgBoss } from 'pg-boss';
import pg from 'pg';

const MINIMUM_VERSION = 18;
const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** A database that Commonpot cannot use, with the one sentence that says why. */
export class UnusableDatabase extends Error {}

/** Opens an owner's connection, or throws `UnusableDatabase` with a sentence for the person at the terminal. */
export async function connectOwner(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const reason = error instanceof AggregateError ? error.errors.map((each: Error) => each.message).join('; ') : (error as Error).message;
    throw new UnusableDatabase(`The database that DATABASE_URL names cannot be reached: ${reason}.`);
  }
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  const version = Math.floor(Number(rows[0]?.version) / 10_000);
  if (version < MINIMUM_VERSION) {
    await client.end();
    throw new UnusableDatabase(`The database is PostgreSQL ${version}; Commonpot needs PostgreSQL ${MINIMUM_VERSION} or later.`);
  }
  return client;
}

/** The names of all migrations, in order. */
export function listMigrations(): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -4)).sort();
}

/** The names of the migrations that a database has had, in order; none where it is new. */
export async function readMigrations(client: pg.Client): Promise<string[]> {
  const { rows: [found] } = await client.query<{ ready: boolean }>(`select to_regclass('migration') is not null as ready`);
  if (!found?.ready) return [];
  return (await client.query<{ name: string }>('select name from migration order by name')).rows.map((row) => row.name);
}

/**
 * Runs what is missing of `migrations/`, in order, all in one transaction; two starting at once wait for each other.
 * `through` names the last one to run, when the database is to stay at an older level.
 */
export async function migrate(url: string, through?: string): Promise<string[]> {
  const client = await connectOwner(url);
  try {
    await client.query(`select pg_advisory_lock(hashtext('commonpot.migrate'))`);
    const had = new Set(await readMigrations(client));
    const missing = listMigrations().filter((name) => !had.has(name) && (through === undefined || name <= through));
    const done = await runner({
      dbClient: client, dir: folder, direction: 'up', count: missing.length, migrationsTable: 'migration', checkOrder: true, noLock: true,
      logger: { debug() {}, info() {}, warn() {}, error: (message: string) => console.error(message) },
    });
    await migrateQueue(url, client);
    return done.map((each) => each.name);
  } finally {
    await client.end();
  }
}

/** The queues that jobs wait in; every job of the house is named here, because only the owner may make a queue. */
export const QUEUES = ['platform.prepare-pictures', 'people.send-message', 'people.tidy', 'payouts.expire', 'grants.dates', 'grants.adopt', 'grants.tell', 'grants.agreed', 'grants.draw', 'grants.beacon', 'grants.follow', 'grants.settle-panels', 'grants.forget-disclosures', 'grants.settle', 'grants.thanks', 'grants.erase', 'rounds.advance', 'rounds.forget-consents', 'votes.count', 'votes.beacon', 'votes.log', 'votes.mirror', 'votes.seal', 'votes.erase-rolls', 'votes.forget-contacts'] as const;

/** The job queue's schema, at the version of its library; the application may use it and not alter it. */
async function migrateQueue(url: string, client: pg.Client): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 1 });
  boss.on('error', () => {});
  await boss.start();
  try {
    const known = new Set((await boss.getQueues()).map((queue) => queue.name));
    for (const name of QUEUES) {
      if (!known.has(name)) await boss.createQueue(name, { retryLimit: 5, retryBackoff: true, retryDelay: 5, expireInSeconds: 120, deleteAfterSeconds: 60 });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await client.query(`grant usage on schema pgboss to commonpot_app;
    grant select, insert, update, delete on all tables in schema pgboss to commonpot_app;
    grant execute on all functions in schema pgboss to commonpot_app`);
}
