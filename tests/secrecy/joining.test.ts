/**
 * Who voted how? An intruder who holds everything (a base backup, the write-ahead log and every table from the middle of
 * the vote; the same after the sealing, with the published ballots; the server's and the database's logs; and from a
 * proxy's log who acted when) joins people to ballots no better than chance. The same attack on builds that keep
 * ballots in plain joins nearly everybody.
 */
import { createHmac } from 'node:crypto';
import { chmodSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@commonpot/db/embedded';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import { createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import { receiptCode, roundKeys, slotOf, uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { logDueBatches } from '@commonpot/server/votes/log/jobs';
import { openLogKey, signReceipt } from '@commonpot/server/votes/log/signer';
import { startServer, type ServerProcess } from '../lib/server-process.ts';
import { makeWorldOn, type World } from '../lib/world.ts';
import { countAndSeal, draw, leafFor, openVoting, type Drawn, type VotingRound } from '../votes/voting-round.ts';
import { drawNumbers, join, unlikelyDeviations, unlikelyMatches, type Joined } from './attack.ts';
import { formsOf, Searcher, takeBaseBackup, takeTables, type Haystack, type Needle, type Order } from './evidence.ts';

const CODES = 190;
const ACCOUNTS = 120;
/** Whoever has voted by the middle, when a batch enters the log and the intruder comes for the first time. */
const MIDDLE = 225;
const CHOICES = [[], ['1'], ['2'], ['3'], ['4'], ['1', '2'], ['1', '3'], ['2', '3'], ['1', '2', '3']];

interface Person {
  name: string;
  code: string | null;
  accountId: string | null;
  electorId: string;
  cookies: Map<string, string>;
  /** Every ballot they cast, the one that stands last; and its handle. */
  ballots: Drawn[];
  current: string | null;
  noScript: boolean;
}

const random = drawNumbers(20261121);
let folder: string;
let postgres: EmbeddedPostgres;
let world: World;
let server: ServerProcess;
let intruder: pg.Client;
let portal: pg.Client;
let round: VotingRound;
let people: Person[];
/** What a proxy notes: who asked for what, one after the other. */
const proxy: { person: number; casts: boolean; at: number }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path(tmpdir(), 'commonpot-intruder-'));
  chmodSync(folder, 0o755);
  const data = path(folder, 'postgres');
  const careless = await startEmbeddedPostgres(data);
  // As much in its logs as an operator could ask for.
  for (const setting of [`wal_level = 'logical'`, `wal_keep_size = '1GB'`, `log_statement = 'all'`, 'log_min_duration_statement = 0', 'track_commit_timestamp = on']) await queryOnce(careless.superuserUrl, `alter system set ${setting}`);
  await careless.stop();
  postgres = await startEmbeddedPostgres(data);
  await prepareCluster(postgres.superuserUrl);
  await migrate(postgres.url);
  await queryOnce(postgres.superuserUrl, 'create database portal');
  world = await makeWorldOn({ ownerUrl: postgres.url, superuserUrl: postgres.superuserUrl.replace('/postgres?', '/commonpot?'), drop: async () => {} }, { now: new Date() });
  [intruder, portal] = await Promise.all(['commonpot', 'portal'].map(connect)) as [pg.Client, pg.Client];
  await openPortal();
  round = await openVoting(world, { credentials: ['code', 'roll'], names: Array.from({ length: CODES }, (_, index) => `Neighbour ${index}`), more: { area: ['Tanner Hill', 'Mill Lane'] } });
  people = await listPeople();
  const settings = { DATABASE_URL: postgres.url, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder, PUBLISH_FOLDER: world.config.publishFolder, PUBLISH_COPY: world.config.publishCopy, DEMONSTRATION: 'true', LOG_LEVEL: 'debug' };
  server = await startServer(settings, openSync(path(folder, 'server.out'), 'w'));
});

afterAll(async () => {
  await server?.stop('SIGINT');
  await Promise.all([intruder?.end(), portal?.end()]);
  await world?.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const connect = async (database: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: postgres.superuserUrl.replace('/postgres?', `/${database}?`) });
  await client.connect();
  return client;
};

async function queryOnce(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/** Two builds that keep ballots in plain: one row a vote without a name, and one row a keyed tag, so that votes can be replaced. */
async function openPortal(): Promise<void> {
  await portal.query(`create table vote (id bigserial primary key, choices text not null, receipt bytea not null, cast_at timestamptz not null default now());
    create table ballot (tag bytea primary key, choices text not null, receipt bytea not null)`);
}

/** Neighbours with a printed code each, and others who sign in and whose address is on the roll. */
async function listPeople(): Promise<Person[]> {
  const { rows } = await world.superuser('select name, elector_id from roll_entry where round_id = $1', [round.id]);
  const electors = new Map(rows.map((row) => [row.name, row.elector_id as string]));
  const codes = await world.superuser('select name from roll_entry where round_id = $1 order by lower(name), elector_id', [round.id]);
  const byCode = codes.rows.map(({ name }, index) => person(name, electors.get(name)!, round.codes[index]!, null));
  const entries = Array.from({ length: ACCOUNTS }, (_, index) => ({ name: `Resident ${index}`, contact: { channel: 'email', address: `resident${index}@example.org` }, area: index === 0 ? 'Mill Lane' : 'Tanner Hill' }));
  expect((await world.fund.people.administrator.post(`${round.path}/roll`, { entries })).body).toMatchObject({ added: ACCOUNTS });
  const added = await world.superuser(`select name, elector_id from roll_entry where round_id = $1 and name like 'Resident %'`, [round.id]);
  const { db, secrets } = world.app.services;
  const withAccount = await Promise.all(added.rows.map(async ({ name, elector_id: electorId }) => {
    const address = `resident${name.split(' ')[1]}@example.org`;
    return person(name, electorId, null, await within(db, {}, (tx) => findOrCreateAccount(tx, 'email', secrets.hash('contact', `email:${address}`), undefined, world.clock.now)));
  }));
  return shuffled([...byCode, ...withAccount]);
}

function person(name: string, electorId: string, code: string | null, accountId: string | null): Person {
  return { name, electorId, code, accountId, cookies: new Map(), ballots: [], current: null, noScript: random() < 0.1 };
}

function shuffled<T>(all: readonly T[]): T[] {
  return all.map((each) => ({ each, lot: random() })).sort((a, b) => a.lot - b.lot).map(({ each }) => each);
}

/** One request of a person, which the proxy sees. */
async function ask(index: number, method: string, url: string, body?: object | URLSearchParams): Promise<Response> {
  const { cookies } = people[index]!;
  proxy.push({ person: index, casts: method === 'POST' && url.includes('/ballot'), at: performance.now() });
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(`${server.origin}${url}`, {
    method, redirect: 'manual',
    headers: { origin: server.origin, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), ...(body && { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }) },
    ...(body && { body: isForm ? body.toString() : JSON.stringify(body) }),
  });
  for (const cookie of answer.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';');
    cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  }
  if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

const api = (below: string) => `/api/v1${round.path}${below}`;

/** Signs in as this person does: by their printed code, or with their account, joining the round. */
async function enter(index: number): Promise<void> {
  const { code, accountId, cookies } = people[index]!;
  if (code) return void (await ask(index, 'POST', api('/enter-code'), { code }));
  const now = new Date();
  const { id } = await within(world.app.services.db, {}, (tx) => createSession(tx, { accountId: accountId! }, 60, now));
  cookies.set('__Host-session', world.app.jwt.sign({ sid: id, iat: Math.floor(now.getTime() / 1000) }));
  await ask(index, 'POST', api('/join'), { credential: 'roll' });
}

/** Casts a ballot, or another in the place of the last; the portals take the same choices in a transaction of their own. */
async function vote(index: number): Promise<void> {
  const who = people[index]!;
  if (who.ballots.length === 0) await enter(index);
  const drawn = draw(...CHOICES[Math.floor(random() * CHOICES.length)]!);
  const before = who.ballots.at(-1);
  const form = new URLSearchParams([...drawn.lines.map((line): [string, string] => ['p', line.project]), ['salt', drawn.salt], ['void', drawn.void], ['replaces', who.current ?? '']]);
  const answer = who.noScript
    ? (await ask(index, 'POST', `${round.path.replace('/funds/', '/f/')}/vote/ballot?/cast`, form), await ask(index, 'GET', api('/ballot')))
    : await ask(index, 'POST', api('/ballot'), { lines: drawn.lines, salt: drawn.salt, void: drawn.void, replaces: who.current, oldVoidKey: before && random() < 0.5 ? before.voidKey : null });
  who.current = ((await answer.json()) as { current: string }).current;
  who.ballots.push(drawn);
  const values = [JSON.stringify(drawn.lines), receiptOf(drawn)];
  await portal.query('begin');
  await portal.query('insert into vote (choices, receipt) values ($1, $2)', values);
  await portal.query('insert into ballot (choices, receipt, tag) values ($1, $2, $3) on conflict (tag) do update set choices = excluded.choices, receipt = excluded.receipt', [...values, createHmac('sha256', 'kept apart').update(who.electorId).digest()]);
  await portal.query('commit');
}

/** What a portal hands out, and publishes beside the choices: a random number. */
const receiptOf = (drawn: Drawn) => createHmac('sha256', 'receipt').update(drawn.salt).digest();

/** Everything, as it is now. */
async function takeEverything(when: string): Promise<Haystack[]> {
  const client = intruder;
  await client.query('checkpoint');
  const published = listFiles(world.config.publishFolder).map((name) => ({ name, bytes: readFileSync(name) }));
  const activity = JSON.stringify((await client.query('select * from pg_stat_activity')).rows);
  const tables = [...(await takeTables(client, random)), ...(await takeTables(portal, random))];
  return [...(await takeBaseBackup(client, ['commonpot', 'portal'])), ...tables, ...published, { name: 'the server’s log', bytes: readFileSync(path(folder, 'server.out')) }, { name: 'activity', bytes: Buffer.from(activity) }]
    .map((each) => ({ ...each, name: `${when}: ${each.name}` }));
}

function listFiles(place: string): string[] {
  try {
    return readdirSync(place, { recursive: true }).map((name) => path(place, String(name))).filter((name) => statSync(name).isFile());
  } catch {
    return [];
  }
}

/** What the clock and the proxy say about each person. */
function timesOf(): Order[] {
  const order = (name: string, casts: boolean, pick: (seen: number[]) => number): Order =>
    ({ name, at: Float64Array.from(people.keys(), (index) => pick(proxy.filter((each) => each.person === index && (!casts || each.casts)).map((each) => each.at))) });
  const [first, last] = [(seen: number[]) => seen[0] ?? NaN, (seen: number[]) => seen.at(-1) ?? NaN];
  return [order('first request', false, first), order('first cast', true, first), order('last cast', true, last), order('last request', false, last)];
}

const search = (things: number, needles: readonly Needle[], evidence: readonly Haystack[]): Order[] => {
  const searcher = new Searcher(things, needles);
  return evidence.flatMap((haystack) => searcher.find(haystack));
};

/** How often anything of these is found, and where. */
const found = (needles: readonly Needle[], evidence: readonly Haystack[]): string[] =>
  search(Math.max(...needles.map((needle) => needle.thing)) + 1, needles, evidence).flatMap(({ name, at }) => (at.some((each) => !Number.isNaN(each)) ? [name] : []));

const readLog = async (): Promise<string[]> => (await world.superuser('select leaf from log_leaf where round_id = $1 order by index', [round.id])).rows.map((row) => row.leaf.toString('hex'));
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const leafOf = (drawn: Drawn) => bytes(leafFor(round, drawn));

it('joins nobody to their ballot better than chance; where ballots are kept in plain, nearly everybody', async () => {
  const everybody = [...people.keys()];
  for (const index of everybody.slice(0, MIDDLE)) await vote(index);
  await logDueBatches(world.app.services, new Date());
  // The server's own job may have come first.
  expect((await readLog()).length).toBeGreaterThanOrEqual(100);
  for (const index of everybody.slice(MIDDLE - 60, MIDDLE - 30)) await vote(index);
  const middle = await takeEverything('mid-vote');
  for (const index of everybody.slice(MIDDLE)) await vote(index);
  for (const index of shuffled(everybody).slice(0, 30)) await vote(index);

  // What only the key's holder knows: it is the test's, to see whether it lies about, and to give the intruder each person's row.
  const key = (await world.app.services.keys.read(round.id)) as Buffer;
  const keys = roundKeys(key, uuidBytes(round.id));
  const rows = new Map((await world.superuser('select slot, mark from ballot_open where round_id = $1', [round.id])).rows.map((row) => [row.slot.toString('hex'), row.mark as Buffer]));
  expect(rows.size).toBe(people.length);
  const before = await takeEverything('before the close');
  const inLog = new Set(await readLog());
  expect((await world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' })).status).toBe(200);
  world.clock.now = new Date();
  for (let attempt = 0; attempt < 50 && (await world.app.services.keys.read(round.id)); attempt += 1) await countAndSeal(world);
  expect(await world.app.services.keys.read(round.id)).toBeNull();
  const after = await takeEverything('after the seal');
  const evidence = [...middle, ...before, ...after];

  // Mid-vote there is ciphertext, and leaves of a batch: no salt, no void, no receipt, no leaf that waits, in any form.
  const secrets = people.flatMap((who) => who.ballots).flatMap((drawn) => [drawn.salt, drawn.void, ...(inLog.has(leafFor(round, drawn)) ? [] : [leafFor(round, drawn)])]).flatMap((hex) => formsOf(0, bytes(hex)));
  expect(found(secrets, [...middle, ...before])).toEqual([]);
  // And the key, and what is derived from it, lie nowhere else, before and after.
  expect(found([key, keys.slot, keys.mark, keys.box].flatMap((each) => formsOf(0, each)), evidence)).toEqual([]);
  // The search does find what is there.
  expect(found(formsOf(0, bytes(people[0]!.ballots[0]!.salt)), after)).not.toEqual([]);

  // One person alone is of Mill Lane, and the roll says so: no ballot does.
  expect((await world.superuser(`select distinct split_part(convert_from(ballot, 'UTF8'), E'\\n', 2) as area from ballot_counted where round_id = $1`, [round.id])).rows).toEqual([{ area: '' }]);

  const signer = (await openLogKey(world.app.services.keys))!;
  const leaves = people.map((who) => leafOf(who.ballots.at(-1)!));
  const published = [...leaves].sort(Buffer.compare);
  const order = new Map(published.map((leaf, index) => [leaf.toString('hex'), index]));
  const truth = leaves.map((leaf) => order.get(leaf.toString('hex'))!);
  const ballotNeedles = people.flatMap((who, index) => {
    const drawn = who.ballots.at(-1)!;
    const leaf = leafOf(drawn);
    return [...[leaf, bytes(drawn.salt), bytes(drawn.void), signReceipt(signer, uuidBytes(round.id), leaf)].flatMap((each) => formsOf(truth[index]!, each)), { thing: truth[index]!, bytes: Buffer.from(receiptCode(leaf)) }];
  });
  const personNeedles = people.flatMap((who, index) => {
    const slot = slotOf(keys, uuidBytes(who.electorId));
    const ids = [who.electorId, ...(who.accountId ? [who.accountId] : [])];
    return [...[...ids.map(uuidBytes), slot, rows.get(slot.toString('hex'))!].flatMap((each) => formsOf(index, each)), ...ids.map((id) => ({ thing: index, bytes: Buffer.from(id) })), { thing: index, bytes: Buffer.from(`"${who.name}"`) }];
  });
  const peopleOrders = [...timesOf(), ...search(people.length, personNeedles, evidence)];
  const [log, heads] = [await readLog(), (await world.superuser('select size from log_head where round_id = $1 order by size', [round.id])).rows.map((row) => row.size as number)];
  const batch = published.map((leaf) => heads.findIndex((size) => log.indexOf(leaf.toString('hex')) < size));

  const joined = join({ people: peopleOrders, ballots: search(people.length, ballotNeedles, evidence), truth, batch }, random);
  report('sealed', joined);
  const most = unlikelyMatches(joined.tries, heads.length);
  expect(joined.tries).toBeGreaterThan(1000);
  expect(joined.matches, joined.by).toBeLessThan(most);
  expect(Math.max(...joined.chance)).toBeLessThan(most);
  expect(Math.abs(joined.deviations), joined.deviationsBy).toBeLessThan(unlikelyDeviations(joined.tries));

  for (const table of ['vote', 'ballot']) {
    const receipts = people.map((who) => receiptOf(who.ballots.at(-1)!));
    const inOrder = [...receipts].sort(Buffer.compare).map((each) => each.toString('hex'));
    const truthThere = receipts.map((each) => inOrder.indexOf(each.toString('hex')));
    const needles = receipts.flatMap((each, index) => formsOf(truthThere[index]!, each));
    // Only the times are needed: everything else about people would do no harm, and takes time.
    const plain = join({ people: timesOf(), ballots: search(people.length, needles, evidence.filter((each) => each.name.includes(`public.${table} by`))), truth: truthThere, batch: people.map(() => 0) }, random, 5);
    report(table, plain);
    expect(plain.matches, plain.by).toBeGreaterThan(0.95 * people.length);
    expect(Math.max(...plain.chance)).toBeLessThan(most);
  }
  // The log alone is enough for a table without a time, a sequence or a name.
  const receipts = people.flatMap((who, index) => formsOf(index, receiptOf(who.ballots.at(-1)!)));
  const fromLog = join({ people: timesOf(), ballots: search(people.length, receipts, evidence.filter((each) => each.name.endsWith('write-ahead log'))), truth: everybody, batch: people.map(() => 0) }, random, 5);
  report('write-ahead log', fromLog);
  expect(fromLog.matches, fromLog.by).toBeGreaterThan(0.95 * people.length);
}, 240_000);

function report(build: string, joined: Joined): void {
  if (process.env.TEST_LOG) console.log(build, { ...joined, chance: Math.max(...joined.chance) });
}
