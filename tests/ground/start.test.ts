/** `pnpm start` as a process: serves, adopts, ends cleanly with what is in flight, and logs nothing personal. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '@commonpot/db/embedded';
import { findFreePort } from '../../scripts/lib/free-port.ts';
import { endCommands, startCommand, type Command } from '../lib/command.ts';
import { queryAs } from '../lib/world.ts';

const state = mkdtempSync(join(tmpdir(), 'commonpot-state-'));
// The account that runs PostgreSQL must reach it.
chmodSync(state, 0o755);
const pidFile = join(state, 'postgres', 'postmaster.pid');
const postgresPid = () => readFileSync(pidFile, 'utf8').split('\n')[0];

let port: number;
beforeAll(async () => void (port = await findFreePort()));
afterEach(endCommands);
afterAll(() => rmSync(state, { recursive: true, force: true }));

interface Answer {
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
}

/** One request over a connection of its own, from an address that would be found in a log. */
function ask(path: string, options: { method?: string; body?: object; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = options.body && JSON.stringify(options.body);
    const asked = request({
      host: '127.0.0.1', port, path, method: options.method ?? 'GET', agent: false, ...(process.platform === 'linux' ? { localAddress: '127.0.0.77' } : {}),
      headers: { origin: `http://localhost:${port}`, 'user-agent': 'a-telling-browser', ...(body ? { 'content-type': 'application/json' } : {}), ...options.headers },
    }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve({ status: answer.statusCode ?? 0, body: text, headers: answer.headers }));
    });
    asked.on('error', reject).end(body);
  });
}

const patience = { timeout: 60_000 };

async function start(settings: Record<string, string> = {}): Promise<Command> {
  const command = startCommand('start', { STATE_FOLDER: state, PORT: String(port), ...settings });
  await command.said(/Commonpot is at/);
  return command;
}

/** Asks for a slow API call and a slow page, ends the server while both wait, and answers how they ended. */
async function endInFlight(end: (command: Command) => void): Promise<{ answers: Answer[]; status: number | null }> {
  const command = await start();
  const { superuserUrl } = await startEmbeddedPostgres(join(state, 'postgres'));
  const database = superuserUrl.replace('/postgres?', '/commonpot?');
  const blocker = new pg.Client({ connectionString: database });
  await blocker.connect();
  await blocker.query('begin; lock table fund in access exclusive mode');
  const answers = Promise.all([ask('/api/v1/funds'), ask('/')]);
  try {
    // The list of funds, which both ask for; a job that comes due meanwhile waits with another statement.
    await expect.poll(async () => (await queryAs(database, `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'relation' and query like '%join "host"%'`)).rows[0].waiting, patience).toBe(2);
    end(command);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(ask('/health/live')).rejects.toThrow('ECONNREFUSED');
  } finally {
    await blocker.end();
  }
  return { answers: await answers, status: await command.ended };
}

/** The code that the demonstration's outbox holds for an address, once its job has run. */
async function codeFor(address: string): Promise<string> {
  for (;;) {
    const { messages } = JSON.parse((await ask('/api/v1/demonstration/messages')).body) as { messages: { recipient: string; body: string }[] };
    const found = messages.find((message) => message.recipient === address);
    if (found) return found.body.slice(0, 6);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('start', () => {
  it('makes everything from nothing, serves it on the loopback address, and says who can sign in', async () => {
    const command = await start();
    expect(command.stdout()).toContain(`Commonpot is at http://localhost:${port}`);
    await command.said(/amina@example\.org +fund administrator/);
    expect((await ask('/')).body).toContain('<h1');
    expect((await ask('/health/ready')).status).toBe(200);
    expect(JSON.parse((await ask('/api/v1/funds')).body).funds).toHaveLength(1);
    command.signal('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(existsSync(pidFile)).toBe(false);
  });

  it('adopts the PostgreSQL that kill -9 left behind, keeps its data, and stops it at the end', async () => {
    const killed = await start();
    const before = postgresPid();
    killed.signal('SIGKILL');
    expect(await killed.ended).toBe(null);
    expect(postgresPid()).toBe(before);
    const command = await start();
    expect(postgresPid()).toBe(before);
    expect(JSON.parse((await ask('/api/v1/funds')).body).funds).toHaveLength(1);
    command.signal('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(existsSync(pidFile)).toBe(false);
  });

  it('leaves the PostgreSQL to another command that still uses it', async () => {
    const command = await start();
    const { url } = await startEmbeddedPostgres(join(state, 'postgres'));
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    command.signal('SIGTERM');
    expect(await command.ended).toBe(0);
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.end();
  });

  it.each([
    ['Ctrl-C', (command: Command) => command.interrupt()],
    ['SIGTERM', (command: Command) => command.signal('SIGTERM')],
  ])('finishes what is in flight on %s', async (_name, end) => {
    const { answers, status } = await endInFlight(end);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    expect(answers[1]?.body).toContain('</html>');
    expect(status).toBe(0);
  });

  it('ends early on an early Ctrl-C, and leaves nothing running', async () => {
    const command = startCommand('start', { STATE_FOLDER: state, PORT: String(port) });
    await expect.poll(() => existsSync(pidFile), patience).toBe(true);
    command.interrupt();
    expect(await command.ended).toBe(0);
    expect(command.stdout()).not.toContain('Commonpot is at');
    expect(existsSync(pidFile)).toBe(false);
  });
});

describe('the log', () => {
  it('holds nothing personal, whatever people do', async () => {
    const command = await start({ LOG_LEVEL: 'debug' });
    const address = 'very.private@example.org';
    const asked = await ask('/api/v1/sign-in/codes', { method: 'POST', body: { channel: 'email', address } });
    const browser = asked.headers['set-cookie']?.[0]?.split(';')[0] as string;
    const code = await codeFor(address);
    await ask('/api/v1/sign-in', { method: 'POST', body: { code: 'wrong' }, headers: { cookie: browser } });
    const signedIn = await ask('/api/v1/sign-in', { method: 'POST', body: { code }, headers: { cookie: browser } });
    expect(signedIn.status).toBe(200);
    const session = signedIn.headers['set-cookie']?.[0]?.split(';')[0] as string;
    expect((await ask('/you?telling=query', { headers: { cookie: session } })).status).toBe(200);
    await ask('/you?/contact', { method: 'POST', headers: { cookie: session, 'content-type': 'application/x-www-form-urlencoded' } });
    await ask('/api/v1/me?telling=query', { headers: { cookie: session } });
    await ask('/telling-path');
    await ask('/api/v1/telling-path');
    await ask('/api/v1/sign-in/codes', { method: 'POST', body: { channel: 'email', address: 'telling-nonsense' } });
    await ask('/api/v1/sign-out', { method: 'POST', headers: { cookie: session } });
    command.signal('SIGTERM');
    await command.ended;

    const log = command.stdout() + command.stderr();
    expect(log).toContain('"event":"request"');
    const secrets = [address, code, '127.0.0.77', 'telling', browser.split('=')[1], session.split('=')[1], session.split('.')[1]];
    expect(secrets.filter((secret) => secret && log.includes(secret))).toEqual([]);
  });
});
