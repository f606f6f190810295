/** A wrong or missing setting, a taken port, a database that will not do: one sentence each, and status 1. */
import { mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { drizzle } from 'drizzle-orm/node-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '@commonpot/db/client';
import { readConfig, WrongConfiguration } from '@commonpot/server/platform/config';
import { findUnfitness } from '@commonpot/server/platform/health';
import { startCommand } from '../lib/command.ts';
import { makeWorld, queryAs, type World } from '../lib/world.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const SECRET = 's'.repeat(40);
const STATE_FOLDER = mkdtempSync(join(tmpdir(), 'commonpot-state-'));

/** Starts with these settings and answers what was said; it must end by itself. */
async function refusal(settings: Record<string, string>): Promise<{ status: number | null; sentence: string }> {
  const command = startCommand('start', { STATE_FOLDER, PORT: '0', ...settings });
  const status = await command.ended;
  expect(command.stdout().split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
  return { status, sentence: command.stderr() };
}

const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/nowhere';
const wrong: [string, Record<string, string | undefined>, RegExp][] = [
  ['a port that is no number', { PORT: 'http' }, /^PORT is wrong: /],
  ['a port out of range', { PORT: '70000' }, /^PORT is wrong: /],
  ['another kind of database', { DATABASE_URL: 'mysql://localhost/x', SECRET }, /^DATABASE_URL is wrong: /],
  ['a database of one’s own without a secret', { SECRET: undefined }, /^SECRET is not set\./],
  ['a short secret', { DATABASE_URL, SECRET: 'short' }, /^SECRET is wrong: /],
  ['a pool that is too small', { DATABASE_POOL_SIZE: '1' }, /^DATABASE_POOL_SIZE is wrong: /],
  ['a public address that is none', { PUBLIC_URL: 'commonpot' }, /^PUBLIC_URL is wrong: /],
  ['plain http on the internet', { PUBLIC_URL: 'http://pot.example.org' }, /^PUBLIC_URL is wrong: .*https/],
  ['a demonstration on the internet', { PUBLIC_URL: 'https://pot.example.org', DEMONSTRATION: 'true' }, /^DEMONSTRATION is wrong: /],
  ['a flag that is neither', { DEMONSTRATION: 'perhaps' }, /^DEMONSTRATION is wrong: /],
  ['a proxy that is no address', { TRUST_PROXY: 'my proxy' }, /^TRUST_PROXY is wrong: /],
  ['a mail server that is none', { SMTP_URL: 'mail.example.org' }, /^SMTP_URL is wrong: /],
  ['mail without a sender', { SMTP_URL: 'smtp://mail.example.org' }, /^MAIL_FROM is not set/],
  ['an SMS provider that is none', { SMS_WEBHOOK_URL: 'ftp://sms.example.org' }, /^SMS_WEBHOOK_URL is wrong: /],
  ['no codes at all', { CODES_PER_HOUR: '0' }, /^CODES_PER_HOUR is wrong: /],
  ['a log level that is none', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL is wrong: /],
];

describe('start', () => {
  it.concurrent.each([
    ['a wrong setting', { PORT: 'http' }, /^PORT is wrong: /],
    ['a database that does not answer', { DATABASE_URL, SECRET }, /^The database that DATABASE_URL names cannot be reached: .*ECONNREFUSED/],
    ['a host that does not exist', { DATABASE_URL: 'postgres://x@no-such-host.invalid/x', SECRET }, /^The database that DATABASE_URL names cannot be reached: /],
  ] as const)('says in one sentence: %s', async (_what, settings, sentence) => {
    const said = await refusal(settings);
    expect(said.sentence).toMatch(sentence);
    expect(said.sentence.trimEnd().split('\n')).toHaveLength(1);
    expect(said.status).toBe(1);
  });

  it('refuses a taken port', async () => {
    const taken = createServer();
    const port = await listen(taken);
    const said = await refusal({ DATABASE_URL: world.database.ownerUrl, SECRET, PORT: String(port) });
    expect(said).toEqual({ status: 1, sentence: `Port ${port} is taken by another program; set PORT to a free one.\n` });
    taken.close();
  });

  it('refuses an old PostgreSQL', async () => {
    const old = fakePostgres('150014');
    const port = await listen(old);
    const said = await refusal({ DATABASE_URL: `postgres://x@127.0.0.1:${port}/x`, SECRET });
    expect(said).toEqual({ status: 1, sentence: 'The database is PostgreSQL 15; Commonpot needs PostgreSQL 18 or later.\n' });
    old.close();
  });

  it('refuses to serve as a superuser', async () => {
    const said = await refusal({ DATABASE_URL: world.database.superuserUrl, SECRET });
    expect(said.sentence).toMatch(/^The database cannot be used: .*postgres.* superuser.*\.\n$/);
    expect(said.status).toBe(1);
  });
});

describe('a configuration', () => {
  const least = { DATABASE_URL, SECRET, KEYS_FOLDER: '/keys' };

  it.each(wrong)('refuses %s', (_what, settings, sentence) => {
    const given = { ...least, ...settings };
    expect(() => readConfig(given)).toThrow(WrongConfiguration);
    expect(() => readConfig(given)).toThrow(sentence);
    expect(() => readConfig(given)).toThrow(/^[^\n]+$/);
  });

  it('takes empty settings for unset ones, and has safe defaults', () => {
    expect(readConfig({ ...least, PORT: '', TRUST_PROXY: '' })).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://localhost:3000', trustProxy: false, demonstration: false });
  });

  it('names its proxies', () => {
    expect(readConfig({ ...least, TRUST_PROXY: 'loopback, 10.0.0.0/8' }).trustProxy).toEqual(['loopback', '10.0.0.0/8']);
  });

  it('asks for a folder for the keys', () => {
    expect(() => readConfig({ DATABASE_URL, SECRET })).toThrow('KEYS_FOLDER is not set.');
  });
});

describe('readiness', () => {
  const unfitnessAs = async (url: string): Promise<string | null> => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      return await findUnfitness(drizzle(pool) as unknown as Database);
    } finally {
      await pool.end();
    }
  };

  it('is there, and liveness too', async () => {
    expect(await world.visitor().get('/health/live')).toMatchObject({ status: 200, body: { live: true } });
    expect(await world.visitor().get('/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('refuses the superuser and the owner', async () => {
    expect(await unfitnessAs(world.database.superuserUrl)).toContain('superuser');
    expect(await unfitnessAs(world.database.ownerUrl)).toContain('owns tables');
  });

  it.each(['update', 'delete', 'truncate'])('refuses a role that may %s what is append-only', async (right) => {
    await queryAs(world.database.superuserUrl, `grant ${right} on event to commonpot_app`);
    expect(await world.visitor().get('/health/ready')).toMatchObject({ status: 503, body: { ready: false } });
    expect(await findUnfitness(world.app.services.db)).toBe('the role commonpot_app may change event');
    await queryAs(world.database.superuserUrl, `revoke ${right} on event from commonpot_app`);
    expect((await world.visitor().get('/health/ready')).status).toBe(200);
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Speaks just enough of PostgreSQL's protocol to be asked for its version. */
function fakePostgres(version: string): Server {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const welcome = Buffer.concat([message('R', Buffer.alloc(4)), ready]);
  const column = Buffer.concat([Buffer.from('\0\x01version\0', 'latin1'), Buffer.alloc(6), Buffer.from([0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0])]);
  const value = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), Buffer.from(version)]);
  const row = Buffer.concat([message('T', column), message('D', value), message('C', Buffer.from('SELECT 1\0')), ready]);
  return createServer((socket) => {
    socket.once('data', () => {
      socket.write(welcome);
      socket.on('data', (asked) => void (asked[0] === 'Q'.charCodeAt(0) && socket.write(row)));
    });
    socket.on('error', () => {});
  });
}
