/** Two server processes, one database, and a storm of casts: one ballot each, nothing acknowledged is lost when a server or PostgreSQL is killed. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@commonpot/db/embedded';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import { makeAgent, openBrowser, type Browser } from '../../scripts/lib/http-client.ts';
import { startServer, type ServerProcess } from '../lib/server-process.ts';
import { makeWorldOn, type World } from '../lib/world.ts';
import { draw, openVoting, type Drawn, type VotingRound } from '../votes/voting-round.ts';

const VOTERS = 600;
let folder: string;
let postgres: EmbeddedPostgres;
let world: World;
let round: VotingRound;
let settings: Record<string, string>;
let servers: ServerProcess[];
let agent: Agent;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commonpot-storm-'));
  chmodSync(folder, 0o755);
  postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  await prepareCluster(postgres.superuserUrl);
  await migrate(postgres.url);
  world = await makeWorldOn({ ownerUrl: postgres.url, superuserUrl: postgres.superuserUrl.replace('/postgres?', '/commonpot?'), drop: async () => {} }, { now: new Date() });
  round = await openVoting(world, { codes: VOTERS });
  settings = { DATABASE_URL: postgres.url, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder, DEMONSTRATION: 'true' };
  servers = await Promise.all([startServer(settings), startServer(settings)]);
  agent = makeAgent(64);
});

afterAll(async () => {
  agent.destroy();
  // Whatever a failed test left running.
  await Promise.all(servers.map((server) => server.stop('SIGKILL')));
  await world.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function query<T extends pg.QueryResultRow>(text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl.replace('/postgres?', '/commonpot?') });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

const marks = async (): Promise<Set<string>> => new Set((await query<{ mark: Buffer }>('select mark from ballot_open')).map((row) => row.mark.toString('hex')));
const send = (phone: Browser, drawn: Drawn) => phone.post(`${round.path}/ballot`, { lines: drawn.lines, salt: drawn.salt, void: drawn.void, replaces: null, oldVoidKey: null });

/** Signs in and casts until there is an answer, on whichever server stands, as a phone with a bad line does. Gives up after a minute. */
async function persist(origins: () => readonly string[], code: string, drawn: Drawn): Promise<string> {
  const end = Date.now() + 60_000;
  for (let attempt = 0; Date.now() < end; attempt += 1) {
    const choices = origins();
    const phone = openBrowser(choices[attempt % choices.length] as string, agent);
    try {
      const signedIn = await phone.post(`${round.path}/enter-code`, { code });
      const answer = signedIn.status === 200 ? await send(phone, drawn) : signedIn;
      if (answer.status === 200 && answer.body.current) return answer.body.current;
      if (answer.status < 500) throw new TypeError(`refused: ${answer.body.code}`);
    } catch (error) {
      if (error instanceof TypeError) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100));
  }
  throw new Error('no answer in a minute');
}

describe('two server processes and one database', () => {
  it('answer after a durable commit: the server waits for the disk, as it is in earnest', async () => {
    const [settings] = await query(`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages`);
    expect(settings).toEqual({ fsync: 'on', commit: 'on', pages: 'on' });
  });

  it('leave one ballot for one elector out of thousands of casts', async () => {
    const code = round.codes[0] as string;
    const phones = await Promise.all(Array.from({ length: 16 }, async (_, index) => {
      const phone = openBrowser(servers[index % 2]?.origin as string, agent);
      await phone.must('POST', `${round.path}/enter-code`, { code });
      return phone;
    }));
    const before = (await marks()).size;
    const answers = await Promise.all(Array.from({ length: 2000 }, (_, index) => send(phones[index % 16] as Browser, draw(String((index % 3) + 1)))));
    const acknowledged = answers.filter((answer) => answer.status === 200);
    expect(acknowledged).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 200).map((answer) => answer.body.code))).toEqual(new Set(['already-voted']));
    const after = await marks();
    expect(after.size).toBe(before + 1);
    expect(after.has(acknowledged[0]?.body.current ?? '')).toBe(true);
  });

  it('lose no acknowledged ballot when a server is killed in the middle, and then PostgreSQL', async () => {
    const codes = round.codes.slice(1);
    const acknowledged: string[] = [];
    const drawn = codes.map(() => draw('1'));
    let next = 0;
    const voter = async (): Promise<void> => {
      for (let index = next++; index < codes.length; index = next++) {
        acknowledged.push(await persist(() => servers.map((server) => server.origin), codes[index] as string, drawn[index] as Drawn));
      }
    };
    const voting = Promise.all(Array.from({ length: 24 }, voter));
    const until = async (count: number): Promise<void> => {
      while (acknowledged.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };

    await until(100);
    const seenBeforeKill = [...acknowledged];
    await servers[0]?.stop('SIGKILL');
    const inAfterKill = await marks();
    expect(seenBeforeKill.every((mark) => inAfterKill.has(mark))).toBe(true);
    servers = [servers[1] as ServerProcess, await startServer(settings)];

    await until(250);
    const seenBeforeCrash = [...acknowledged];
    const postmaster = Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    await waitUntilGone(postmaster);
    postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
    const inAfterCrash = await marks();
    expect(seenBeforeCrash.every((mark) => inAfterCrash.has(mark))).toBe(true);

    await voting;
    const inAtTheEnd = await marks();
    expect(acknowledged).toHaveLength(VOTERS - 1);
    expect(new Set(acknowledged)).toEqual(new Set([...inAtTheEnd].filter((mark) => acknowledged.includes(mark))));
    expect(inAtTheEnd.size).toBe(VOTERS);
    expect(await Promise.all(servers.map((server, index) => server.stop(index === 0 ? 'SIGINT' : 'SIGTERM')))).toEqual([0, 0]);
  });
});

/** Until the killed process is gone from the process table, and its children have noticed. */
async function waitUntilGone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
