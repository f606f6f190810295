/** A world with money, ballots and a voucher: backed up, restored into an empty database, and carried on with. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '@commonpot/server/app';
import { backUp } from '../../scripts/backup.ts';
import { Stop } from '../../scripts/lib/entry.ts';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { restore } from '../../scripts/restore.ts';
import { links } from '../../web/src/lib/links.ts';
import { startCommand } from '../lib/command.ts';
import type { TestDatabase } from '../lib/database.ts';
import { makeVisitor, makeWorld, queryAs, type Visitor, type World } from '../lib/world.ts';
import { filledPot, issuePaper, must, take } from '../payouts/house.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from '../votes/voting-round.ts';
import { makeEmptyDatabase } from './empty.ts';

const LEFT_OUT = ['migration', 'session', 'sign_in_challenge', 'demonstration_message'];
const place = mkdtempSync(join(tmpdir(), 'commonpot-backup-'));
const folder = join(place, 'backup');

let world: World;
let open: VotingRound;
let counted: VotingRound;
let voucher: { id: string; code: string };
let before: Record<string, unknown>;
let currentMark: string;
/** One port before and after: a page may name its own address. */
let port: number;
let seenBefore: Record<string, string>;
const databases: TestDatabase[] = [];

beforeAll(async () => {
  world = await makeWorld();
  counted = await openVoting(world, { codes: 3 });
  for (const [index, projects] of [['1'], ['1', '3'], ['3']].entries()) await cast(await phoneWith(world, counted, counted.codes[index] as string), counted, draw(...projects));
  await must(world.fund.people.administrator.post(`${counted.path}/transitions`, { to: 'counting', reason: 'test' }));
  await countAndSeal(world);
  await must(world.fund.people.administrator.post(`${counted.path}/transitions`, { to: 'results', reason: 'test' }));
  open = await openVoting(world, { codes: 12 });
  for (const code of open.codes.slice(0, 9)) {
    const phone = await phoneWith(world, open, code);
    const answer = await cast(phone, open, draw('1'));
    currentMark = answer.body.current;
    if (code === open.codes[0]) await cast(phone, open, draw('2'), currentMark);
  }
  voucher = await issuePaper(world.fund, await filledPot(world.fund, 100_000), 5000);
  await take(world.fund, world.fund.people.shop, voucher.code, 1250);
  await filledPot(world.otherFund, 700);
  before = await digests(world.database.superuserUrl);
  port = await findFreePort();
  seenBefore = await whatPeopleSee(world.database, world.config.keysFolder);
}, 120_000);
afterAll(async () => {
  await world.close();
  for (const database of databases) await database.drop();
  rmSync(place, { recursive: true, force: true });
});

/** Rows and content of every table and partition, as the superuser sees them. */
async function digests(url: string): Promise<Record<string, unknown>> {
  const { rows: tables } = await queryAs(url, `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`);
  const found: Record<string, unknown> = {};
  for (const { name } of tables.filter((table) => !LEFT_OUT.includes(table.name))) {
    found[name] = (await queryAs(url, `select count(*)::int as rows, md5(string_agg(t::text, E'\\n' order by t::text collate "C")) as digest from "${name}" t`)).rows[0];
  }
  return found;
}

/** Every public page of both rounds, and what the API answers about them, as a stranger reads it; without the nonce, which is new each time. */
async function whatPeopleSee(database: TestDatabase, keysFolder: string): Promise<Record<string, string>> {
  const publicUrl = `http://localhost:${port}`;
  const app = await buildApp({ ...world.config, databaseUrl: database.ownerUrl, keysFolder, publicUrl }, { clock: () => world.clock.now, pages: true });
  await app.listen({ host: '127.0.0.1', port });
  const { slug } = world.fund;
  const [done, voting] = [counted, open].map((round) => round.path.split('/').at(-1) as string) as [string, string];
  const pages = [links.fund(slug), links.round(slug, voting), links.project(slug, voting, '2'), links.round(slug, done), links.project(slug, done, '1'), links.results(slug, done), links.resultsFile(slug, done)];
  const answers = [counted, open].flatMap(({ path }) => [path, `${path}/projects`, `${path}/projects/1`]).concat(`${counted.path}/tally`).map((path) => `/api/v1${path}`);
  const seen: Record<string, string> = {};
  try {
    for (const path of [...pages, ...answers]) {
      const answer = await fetch(`${publicUrl}${path}`);
      seen[path] = `${answer.status} ${(await answer.text()).replace(/nonce="[^"]*"/g, 'nonce')}`;
    }
    return seen;
  } finally {
    await app.close();
  }
}

const settings = (database: TestDatabase, more: Record<string, string> = {}) => ({
  DATABASE_URL: database.ownerUrl, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder, ...more,
});

async function command(name: string, args: string[], environment: Record<string, string>): Promise<{ status: number | null; out: string; err: string }> {
  const started = startCommand(name, environment, args);
  const status = await started.ended;
  return { status, out: started.stdout(), err: started.stderr() };
}

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await makeEmptyDatabase();
  databases.push(database);
  return database;
}

const allText = (): string => readdirSync(join(folder, 'tables')).map((name) => readFileSync(join(folder, 'tables', name), 'utf8')).join('\n');

describe('a backup', () => {
  it('holds every row of every table, of every fund, and the accounts of none', async () => {
    const { status, out, err } = await command('backup', [folder, '--json'], settings(world.database));
    expect([err, status]).toEqual(['', 0]);
    const { tables } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const parents = Object.entries(before).filter(([name]) => !/_[0-9a-f]{32}$/.test(name)).map(([name, { rows }]: [string, any]) => [name, rows]);
    expect(tables.map((table: any) => [table.name, table.rows])).toEqual(parents);
    expect(JSON.parse(out)).toMatchObject({ folder, tables: parents.length, rows: parents.reduce((sum, [, rows]) => sum + rows, 0), keys: null });
    for (const name of ['account', 'transfer', 'ballot_open', 'tally', 'voucher', 'redemption']) expect(tables.find((table: any) => table.name === name).rows, name).toBeGreaterThan(0);
  });

  it('may be read by its owner only', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.filter((entry) => (statSync(join(entry.parentPath, entry.name)).mode & 0o77) !== 0)).toEqual([]);
  });

  it('lists ballots in the order of their slots, which is not the order of voting', async () => {
    const slots = readFileSync(join(folder, 'tables/ballot_open.copy'), 'utf8').trimEnd().split('\n').map((line) => line.split('\t').slice(1, 3).join());
    expect(slots, 'of the open round; the sealed one has no box any more').toHaveLength(9);
    expect(slots).toEqual([...slots].sort());
    const asCast = (await world.superuser('select slot from ballot_open')).rows.map((row) => row.slot.toString('hex'));
    expect(slots.map((slot) => slot.slice(-64))).not.toEqual(asCast);
  });

  it('holds no key and no session', async () => {
    const keys = readdirSync(world.config.keysFolder).map((name) => readFileSync(join(world.config.keysFolder, name)));
    expect(keys).toHaveLength(2);
    const text = allText();
    for (const key of keys) for (const form of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(key.toString(form));
    expect(readdirSync(join(folder, 'tables')).filter((name) => /session|challenge|\.key/.test(name))).toEqual([]);
    const { rows } = await world.superuser('select id from session');
    expect(rows.filter((row) => text.includes(row.id))).toEqual([]);
  });

  it('copies keys to another place on request, and never to the same', async () => {
    const together = await command('backup', [join(place, 'b2'), '--keys', join(place, 'b2/keys')], settings(world.database));
    expect([together.status, together.err]).toEqual([1, 'The keys and the backup may not lie in one folder: together they open ballots.\n']);
    const around = await command('backup', [join(world.config.keysFolder, 'b3')], settings(world.database));
    expect([around.status, around.err]).toEqual([1, expect.stringMatching(/may not lie in one folder/)]);
    const apart = await command('backup', [join(place, 'b4'), '--keys', join(place, 'keys')], settings(world.database));
    expect([apart.status, apart.out]).toEqual([0, expect.stringMatching(/2 keys of rounds are in .*NEVER/)]);
    for (const name of readdirSync(world.config.keysFolder)) {
      expect(readFileSync(join(place, 'keys', name))).toEqual(readFileSync(join(world.config.keysFolder, name)));
      expect(statSync(join(place, 'keys', name)).mode & 0o777).toBe(0o600);
    }
  });

  it('is not written over another', async () => {
    await expect(backUp(world.database.ownerUrl, folder, world.clock.now)).rejects.toThrow(new Stop(`${folder} is not empty; name a new folder for each backup.`));
  });
});

describe('a restore', () => {
  let database: TestDatabase;
  const keysFolder = join(place, 'restored-keys');

  it('into an empty database gives every table back, and proves the ledger', async () => {
    database = await emptyDatabase();
    const { status, out, err } = await command('restore', [folder, '--keys', join(place, 'keys'), '--json'], settings(database, { KEYS_FOLDER: keysFolder }));
    expect([err, status]).toEqual(['', 0]);
    expect(JSON.parse(out)).toMatchObject({ ledger: 'proven', keys: 2 });
    expect(await digests(database.superuserUrl)).toEqual(before);
  });

  it('shows everybody the same pages and answers as before', async () => {
    expect(await whatPeopleSee(database, keysFolder)).toEqual(seenBefore);
    const pages = Object.values(seenBefore).filter((text) => text.includes('<h1'));
    expect(pages).toHaveLength(6);
    expect(pages.filter((text) => text.startsWith('200 '))).toHaveLength(6);
    expect(pages.join()).toContain('Warm Thursdays at the Old Bakery');
  });

  it('leaves every guard in place', async () => {
    const guards = `select c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, (select string_agg(tgname || tgenabled::text, ' ' order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
      (select string_agg(pg_get_constraintdef(oid), ' ' order by pg_get_constraintdef(oid)) from pg_constraint where conrelid = c.oid) as constraints
      from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`;
    expect((await queryAs(database.superuserUrl, guards)).rows).toEqual((await world.superuser(guards)).rows);
    await expect(queryAs(database.ownerUrl, `begin; set local commonpot.fund = '${world.fund.id}'; delete from transfer`)).rejects.toThrow('append-only');
    expect((await queryAs(database.ownerUrl, 'select count(*)::int as n from account')).rows[0].n).toBe(0);
  });

  it('lets people vote on, reads the tally, and takes the rest of the voucher', async () => {
    const app = await buildApp({ ...world.config, databaseUrl: database.ownerUrl, keysFolder }, { clock: () => world.clock.now, pages: false });
    await app.ready();
    try {
      const restored = { ...world, app, visitor: () => makeVisitor(app, null) };
      expect((await restored.visitor().get('/health/ready')).body).toEqual({ ready: true });
      expect((await restored.visitor().get(`${counted.path}/tally`)).body).toEqual((await world.visitor().get(`${counted.path}/tally`)).body);
      expect((await cast(await phoneWith(restored, open, open.codes[9] as string), open, draw('4'))).status).toBe(200);
      const again = await phoneWith(restored, open, open.codes[8] as string);
      expect((await cast(again, open, draw('4'))).body.code).toBe('already-voted');
      expect((await cast(again, open, draw('4'), currentMark)).status).toBe(200);
      const shop = await signedIn(app, 'shop', database);
      expect((await take(world.fund, shop, voucher.code, 3750)).body).toMatchObject({ leftMinor: 0 });
    } finally {
      await app.close();
    }
    const ledger = await command('check-ledger', ['--json'], settings(database));
    expect([ledger.status, JSON.parse(ledger.out).ok]).toEqual([0, true]);
  });

  it('needs the old session of nobody', async () => {
    const { rows } = await queryAs(database.superuserUrl, `select count(*)::int as n from session where created_at < $1 and elector_id is null and id = any ($2)`,
      [world.clock.now, (await world.superuser('select id from session')).rows.map((row) => row.id)]);
    expect(rows[0].n).toBe(0);
  });

  it('refuses a database that holds anything', async () => {
    for (const filled of [database, world.database]) await expect(restore(filled.ownerUrl, folder)).rejects.toThrow(/^The database is not empty: there are rows in .*account.*nothing was changed\.$/);
    expect(await digests(world.database.superuserUrl)).toEqual(before);
  });

  it('refuses a folder that is no backup, or that lost something, before it changes anything', async () => {
    const target = await emptyDatabase();
    const broken = join(place, 'broken');
    const refusal = async (harm: () => void): Promise<string> => {
      rmSync(broken, { recursive: true, force: true });
      cpSync(folder, broken, { recursive: true });
      harm();
      return restore(target.ownerUrl, broken).then(() => 'restored', (error: unknown) => {
        expect(error).toBeInstanceOf(Stop);
        return (error as Stop).message;
      });
    };
    const manifest = join(broken, 'manifest.json');
    expect(await refusal(() => rmSync(manifest))).toMatch(/holds no manifest\.json/);
    expect(await refusal(() => writeFileSync(manifest, '{}'))).toMatch(/is not the manifest/);
    expect(await refusal(() => rmSync(join(broken, 'tables/transfer.copy')))).toMatch(/transfer\.copy cannot be read/);
    expect(await refusal(() => writeFileSync(join(broken, 'tables/transfer.copy'), ''))).toMatch(/transfer\.copy is not what was backed up/);
    expect(await refusal(() => writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('0001_platform', '0001_elsewhere')))).toMatch(/made by another Commonpot/);
    expect((await queryAs(target.superuserUrl, `select count(*)::int as n from pg_class where relnamespace = 'public'::regnamespace`)).rows[0].n).toBe(0);
  });

  it('keeps nothing when a table does not read back as it was', async () => {
    const target = await emptyDatabase();
    const forged = join(place, 'forged');
    cpSync(folder, forged, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(forged, 'manifest.json'), 'utf8'));
    manifest.tables.find((table: any) => table.name === 'event').rows += 1;
    writeFileSync(join(forged, 'manifest.json'), JSON.stringify(manifest));
    expect(await command('restore', [forged], settings(target))).toMatchObject({ status: 1, err: expect.stringMatching(/The table event does not read back/) });
    expect((await queryAs(target.superuserUrl, 'select count(*)::int as n from fund')).rows[0].n).toBe(0);
  });

  it('never replaces a key by another', async () => {
    const target = await emptyDatabase();
    const other = join(place, 'other-keys');
    mkdirSync(other);
    for (const name of readdirSync(keysFolder)) writeFileSync(join(other, name), Buffer.alloc(32, 7));
    expect(await command('restore', [folder, '--keys', other], settings(target, { KEYS_FOLDER: keysFolder }))).toMatchObject({ status: 1, err: expect.stringMatching(/is another key than/) });
  });
});

/** Somebody of the fund with a session in the restored database, where the old ones are gone. */
async function signedIn(app: World['app'], name: string, database: TestDatabase): Promise<Visitor> {
  const { accountId } = world.fund.people[name as 'shop'];
  const visitor = makeVisitor(app, accountId);
  const id = crypto.randomUUID();
  await queryAs(database.superuserUrl, 'insert into session (id, account_id, created_at, expires_at) values ($1, $2, $3, $4)', [id, accountId, world.clock.now, new Date('2030-01-01')]);
  visitor.cookies.set('__Host-session', app.jwt.sign({ sid: id, iat: Math.floor(world.clock.now.getTime() / 1000) }));
  return visitor;
}
