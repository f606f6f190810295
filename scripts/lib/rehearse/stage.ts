/** The stage of a rehearsal: a database of its own, the real server as a child process, and a fund with its first administrator. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@commonpot/db/embedded';
import { prepareCluster } from '@commonpot/db/prepare';
import { migrate } from '@commonpot/db/migrate';
import { readConfig } from '@commonpot/server/platform/config';
import { newFund } from '../../new-fund.ts';
import { Stop } from '../entry.ts';
import { findFreePort } from '../free-port.ts';
import { root } from '../root.ts';

export interface Published {
  folder: string;
  verified: boolean;
  /** The last line of what was said. */
  says: string;
}

export interface Stage {
  origin: string;
  fund: string;
  /** The first administrator's address; its codes land in the demonstration's outbox. */
  administrator: string;
  /** Runs `pnpm check-ledger` on the stage's database: `proven`, or what it said. */
  checkLedger(): Promise<string>;
  /** Puts the published folder of the round with this slug where it was asked for, and checks it there with `pnpm verify`. */
  publish(slug: string): Promise<Published | null>;
  close(): Promise<void>;
}

/** Makes everything new; `close` leaves nothing behind but `publishTo`. `DATABASE_URL` may name an empty database to use instead. */
export async function openStage(publishTo: string | null): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-rehearsal-'));
  // As root, PostgreSQL runs under another account, which must reach its folder in here.
  chmodSync(folder, 0o755);
  const database = await openDatabase(folder);
  const port = await findFreePort();
  const env = {
    ...process.env, DATABASE_URL: database.url, SECRET: randomBytes(32).toString('base64url'), KEYS_FOLDER: join(folder, 'keys'), PUBLISH_FOLDER: join(folder, 'published'), PUBLISH_COPY: join(folder, 'published-copy'), DEMONSTRATION: 'true',
    PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: `http://127.0.0.1:${port}`, LOG_LEVEL: 'warn',
  };
  let server: ChildProcess | undefined;
  const close = async (): Promise<void> => {
    if (server && server.exitCode === null) {
      const ended = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(database.url);
    const fund = `rehearsal-${randomBytes(3).toString('hex')}`;
    const administrator = 'ada@example.org';
    await newFund(readConfig(env), { host: 'Rehearsal Trust', slug: fund, name: 'Rehearsal', purpose: '', currency: 'GBP', language: 'en', timeZone: 'Europe/London' }, administrator, 'Ada');
    server = spawn(process.execPath, [join(root, 'scripts/lib/rehearse/server.ts')], { env, stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
    const origin = `http://127.0.0.1:${port}`;
    await waitUntilReady(origin, server);
    return { origin, fund, administrator, close, checkLedger: async () => checkLedger(env), publish: async (slug) => (publishTo === null ? null : publish(join(folder, 'published', fund, slug), publishTo)) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDatabase(folder: string): Promise<{ url: string; drop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, drop: async () => {} };
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  await prepareCluster(postgres.superuserUrl);
  return { url: postgres.url, drop: () => postgres.stop() };
}

async function waitUntilReady(origin: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null) throw new Stop('The server did not start; its own words stand above.');
    const ready = await fetch(`${origin}/health/ready`).then((answer) => answer.ok, () => false);
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Stop('The server was not ready within two minutes.');
}

async function publish(from: string, folder: string): Promise<Published> {
  cpSync(from, folder, { recursive: true, errorOnExist: true, force: false });
  const { isFine, says } = await runScript('verify.ts', [folder], process.env);
  return { folder, verified: isFine, says: says.split('\n').at(-1) ?? '' };
}

async function checkLedger(env: NodeJS.ProcessEnv): Promise<string> {
  const { isFine, says } = await runScript('check-ledger.ts', [], env);
  return isFine ? 'proven' : says;
}

/** Runs one of the commands; all that it says, on either stream. */
function runScript(name: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ isFine: boolean; says: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'scripts', name), ...args], { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    child.on('close', (code) => resolve({ isFine: code === 0, says: said.trim() }));
  });
}
