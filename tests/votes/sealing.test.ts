/** From the close to the seal: provisional without figures, sealed once, in two places, and then nobody can open a ballot. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { sealDueRounds } from '@commonpot/server/votes/sealing/jobs';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { makeWorld, type Answer, type Visitor, type World } from '../lib/world.ts';
import { cast, countAndSeal, draw, leafFor, openVoting, phoneWith, type Drawn, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const move = (round: VotingRound, to: string): Promise<Answer> => world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'test' });
const tally = async (round: VotingRound) => (await world.visitor().get(`${round.path}/tally`)).body;
const rows = async (table: string, round: VotingRound): Promise<number> => (await world.superuser(`select count(*)::int as n from ${table} where round_id = $1`, [round.id])).rows[0].n;
const placesOf = (round: VotingRound) => [world.config.publishFolder, world.config.publishCopy].map((folder) => join(folder, world.fund.slug, round.path.split('/').at(-1) as string));

/** Voters with codes of their own who cast `choices(index)`. */
async function vote(round: VotingRound, count: number, choices: (index: number) => string[]): Promise<{ phone: Visitor; drawn: Drawn; current: string }[]> {
  return Promise.all(round.codes.slice(0, count).map(async (code, index) => {
    const phone = await phoneWith(world, round, code);
    const drawn = draw(...choices(index));
    return { phone, drawn, current: (await cast(phone, round, drawn)).body.current as string };
  }));
}

describe('a round of more than a hundred ballots', () => {
  it('is sealed: published whole in two places, its key and its boxes gone, its result final', async () => {
    const round = await openVoting(world, { codes: 110 });
    const voters = await vote(round, 108, (index) => (index % 3 === 0 ? ['1', '3'] : index % 3 === 1 ? ['3'] : []));
    const [first, second] = voters;
    await cast(first!.phone, round, { ...draw('2'), lines: [{ project: '2' }] }, first!.current, first!.drawn.voidKey);
    await cast(second!.phone, round, draw('2'), second!.current);
    await move(round, 'counting');
    expect((await move(round, 'results')).body).toMatchObject({ code: 'not-ready', missing: ['sealed'] });
    await countDueRounds(world.app.services, world.clock.now);
    expect(await tally(round)).toMatchObject({ provisional: true, ballots: 108, decisions: [{ votes: null, reason: { kind: 'leads' } }, { reason: { kind: 'leads' } }, { reason: { kind: 'leads' } }, { reason: { kind: 'trails' } }] });
    expect((await move(round, 'results')).body.code).toBe('not-ready');

    const sealings = await Promise.all([1, 2, 3].map(async () => (await sealDueRounds(world.app.services, world.clock.now)).get(round.id)));
    expect(sealings.filter((each) => each === 'sealed')).toHaveLength(1);
    expect(await tally(round)).toMatchObject({ provisional: false, ballots: 108 });
    for (const place of placesOf(round)) expect(await findFaults(place)).toEqual([]);
    expect(await world.app.services.keys.read(round.id)).toBeNull();
    expect((await world.superuser(`select to_regclass($1) as open, to_regclass($2) as replaced`, ['ballot_open', 'replaced_open'].map((name) => `${name}_${round.id.replaceAll('-', '')}`))).rows).toEqual([{ open: null, replaced: null }]);
    expect([await rows('ballot_counted', round), await rows('ballot_void', round), await rows('turnout_roll', round), await rows('tally', round)]).toEqual([108, 2, 108, 1]);
    const voids = (await world.superuser('select why, voidkey is not null as with_key from ballot_void where round_id = $1 order by why', [round.id])).rows;
    expect(voids).toEqual([{ why: 'no-key', with_key: false }, { why: 'replaced', with_key: true }]);
    const counted = readFileSync(join(placesOf(round)[0] as string, 'counted.jsonl'), 'utf8');
    expect(counted).toContain(leafFor(round, voters[5]!.drawn));
    expect((await move(round, 'results')).status).toBe(200);
    // The same phone asks again: there is nothing to look in.
    expect((await cast(voters[5]!.phone, round, voters[5]!.drawn)).body.code).toBe('voting-closed');
    expect((await voters[5]!.phone.get(`${round.path}/ballot`)).body.code).toBe('voting-closed');
  });
});

describe('a smaller round', () => {
  it('is published as totals only, and its ballots lie in no table', async () => {
    const round = await openVoting(world, { codes: 3, more: { observers: ['Ada Observer', 'Bela Observer'] } });
    await vote(round, 3, () => ['1']);
    await move(round, 'counting');
    await countAndSeal(world);
    expect(await tally(round)).toMatchObject({ provisional: false, ballots: 3 });
    for (const place of placesOf(round)) {
      expect(await findFaults(place)).toEqual([]);
      expect(existsSync(join(place, 'counted.jsonl'))).toBe(false);
    }
    expect([await rows('ballot_counted', round), await rows('turnout_roll', round)]).toEqual([0, 3]);
  });
});
