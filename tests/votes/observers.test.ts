/** A round too small to be published: its observers check the ballots by their own keys, and nothing is published before they have signed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askBytes, observerLine, readObserverLine } from '@commonpot/server/votes/published/observer';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { sealDueRounds, type Sealing } from '@commonpot/server/votes/sealing/jobs';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { verifyFolder } from '@commonpot/server/votes/published/verify';
import { makeObserverKey, observe, readObserverKey, type ObserverKey, type Send } from '../../scripts/lib/observing.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { cast, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const placeOf = (round: VotingRound) => join(world.config.publishFolder, world.fund.slug, round.path.split('/').at(-1) as string);
const newKey = () => readObserverKey(makeObserverKey());
const sealing = async (round: VotingRound): Promise<Sealing | undefined> => (await sealDueRounds(world.app.services, world.clock.now)).get(round.id);
const read = (round: VotingRound) => verifyFolder(async (path) => (existsSync(join(placeOf(round), path)) ? readFileSync(join(placeOf(round), path)) : null));

/** Somebody without an account, at the round's address. */
function strangerAt(round: VotingRound): Send {
  const stranger = world.visitor();
  return async (path, body) => {
    const answer = body ? await stranger.post(`${round.path}${path}`, body) : await stranger.get(`${round.path}${path}`);
    if (answer.status >= 300) throw new Error(answer.body.code);
    return answer.body;
  };
}

/** A round of three ballots, closed and counted, whose observers have these keys. */
async function closed(keys: readonly ObserverKey[]): Promise<VotingRound> {
  const names = ['Ada Observer', 'Bela Observer'];
  const round = await openVoting(world, { codes: 3, more: { observers: keys.map((key, index) => observerLine(names[index] as string, key.publicKey)) } });
  for (const code of round.codes) await cast(await phoneWith(world, round, code), round, draw('1'));
  await world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' });
  await countDueRounds(world.app.services, world.clock.now);
  return round;
}

describe('two observers with keys', () => {
  it('see the ballots, verify and sign; only then the round is published and its key destroyed', async () => {
    const [ada, bela, other] = [newKey(), newKey(), newKey()];
    const round = await closed([ada, bela]);
    await expect(observe(strangerAt(round), ada, world.clock.now)).rejects.toThrow('wrong-phase');
    expect(await sealing(round)).toBe('observers');
    expect(existsSync(placeOf(round))).toBe(false);
    expect(await world.app.services.keys.read(round.id)).not.toBeNull();
    // The database keeps it, whatever the code does.
    await expect(world.superuser('update round set sealed_at = $2 where id = $1', [round.id, world.clock.now])).rejects.toThrow('an observer has not signed');

    const seen = await observe(strangerAt(round), ada, world.clock.now);
    expect(seen.files.get('counted.jsonl')?.toString()).toContain('"ballot":"1\\n\\n1\\n"');
    expect(seen.verdict.findings).toEqual([]);
    await expect(observe(strangerAt(round), other, world.clock.now)).rejects.toThrow('not-observer');
    await expect(observe(strangerAt(round), ada, new Date(world.clock.now.getTime() - 6 * 60_000))).rejects.toThrow('not-observer');
    // A question signed for another round opens nothing here.
    const at = world.clock.now.toISOString();
    await expect(strangerAt(round)('/observing/ballots', { at, signature: ada.sign(askBytes('localhost/rounds/other', at)).toString('hex') })).rejects.toThrow('not-observer');
    await expect(strangerAt(round)('/observing/signatures', { note: seen.note?.replace('/observers/1', '/observers/2') })).rejects.toThrow('not-observer');

    await Promise.all([1, 2].map(() => strangerAt(round)('/observing/signatures', { note: seen.note })));
    expect(await sealing(round)).toBe('observers');
    const second = await observe(strangerAt(round), bela, world.clock.now);
    await strangerAt(round)('/observing/signatures', { note: second.note });
    expect((await world.visitor().get(`${round.path}/observing`)).body).toMatchObject({ waits: false, waived: null, observers: [{ name: 'Ada Observer', signedAt: at }, { name: 'Bela Observer', signedAt: at }] });
    expect(await sealing(round)).toBe('sealed');
    expect(await findFaults(placeOf(round))).toEqual([]);
    expect(existsSync(join(placeOf(round), 'counted.jsonl'))).toBe(false);
    expect((await read(round)).notes).toEqual(expect.arrayContaining([{ name: 'observer-signed', observer: 'Ada Observer' }, { name: 'observer-signed', observer: 'Bela Observer' }]));
    // Nobody can be shown a ballot any more.
    await expect(observe(strangerAt(round), ada, world.clock.now)).rejects.toThrow('wrong-phase');
    for (const table of ['observer_signature', 'observer_waiver']) await expect(world.superuser(`delete from ${table}`)).rejects.toThrow();
  });

  it('are done without by a person alone, for a reason that stands in the folder for good', async () => {
    const { administrator, resident } = world.fund.people;
    const [ada, bela] = [newKey(), newKey()];
    const round = await closed([ada, bela]);
    const reason = 'Bela Observer is in hospital.';
    expect((await administrator.post(`${round.path}/observing/waiver`, { reason })).body.code).toBe('wrong-phase');
    expect(await sealing(round)).toBe('observers');
    await strangerAt(round)('/observing/signatures', { note: (await observe(strangerAt(round), ada, world.clock.now)).note });
    for (const [person, code] of [[resident, 'not-allowed'], [world.visitor(), 'signed-out'], [world.otherFund.people.administrator, 'not-allowed']] as const) {
      expect((await person.post(`${round.path}/observing/waiver`, { reason })).body.code).toBe(code);
    }
    expect((await administrator.post(`${round.path}/observing/waiver`, { reason: 'two\nlines' })).body.code).toBe('wrong-shape');
    expect((await administrator.post(`${round.path}/observing/waiver`, { reason })).status).toBe(200);
    expect((await administrator.post(`${round.path}/observing/waiver`, { reason })).body.code).toBe('wrong-phase');
    expect(await sealing(round)).toBe('sealed');
    const verdict = await read(round);
    expect(verdict.findings).toEqual([]);
    expect(verdict.notes).toEqual(expect.arrayContaining([{ name: 'observer-signed', observer: 'Ada Observer' }, { name: 'observer-waived', observer: 'Bela Observer', reason }]));
    // Without the reason, or with another one, the missing signature is a fault.
    const changed = (bytes: Buffer | null) => verifyFolder(async (path) => (path === 'waived.txt' ? bytes : existsSync(join(placeOf(round), path)) ? readFileSync(join(placeOf(round), path)) : null));
    expect((await changed(null)).findings.map(({ name }) => name)).toEqual(['observer-missing']);
    const other = Buffer.from(readFileSync(join(placeOf(round), 'waived.txt'), 'utf8').replace('hospital', 'holidays'));
    expect((await changed(other)).findings.map(({ name }) => name).sort()).toEqual(['observer-missing', 'waiver-wrong']);
  });
});

it('a new round starts with the mirrors that the fund named last, unless it names its own', async () => {
  const { administrator } = world.fund.people;
  const mirrorsOf = async (more: object): Promise<string[]> => {
    const { body } = await administrator.post(`/funds/${world.fund.slug}/rounds`, { title: 'Mirrored', ...more });
    return (await administrator.get(`/funds/${world.fund.slug}/rounds/${body.slug}`)).body.mirrors;
  };
  expect(await mirrorsOf({})).toEqual([]);
  const named = ['https://mirror.example.org/heads'];
  expect(await mirrorsOf({ mirrors: named })).toEqual(named);
  expect(await mirrorsOf({})).toEqual(named);
  expect(await mirrorsOf({ isPractice: true })).toEqual([]);
  expect(await mirrorsOf({ mirrors: [] })).toEqual([]);
  const other = world.otherFund;
  const { body } = await other.people.administrator.post(`/funds/${other.slug}/rounds`, { title: 'Elsewhere' });
  expect((await other.people.administrator.get(`/funds/${other.slug}/rounds/${body.slug}`)).body.mirrors).toEqual([]);
});

it('an observer’s line is a name, or a name with a key and nothing in between', async () => {
  const { publicKey } = newKey();
  expect(readObserverLine(observerLine('Ada de la Cruz', publicKey))).toEqual({ name: 'Ada de la Cruz', publicKey: publicKey.toString('hex') });
  expect(readObserverLine('Ada')).toEqual({ name: 'Ada', publicKey: null });
  const round = { title: 'Half a key', observers: [observerLine('Ada', publicKey).slice(0, -1)] };
  expect((await world.fund.people.administrator.post(`/funds/${world.fund.slug}/rounds`, round)).body.code).toBe('wrong-shape');
});
