/** Decision day in a hall: an order that nobody chose, letters made anew, paper for people without a name, mirrors, and turnout by area that singles nobody out. */
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnOrder, orderSeed, tidy } from '@commonpot/server/votes/hall/rules';
import { orderCheck } from '../../web/src/lib/votes/order-check.ts';
import { checkTotals } from '@commonpot/server/votes/published/check-seal';
import { Findings } from '@commonpot/server/votes/published/findings';
import type { Seal } from '@commonpot/server/votes/published/record';
import { hideSmall } from '@commonpot/server/votes/sealing/figures';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { newcomer } from '../consent/newcomer.ts';
import { draftRound } from '../rounds/set-up.ts';
import { gather, moveTo, neighbour, send, yes } from '../proposals/gathering.ts';
import { makeWorld, type Answer, type Visitor, type World } from '../lib/world.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const must = async (answer: Promise<Answer>): Promise<any> => {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
};
const move = (path: string, to: string) => must(world.fund.people.administrator.post(`${path}/transitions`, { to, reason: 'test' }));
const slugOf = (round: VotingRound) => round.path.split('/').at(-1) as string;

describe('the order in a hall', () => {
  it('is promised first, drawn in public and typed by two; anybody works it out again, and nobody moves a project after the announcement', async () => {
    const { administrator: ada, administrator2: bela, resident, reviewer } = world.fund.people;
    const { path } = await draftRound(world);
    const order = async (by: Visitor = world.visitor()) => (await by.get(`${path}/hall-order`)).body;
    const announce = (by: Visitor = ada) => by.post(`${path}/hall-order`, { how: 'Five dice, on Saturday at six' });
    const type = (by: Visitor, drawn: string) => by.post(`${path}/hall-order/draw`, { drawn });
    expect((await world.visitor().get(`${path}/hall-order`)).status).toBe(404);
    expect((await announce()).body.code).toBe('wrong-phase');
    await move(path, 'notice');
    for (const by of [resident, reviewer, world.otherFund.people.administrator]) expect((await announce(by)).body.code).toBe('not-allowed');
    expect((await type(ada, '1')).status).toBe(404);
    expect(await order()).toMatchObject({ state: 'none', announced: null, drawn: null, may: [] });

    // Two at once: one announces.
    const both = await Promise.all([announce(ada), announce(bela)]);
    expect(both.map((each) => each.status).sort()).toEqual([201, 409]);
    const { commitment } = both.find((each) => each.status === 201)?.body as { commitment: string };
    const before = await order();
    expect(before).toMatchObject({ state: 'announced', announced: { commitment }, drawn: null, typed: null });

    // From here on the projects stand: neither adding, removing nor renumbering one can steer its place.
    const { projects } = (await ada.get(`${path}/projects`)).body;
    const [first] = projects as { id: string; number: string }[];
    expect((await ada.post(`${path}/projects`, { title: 'Late', costMinor: 100 })).body.code).toBe('order-announced');
    expect((await ada.send('DELETE', `${path}/projects/${first?.id}`)).body.code).toBe('order-announced');
    expect((await ada.send('PUT', `${path}/projects/${first?.id}`, { number: '77' })).body.code).toBe('order-announced');
    await must(ada.send('PUT', `${path}/projects/${first?.id}`, { number: first?.number, summary: 'Said better' }));
    await expect(world.superuser('update project set number = $1 where id = $2', ['77', first?.id])).rejects.toThrow('are fixed');

    expect((await type(ada, ' 3 5  1 ')).body).toEqual({ drawn: false, differs: false });
    expect((await type(ada, '3 5 1')).body).toEqual({ drawn: false, differs: false });
    expect((await type(bela, '3 5 2')).body).toEqual({ drawn: false, differs: true });
    expect([(await order(ada)).typed, (await order(bela)).typed, (await order()).drawn]).toEqual([{ yours: '3 5 1', byAnother: true }, { yours: '3 5 2', byAnother: true }, null]);
    expect((await type(bela, '3 5 1')).body).toEqual({ drawn: true, differs: false });
    expect((await type(ada, '6 6 6')).body.code).toBe('already-decided');
    await expect(world.superuser('update hall_order set drawn = $1', ['6 6 6'])).rejects.toThrow('drawn once');

    // As a stranger does it, from what is published alone.
    const { announced, drawn, round } = await order();
    expect(createHash('sha256').update(Buffer.from(drawn.secret, 'hex')).digest('hex')).toBe(announced.commitment);
    expect(announced.commitment).toBe(commitment);
    const seed = createHash('sha256').update('commonpot.order.v1\0').update(Buffer.from(round + drawn.secret, 'hex')).update('3 5 1').digest();
    expect(drawn.seed).toBe(seed.toString('hex'));
    const numbers = (projects as { number: string }[]).map((each) => each.number);
    const key = (number: string) => createHmac('sha256', seed).update(number).digest('hex');
    expect(drawn.order).toEqual([...numbers].sort((a, b) => (key(a) < key(b) ? -1 : 1)));
    // And by the program that the page prints, whatever people typed.
    const program = (text: string) => execFileSync(process.execPath, ['--input-type=module'], { input: orderCheck({ round, secret: drawn.secret, text, numbers }), encoding: 'utf8' }).trim().split('\n');
    expect(program('3 5 1')).toEqual([commitment, drawn.seed, drawn.order.join(' ')]);
    expect(program("'; process.exit(1); // `${")[0]).toBe(commitment);
  });

  it('takes no idea onto the ballot any more once it is announced', async () => {
    const { administrator, reviewer } = world.fund.people;
    const round = await gather(world);
    const number = await send(await neighbour(world), round, 'Benches');
    const late = await send(await neighbour(world), round, 'Shade');
    await moveTo(world, round, 'review');
    for (const each of [number, late]) await must(reviewer.post(`${round.path}/ideas/${each}/review`, yes({ title: `Idea ${each}` })));
    const accept = (each: number) => administrator.post(`${round.path}/ideas/${each}/project`, { version: 1 });
    await must(accept(number));
    await moveTo(world, round, 'notice');
    await must(administrator.post(`${round.path}/hall-order`, { how: 'A coin' }));
    expect([(await accept(late)).body.code, (await accept(number)).status]).toEqual(['order-announced', 200]);
  });

  it('gives every project every place as often as any other', () => {
    const numbers = ['1', '2', '3', '10'];
    const first = new Map(numbers.map((number) => [number, 0]));
    for (let n = 0; n < 1000; n += 1) {
      const [top] = drawnOrder(orderSeed({ round: Buffer.alloc(16, 1), secret: Buffer.alloc(32, 7), drawn: String(n) }), numbers) as [string];
      first.set(top, (first.get(top) ?? 0) + 1);
    }
    // Five standard deviations (13.7) around 250.
    for (const times of first.values()) expect(Math.abs(times - 250)).toBeLessThan(69);
    expect([tidy('  3\t5 1 '), tidy('e\u0301')]).toEqual(['3 5 1', '\u00e9']);
  });
});

describe('letters that came back or were lost', () => {
  it('are made anew by the batch or by the names picked; the old codes die in the same moment, and the ballots stay', async () => {
    const { administrator: ada, administrator2: bela, reviewer } = world.fund.people;
    const round = await openVoting(world, { names: ['Ada Kiln', 'Bea Mill', 'Cem Oak'] });
    const enter = (code: string) => world.visitor().post(`${round.path}/enter-code`, { code });
    const batches = async () => (await must(ada.get(`${round.path}/codes`))).batches.map(({ number, codes, names }: any) => [number, codes, names]);
    const again = (body: object, by: Visitor = ada) => by.post(`${round.path}/codes/reissue`, body);
    const plain = (await must(ada.post(`${round.path}/codes`, { count: 3 }))).codes.map((each: { code: string }) => each.code) as string[];
    expect(await batches()).toEqual([[2, 3, 0], [1, 3, 3]]);
    const phone = await phoneWith(world, round, plain[0] as string);
    const cast1 = await must(cast(phone, round, draw('1')));

    for (const by of [reviewer, world.otherFund.people.administrator]) expect((await again({ batch: 1 }, by)).body.code).toBe('not-allowed');
    expect((await again({ batch: 9 })).status).toBe(404);
    expect((await again({ batch: 2, electors: [round.id] })).status).toBe(400);
    const some = await must(again({ batch: 2, limit: 2 }));
    expect([some.codes.length, some.left]).toEqual([2, 1]);
    const rest = await must(again({ batch: 2 }));
    expect([rest.codes.length, rest.left, await batches()]).toEqual([1, 0, [[4, 1, 0], [3, 2, 0], [1, 3, 3]]]);
    expect((await again({ batch: 2 })).status).toBe(404);
    for (const code of plain) expect((await enter(code)).body.code).toBe('wrong-code');
    // Whoever had typed a lost code is out; whoever holds the new one finds the ballot that was cast.
    expect((await phone.get(`${round.path}/ballot`)).status).toBe(401);
    const fresh = [...some.codes, ...rest.codes].map((each: { code: string }) => each.code) as string[];
    const found = await Promise.all(fresh.map(async (code) => (await (await phoneWith(world, round, code)).get(`${round.path}/ballot`)).body.current));
    expect(found.filter(Boolean)).toEqual([cast1.current]);

    // Names, picked by two administrators at once: one set of letters holds, and the other is told.
    const { entries } = await must(ada.get(`${round.path}/roll`));
    const electors = entries.slice(0, 2).map((each: { elector: string }) => each.elector) as string[];
    const two = await Promise.all([again({ electors, asOf: 4 }), again({ electors: [...electors].reverse(), asOf: 4 }, bela)]);
    expect(two.map((each) => each.status).sort()).toEqual([201, 409]);
    expect(two.find((each) => each.status === 409)?.body.code).toBe('already-decided');
    const letters = two.find((each) => each.status === 201)?.body;
    expect([letters.codes.map((each: { name: string }) => each.name), letters.left]).toEqual([['Ada Kiln', 'Bea Mill'], 0]);
    expect(await Promise.all([round.codes[0], round.codes[2], letters.codes[0].code].map(async (code) => (await enter(code)).status))).toEqual([401, 200, 200]);
    expect((await again({ electors: [...electors, round.id], asOf: 99 })).status).toBe(404);
    await move(round.path, 'counting');
    expect((await again({ batch: 1 })).body.code).toBe('wrong-phase');
    expect((await world.superuser(`select count(*)::int as n from event where name = 'roll.codes-reissued' and subject ->> 'round' = $1`, [round.id])).rows[0].n).toBe(3);
  });
});

describe('paper for somebody without a name on the roll', () => {
  it('is given by the address they sign in with, and tells nothing of anybody else', async () => {
    const { administrator: ada } = world.fund.people;
    const round = await openVoting(world, { codes: 0, credentials: ['sign-in'] });
    const { visitor, address } = await newcomer(world);
    await must(visitor.post(`${round.path}/join`, { credential: 'sign-in' }));
    await must(cast(visitor, round, draw('1')));
    await must(ada.post(`${round.path}/paper/batches`, { place: 'The hall', sheets: 10 }));
    const give = (contact: string) => ada.post(`${round.path}/paper/strikes`, { contact, batch: 1 });
    expect((await give('nobody@example.org')).body.code).toBe('not-on-roll');
    expect((await give('not an address')).body.code).toBe('not-on-roll');
    expect((await give(` ${address.toUpperCase()} `)).status).toBe(201);
    expect((await visitor.get(`${round.path}/ballot`)).body).toMatchObject({ current: null, votedOnPaper: true });
    expect((await give(address)).body.code).toBe('voted-on-paper');
    // Whoever goes through addresses to learn who is on the roll has to wait.
    await Promise.all(Array.from({ length: 30 }, (_, n) => give(`guess${n}@example.org`)));
    expect((await give('guess@example.org')).body.code).toBe('too-many-tries');
  });
});

describe('mirrors', () => {
  it('are the fund’s: new rounds and those that can still change follow, an open round keeps what it promised', async () => {
    const { administrator: ada, reviewer } = world.fund.people;
    const path = `/funds/${world.fund.slug}`;
    const list = async () => (await must(ada.get(`${path}/mirrors`))).mirrors;
    const [one, two] = ['https://one.example.org/heads', 'https://two.example.org/heads'];
    const add = (mirror: string, by: Visitor = ada) => by.post(`${path}/mirrors`, { mirror });
    expect((await add(one, reviewer)).body.code).toBe('not-allowed');
    expect((await add(one, world.otherFund.people.administrator)).body.code).toBe('not-allowed');
    expect((await add('http://plain.example.org')).body.code).toBe('wrong-shape');
    const make = async (title: string, more: object = {}) => (await must(ada.post(`${path}/rounds`, { title, ...more }))).slug as string;
    const named = async (slug: string) => (await must(ada.get(`${path}/rounds/${slug}`))).mirrors;
    // What a round named before there was a list comes into it.
    const before = await make('Before', { mirrors: [one] });
    expect((await list()).map((each: any) => [each.mirror, each.isStanding])).toEqual([[one, true]]);
    expect((await Promise.all([add(two), add(two)])).map((each) => each.status).sort()).toEqual([201, 409]);
    expect([await named(before), await named(await make('After'))]).toEqual([[one, two], [one, two]]);
    const frozen = slugOf(await openVoting(world, { codes: 1 }));
    await must(ada.post(`${path}/mirrors/end`, { mirror: one }));
    expect((await ada.post(`${path}/mirrors/end`, { mirror: one })).status).toBe(404);
    expect([await named(before), await named(await make('Later')), await named(frozen)]).toEqual([[two], [two], [one, two]]);
    expect((await list()).map((each: any) => [each.mirror, each.isStanding, each.takenAt, each.rounds.length])).toEqual([[one, false, null, 1], [two, true, null, 1]]);
    for (const n of [3, 4, 5, 6]) await must(add(`https://m${n}.example.org/`));
    expect((await add('https://m7.example.org/')).body.code).toBe('too-large');
  });
});

describe('turnout in the published folder', () => {
  it('is by area, with small groups hidden as on the page', async () => {
    const { administrator: ada } = world.fund.people;
    const round = await openVoting(world, { codes: 5, more: { area: ['North', 'South', 'East'] } });
    const codes = [...round.codes];
    for (const [area, count] of [['North', 10], ['South', 3], ['East', 2]] as const) codes.push(...(await must(ada.post(`${round.path}/codes`, { count, area }))).codes.map((each: { code: string }) => each.code));
    for (const code of codes) await must(cast(await phoneWith(world, round, code), round, draw('1')));
    await must(ada.post(`${round.path}/hall-order`, { how: 'Five dice' }));
    for (const by of [ada, world.fund.people.administrator2]) await must(by.post(`${round.path}/hall-order/draw`, { drawn: '3 5 1' }));
    const { announced, drawn } = (await must(world.visitor().get(`${round.path}/hall-order`)));
    await move(round.path, 'counting');
    await countAndSeal(world);
    const place = join(world.config.publishFolder, world.fund.slug, slugOf(round));
    const seal = JSON.parse(readFileSync(join(place, 'seal.json'), 'utf8'));
    const shown = (await must(world.visitor().get(`${round.path}/sealing`))).turnout.areas as { name: string; people: number | null }[];
    expect(shown).toEqual([{ name: '', people: null }, { name: 'East', people: null }, { name: 'North', people: 10 }, { name: 'South', people: null }]);
    expect(seal.turnout.areas).toEqual(shown.map(({ name, people }) => ({ area: name, people })));
    // The evening's order is published with it, as it stood on the page.
    const hall = JSON.parse(readFileSync(join(place, 'hall.json'), 'utf8'));
    expect([hall.announced.commitment, hall.drawn.order, hall.drawn.seed]).toEqual([announced.commitment, drawn.order, drawn.seed]);
    expect(await findFaults(place)).toEqual([]);
  });

  it('hides whatever numbers there are so that verifying finds nothing in them, and a round can always be sealed', () => {
    const voided = { replaced: 0, 'no-key': 0, 'other-key': 0, 'voted-on-paper': 0, struck: 0 };
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let n = 0; n < 2000; n += 1) {
      const groups = Array.from({ length: 2 + random(6) }, (_, index) => ({ name: String(index), people: random(3) === 0 ? 0 : random(4) === 0 ? random(200) : random(14) }));
      const people = groups.reduce((sum, each) => sum + each.people, 0);
      const areas = hideSmall(groups).map(({ name, people: shown }) => ({ area: name, people: shown }));
      const findings = new Findings();
      checkTotals({ size: people, counted: people, voided, turnout: { people, channels: [], areas }, spoiledPaper: 0, strikes: [] } as unknown as Seal, people, people, [], findings);
      expect(findings.all, JSON.stringify(groups)).toEqual([]);
    }
  });
});
