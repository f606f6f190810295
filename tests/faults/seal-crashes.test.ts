/** The real process is killed at every step of a sealing; whoever goes on comes to the one outcome, and the key goes last. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { sealDueRounds, type Step } from '@commonpot/server/votes/sealing/jobs';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { cast, draw, openVoting, phoneWith, type VotingRound } from '../votes/voting-round.ts';

const STEPS: readonly Step[] = ['checked', 'rows', 'first-place', 'second-place', 'verified', 'destroyed', 'sealed', 'dropped'];
let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

/** A round that is counted and due to be sealed. */
async function closedRound(voters: number): Promise<VotingRound> {
  const round = await openVoting(world, { codes: voters });
  await Promise.all(round.codes.map(async (code, index) => cast(await phoneWith(world, round, code), round, draw(...(index % 2 ? ['1', '3'] : ['3'])))));
  await world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' });
  await countDueRounds(world.app.services, world.clock.now);
  return round;
}

/** Runs the other process until it is killed, or ends. */
function sealInAnotherProcess(dieAt: Step): Promise<string | number | null> {
  const settings = {
    DATABASE_URL: world.config.databaseUrl, SECRET: world.config.secret, KEYS_FOLDER: world.config.keysFolder, DEMONSTRATION: 'true', LOG_LEVEL: 'silent', PORT: '0', PUBLIC_URL: world.config.publicUrl,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL('seal-and-die.ts', import.meta.url)), dieAt, world.clock.now.toISOString()], { env: { ...process.env, ...settings }, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
}

const placesOf = (round: VotingRound) => [world.config.publishFolder, world.config.publishCopy].map((folder) => join(folder, world.fund.slug, round.path.split('/').at(-1) as string));
const hasKey = (round: VotingRound) => existsSync(join(world.config.keysFolder, `${round.id}.key`));

/** One digest over all files of a folder. */
function digestOf(place: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(place, { recursive: true }).map(String).sort()) if (statSync(join(place, name)).isFile()) hash.update(name).update(readFileSync(join(place, name)));
  return hash.digest('hex');
}

async function rowsOf(round: VotingRound): Promise<unknown> {
  const tables = ['seal', 'tally', 'ballot_counted', 'ballot_void', 'turnout_roll', 'log_leaf', 'log_head'];
  return Promise.all(tables.map(async (table) => (await world.superuser(`select '${table}' as name, count(*)::int as n, coalesce(sum(hashtext(t::text)::bigint), 0)::text as digest from ${table} t where round_id = $1`, [round.id])).rows[0]));
}

describe('a sealing that dies', () => {
  it.each([['of a hundred ballots', 101, STEPS], ['of a small round, whose ballots lie in no row', 4, ['rows', 'first-place', 'destroyed', 'dropped']]] as const)('%s', async (_name, voters, steps) => {
    const round = await closedRound(voters);
    let rows: unknown;
    let folder: string | undefined;
    for (const step of steps) {
      expect([step, await sealInAnotherProcess(step)]).toEqual([step, 'SIGKILL']);
      // The key is there until both places hold everything.
      if (STEPS.indexOf(step) < STEPS.indexOf('destroyed')) expect([step, hasKey(round)]).toEqual([step, true]);
      else for (const place of placesOf(round)) expect([step, await findFaults(place)]).toEqual([step, []]);
      // What one process has written is what the next one finds: nothing is decided twice.
      if (step === 'rows') rows = await rowsOf(round);
      if (step === 'first-place') folder = digestOf(placesOf(round)[0] as string);
    }
    await sealDueRounds(world.app.services, world.clock.now);
    expect(hasKey(round)).toBe(false);
    expect(await rowsOf(round)).toEqual(rows);
    expect(placesOf(round).map(digestOf)).toEqual([folder, folder]);
    expect((await world.visitor().get(`${round.path}/tally`)).body).toMatchObject({ provisional: false, ballots: voters });
    expect((await world.superuser(`select to_regclass($1) as box`, [`ballot_open_${round.id.replaceAll('-', '')}`])).rows[0].box).toBeNull();
  });

  it('before its transaction and without the key, stops and waits for the recovery sheet', async () => {
    const round = await closedRound(3);
    const key = (await world.app.services.keys.read(round.id)) as Buffer;
    await world.app.services.keys.destroy(round.id);
    expect((await sealDueRounds(world.app.services, world.clock.now)).get(round.id)).toBe('key-away');
    expect((await rowsOf(round)) as { n: number }[]).toMatchObject([{ n: 0 }, { n: 0 }, { n: 0 }, { n: 0 }, { n: 0 }, { n: 3 }, { n: 1 }]);
    await world.app.services.keys.restore(round.id, key);
    expect((await sealDueRounds(world.app.services, world.clock.now)).get(round.id)).toBe('sealed');
  });
});
