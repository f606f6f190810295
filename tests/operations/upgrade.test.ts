/** An upgrade is a restart: the previous level with data in it, the rest of the migrations, and a served fund. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { buildApp } from '@commonpot/server/app';
import { readConfig } from '@commonpot/server/platform/config';
import { listMigrations, migrate } from '@commonpot/db/migrate';
import { backUp } from '../../scripts/backup.ts';
import { restore } from '../../scripts/restore.ts';
import { endCommands, startCommand } from '../lib/command.ts';
import type { TestDatabase } from '../lib/database.ts';
import { makeVisitor, queryAs } from '../lib/world.ts';
import { makeEmptyDatabase } from './empty.ts';

const all = listMigrations();
const previous = all.at(-2) as string;
const databases: TestDatabase[] = [];
afterEach(endCommands);
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await makeEmptyDatabase();
  databases.push(database);
  return database;
}

const had = async (database: TestDatabase) => (await queryAs(database.superuserUrl, 'select name from migration order by id')).rows.map((row) => row.name);

/** A fund with a pot and £12 in it and its signed-in administrator, by SQL alone: the code of the previous level is not here any more. */
async function putDataIn(database: TestDatabase): Promise<{ sessionId: string }> {
  const [host, fund, account, restriction, pot, inside, outside, session] = Array.from({ length: 8 }, () => randomUUID());
  const at = `'2026-11-01T10:00Z'`;
  await queryAs(database.superuserUrl, `begin; set local commonpot.fund = '${fund}';
    insert into host values ('${host}', 'The host', ${at});
    insert into fund (id, host_id, slug, name, currency, created_at) values ('${fund}', '${host}', 'old-fund', 'The old fund', 'GBP', ${at});
    insert into account (id, created_at) values ('${account}', ${at});
    insert into membership (fund_id, id, account_id, role, name, created_at) values ('${fund}', gen_random_uuid(), '${account}', 'administrator', 'Amina', ${at});
    insert into session (id, account_id, created_at, expires_at) values ('${session}', '${account}', ${at}, '2100-01-01');
    insert into restriction values ('${fund}', '${restriction}', '', '', '', ${at});
    insert into pot (fund_id, id, name, purpose, restriction_id, account_id, created_at) values ('${fund}', '${pot}', 'Pot', '', '${restriction}', '${inside}', ${at});
    insert into ledger_account (fund_id, id, kind, subject_id, pot_id, currency, restriction_id, created_at) values
      ('${fund}', '${outside}', 'outside', '${fund}', null, 'GBP', '${restriction}', ${at}), ('${fund}', '${inside}', 'pot', '${pot}', '${pot}', 'GBP', '${restriction}', ${at});
    insert into transfer (fund_id, id, from_account_id, to_account_id, currency, restriction_id, amount_minor, kind, at)
      values ('${fund}', gen_random_uuid(), '${outside}', '${inside}', 'GBP', '${restriction}', 1200, 'opening', ${at});
    commit`);
  return { sessionId: session as string };
}

/** A session of the fund's administrator, in a database where nobody has one. */
async function signIn(database: TestDatabase): Promise<string> {
  const sessionId = randomUUID();
  await queryAs(database.superuserUrl, `insert into session (id, account_id, created_at, expires_at) select '${sessionId}', account_id, '2026-11-01T10:00Z', '2100-01-01' from membership`);
  return sessionId;
}

/** The fund and its £12 are there, and its administrator works on. */
async function expectServed(database: TestDatabase, sessionId: string): Promise<void> {
  const config = readConfig({ DATABASE_URL: database.ownerUrl, SECRET: 'x'.repeat(48), KEYS_FOLDER: mkdtempSync(join(tmpdir(), 'commonpot-keys-')), LOG_LEVEL: 'silent' });
  const app = await buildApp(config, { pages: false });
  await app.ready();
  try {
    const administrator = makeVisitor(app, null);
    expect((await administrator.get('/health/ready')).body).toEqual({ ready: true });
    administrator.cookies.set('__Host-session', app.jwt.sign({ sid: sessionId }));
    expect((await administrator.get('/funds')).body.funds).toMatchObject([{ slug: 'old-fund' }]);
    expect((await administrator.get('/funds/old-fund/pots')).body.pots).toMatchObject([{ name: 'Pot', inPotMinor: 1200 }]);
    const made = await administrator.post('/funds/old-fund/pots', { name: 'A new pot', purpose: '', restriction: { theme: '', area: '', people: '' } });
    expect(made.status).toBe(201);
  } finally {
    await app.close();
  }
}

describe('an upgrade', () => {
  it('from the previous level keeps the data, and serves it', async () => {
    const database = await emptyDatabase();
    await migrate(database.ownerUrl, previous);
    expect(await had(database)).toEqual(all.slice(0, -1));
    const { sessionId } = await putDataIn(database);

    expect(await migrate(database.ownerUrl)).toEqual([all.at(-1)]);
    await expectServed(database, sessionId);
  });

  it('of a backup: made at the previous level, restored by this one into an empty database, and served', async () => {
    const [old, target] = [await emptyDatabase(), await emptyDatabase()];
    await migrate(old.ownerUrl, previous);
    await putDataIn(old);
    const folder = join(mkdtempSync(join(tmpdir(), 'commonpot-backup-')), 'backup');
    const taken = await backUp(old.ownerUrl, folder, new Date());
    expect(await had(old), 'a backup changes nothing').toEqual(all.slice(0, -1));

    const restored = await restore(target.ownerUrl, folder);
    expect(restored).toMatchObject({ tables: taken.tables, rows: taken.rows });
    expect(restored.proofs.filter((proof) => !proof.holds).map((proof) => proof.name), 'money that SQL put in, unconfirmed, is seen').toEqual(['transfers-confirmed']);
    expect(await had(target)).toEqual(all);
    await expectServed(target, await signIn(target));
  });

  it('runs each migration once, however many processes start at once', async () => {
    const database = await emptyDatabase();
    const done = await Promise.all([1, 2, 3].map(() => migrate(database.ownerUrl)));
    expect(done.flat().sort()).toEqual(all);
    expect(await had(database)).toEqual(all);
  });

  it('by two workers that start at once is one upgrade', async () => {
    const database = await emptyDatabase();
    await migrate(database.ownerUrl, previous);
    const settings = { DATABASE_URL: database.ownerUrl, SECRET: 'x'.repeat(48), KEYS_FOLDER: mkdtempSync(join(tmpdir(), 'commonpot-keys-')), LOG_LEVEL: 'silent' };
    const workers = [startCommand('worker', settings), startCommand('worker', settings)];
    await Promise.all(workers.map((worker) => worker.said(/The worker runs the jobs/)));
    expect(await had(database)).toEqual(all);
    for (const worker of workers) worker.signal('SIGTERM');
    expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual([0, 0]);
    expect(workers.map((worker) => worker.stderr())).toEqual(['', '']);
  });

});
