/** Paper beside phones: one person, one ballot, however it arrives; every sheet read by two; and the sums agree before anything is counted. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hideSmall } from '@commonpot/server/votes/sealing/figures';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { eraseDueRolls } from '@commonpot/server/votes/sealing/jobs';
import { overfullAreas, sheetStanding, standingOf } from '@commonpot/server/votes/paper/rules';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { findAreas, findBursts } from '@commonpot/server/votes/oddities/rules';
import { makeWorld, type Answer, type Visitor, type World } from '../lib/world.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const NAMES = ['Ada Kiln', 'Bea Mill', 'Cem Oak', 'Dee Park', 'Eli Quay', 'Fay Row', 'Gus Stone', 'Hal Tor'];
const move = (round: VotingRound, to: string): Promise<Answer> => world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'test' });
const paper = async (round: VotingRound, by: Visitor = world.fund.people.administrator) => (await by.get(`${round.path}/paper`)).body;
const rowsOf = async (text: string, round: VotingRound) => (await world.superuser(text, [round.id])).rows;

/** A round with a roll of names, its electors in the order of the names, and a batch of paper. */
async function withPaper(sheets: number): Promise<{ round: VotingRound; electors: string[]; strike(index: number, batch?: number): Promise<Answer> }> {
  const { administrator } = world.fund.people;
  const round = await openVoting(world, { names: NAMES });
  const electors = (await administrator.get(`${round.path}/roll?limit=50`)).body.entries.map((each: { elector: string }) => each.elector);
  expect((await administrator.post(`${round.path}/paper/batches`, { place: 'The library', sheets })).body).toEqual({ number: 1 });
  return { round, electors, strike: (index, batch = 1) => administrator.post(`${round.path}/paper/strikes`, { elector: electors[index], batch }) };
}

describe('paper and phones', () => {
  it('come to one ballot a person, counted once, in a folder that verifies', async () => {
    const { administrator: ada, administrator2: bela } = world.fund.people;
    const { round, strike } = await withPaper(10);
    const phones = await Promise.all(round.codes.map((code) => phoneWith(world, round, code)));
    const drawn = [draw('1'), draw('2'), draw('3'), draw('1')];
    const currents = await Promise.all(drawn.map(async (each, index) => (await cast(phones[index]!, round, each)).body.current as string));
    const turnout = async () => (await world.visitor().get(`${round.path}/turnout`)).body.ballots;
    expect(await turnout()).toBe(4);

    // The first two had voted, the fifth and sixth had not: nobody can tell from the answers, the total, or the list.
    const answers = [await strike(0), await strike(1), await strike(4), await strike(5)];
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(Array.from({ length: 4 }, () => ({ status: 201, body: { done: true } })));
    world.clock.forward(11);
    expect(await turnout()).toBe(4);
    expect((await strike(0)).body.code).toBe('voted-on-paper');
    expect((await Promise.all([strike(6), strike(6)])).map((each) => each.status).sort()).toEqual([201, 409]);
    for (const index of [0, 4]) {
      expect((await phones[index]!.get(`${round.path}/ballot`)).body).toMatchObject({ current: null, votedOnPaper: true });
      expect((await cast(phones[index]!, round, draw('2'))).body.code).toBe('voted-on-paper');
    }
    expect((await cast(phones[1]!, round, draw('2'), currents[1], drawn[1]!.voidKey)).body.code).toBe('voted-on-paper');
    expect((await cast(phones[1]!, round, drawn[1]!)).body.code).toBe('voted-on-paper');
    await expect(world.superuser('update ballot_open set struck = false where round_id = $1 and struck', [round.id])).rejects.toThrow('voted on paper');

    // At once with a phone's ballot: whoever comes first, the paper stands.
    const [, late] = await Promise.all([strike(7), cast(phones[7]!, round, draw('3'))]);
    expect([200, 409]).toContain(late.status);
    expect((await phones[7]!.get(`${round.path}/ballot`)).body.votedOnPaper).toBe(true);

    // The count waits for the paper, whatever the clock says.
    expect((await ada.send('PUT', `${round.path}/paper/counts`, { batch: 1, unused: 4, exchanged: 0, castSheets: 6 })).body.code).toBe('wrong-phase');
    await move(round, 'counting');
    await countDueRounds(world.app.services, world.clock.now);
    expect((await world.visitor().get(`${round.path}/tally`)).status).toBe(404);
    expect((await ada.post(`${round.path}/paper/batches`, { place: 'Late', sheets: 5 })).body.code).toBe('wrong-phase');
    const objection = await ada.post(`${round.path}/objections`, { elector: (await ada.get(`${round.path}/roll?limit=50`)).body.entries[0].elector, reason: 'Twice on the roll' });
    expect(['voted-on-paper', 'wrong-phase']).toContain(objection.body.code);

    // Six people, ten sheets: three unused and one exchanged leave six. One person in the box did not bring theirs back.
    const count = (by: Visitor, unused: number, castSheets: number) => by.send('PUT', `${round.path}/paper/counts`, { batch: 1, unused, exchanged: 1, castSheets });
    const enter = (by: Visitor, sheet: number, ...projects: string[]) => by.send('PUT', `${round.path}/paper/sheets`, { kind: 'ballot', sheet, area: '', lines: projects.map((project) => ({ project })) });
    const spoil = (by: Visitor, sheet: number) => by.send('PUT', `${round.path}/paper/sheets`, { kind: 'spoiled', sheet });
    expect((await enter(ada, 1, '1')).body).toMatchObject({ code: 'not-ready', missing: ['paper-counted'] });
    expect((await count(ada, 2, 5)).body).toEqual({ standing: 'once' });
    expect((await count(ada, 2, 5)).body).toEqual({ standing: 'once' });
    expect((await count(bela, 3, 5)).body).toEqual({ standing: 'differs' });
    expect((await count(bela, 2, 5)).body).toEqual({ standing: 'unbalanced' });
    expect((await ada.post(`${round.path}/paper/finish`)).body).toMatchObject({ code: 'not-ready', missing: ['paper-counted'] });
    await count(ada, 3, 5);
    expect((await count(bela, 3, 5)).body).toEqual({ standing: 'holds' });

    expect((await enter(ada, 6, '1')).status).toBe(404);
    expect((await enter(ada, 1, '4', '1', '2')).body).toMatchObject({ code: 'illegal-ballot', reason: 'over-budget' });
    for (const by of [ada, bela]) {
      await enter(by, 1, '4');
      await enter(by, 2, '3', '1');
      await enter(by, 3);
      await spoil(by, 5);
    }
    expect((await enter(ada, 4, '2')).body).toEqual({ standing: 'once' });
    expect((await enter(bela, 4, '3')).body).toEqual({ standing: 'differs' });
    expect(await paper(round)).toMatchObject({ sheets: 5, read: { agreed: 4, differing: [4], next: null } });
    expect((await ada.post(`${round.path}/paper/finish`)).body).toMatchObject({ code: 'not-ready', missing: ['paper-read'] });
    expect((await enter(ada, 4, '3')).body).toEqual({ standing: 'agreed' });
    // What is kept of a reading is ciphertext of one length.
    expect(await rowsOf('select count(distinct length(box))::int as sizes from paper_entry where round_id = $1', round)).toEqual([{ sizes: 1 }]);
    const finished = await Promise.all([ada.post(`${round.path}/paper/finish`), bela.post(`${round.path}/paper/finish`)]);
    expect(finished.map((each) => each.status).sort()).toEqual([200, 409]);
    expect(finished.find((each) => each.status === 200)?.body).toEqual({ counted: 4, spoiled: 1, missing: 1 });
    expect((await enter(ada, 4, '1')).body.code).toBe('wrong-phase');
    expect((await strike(2)).body.code).toBe('wrong-phase');
    await expect(world.superuser('update paper_count set unused = 0 where round_id = $1', [round.id])).rejects.toThrow('the paper of this round is in');

    await countAndSeal(world);
    // Two phones and four sheets; six were given one, and two of those say nothing countable.
    expect((await world.visitor().get(`${round.path}/tally`)).body).toMatchObject({ provisional: false, ballots: 6 });
    const [place] = [world.config.publishFolder].map((folder) => join(folder, world.fund.slug, round.path.split('/').at(-1) as string));
    expect(await findFaults(place as string)).toEqual([]);
    const seal = JSON.parse(readFileSync(join(place as string, 'seal.json'), 'utf8'));
    expect(seal).toMatchObject({ counted: 6, spoiledPaper: 2, turnout: { people: 8, channels: [{ channel: 'online', people: null }, { channel: 'paper', people: null }] } });
    expect(seal.voided['voted-on-paper']).toBe(6);
    expect((await rowsOf('select count(*)::int as n from turnout_roll where round_id = $1', round))[0].n).toBe(8);

    expect((await world.visitor().get(`${round.path}/sealing`)).body.turnout).toEqual({ people: 8, channels: [{ channel: 'online', people: null }, { channel: 'paper', people: null }], areas: [] });
    // What looks odd is for the fund and the agency; of a small round no ballot is looked at.
    for (const by of [ada, world.fund.people.officer]) expect((await by.get(`${round.path}/oddities`)).body).toEqual({ counted: 6, alike: [], bursts: [], areas: [] });
    expect((await world.fund.people.resident.get(`${round.path}/oddities`)).body.code).toBe('not-allowed');

    await eraseDueRolls(world.app.services, new Date(world.clock.now.getTime() + 29 * 86_400_000));
    expect((await rowsOf('select count(*)::int as n from paper_strike where round_id = $1', round))[0].n).toBe(0);
  });

  it('nobody but this fund’s administrators gives out a sheet, and nobody who is on no roll gets one', async () => {
    const { round, electors, strike } = await withPaper(5);
    for (const by of [world.fund.people.reviewer, world.otherFund.people.administrator]) expect((await by.post(`${round.path}/paper/strikes`, { elector: electors[0], batch: 1 })).body.code).toBe('not-allowed');
    expect((await strike(0, 2)).status).toBe(404);
    expect((await world.fund.people.administrator.post(`${round.path}/paper/strikes`, { elector: round.id, batch: 1 })).status).toBe(404);
    expect((await rowsOf('select count(*)::int as n from ballot_open where round_id = $1', round))[0].n).toBe(0);
    // Who hands over a printed code is known by it.
    const byCode = (code: string) => world.fund.people.administrator.post(`${round.path}/paper/strikes`, { code, batch: 1 });
    expect((await byCode('0000-0000-0001')).body.code).toBe('wrong-code');
    expect([(await byCode(round.codes[3]!)).status, (await byCode(round.codes[3]!)).body.code]).toEqual([201, 'voted-on-paper']);
  });
});

describe('what adds up', () => {
  it('takes two who found the same', () => {
    const counts = (unused: number) => ({ unused, exchanged: 0, castSheets: 4 });
    const batch = { sheets: 10, people: 4 };
    expect([[], [6], [6, 5], [5, 5], [6, 6], [5, 6, 6], [5, 5, 6, 6]].map((each) => standingOf({ ...batch, counts: each.map(counts) })))
      .toEqual(['uncounted', 'once', 'differs', 'unbalanced', 'holds', 'holds', 'differs']);
    expect(standingOf({ sheets: 10, people: 3, counts: [counts(7), counts(7)] })).toBe('unbalanced');
    expect([[], ['a'], ['a', 'b'], ['', ''], ['a', 'b', 'a']].map(sheetStanding)).toEqual(['unread', 'once', 'differs', 'agreed', 'agreed']);
    expect(overfullAreas(['N', 'N', 'S'], new Map([['N', 1], ['S', 1]]))).toEqual(['N']);
  });

  it('points out bursts and areas, and never a hidden one', () => {
    const heads = (...sizes: number[]) => sizes.map((size, index) => ({ size, at: new Date(index * 600_000), isLast: index === sizes.length - 1 }));
    expect(findBursts(heads(100, 200, 320, 900, 1000, 1400)).map((each) => [each.ballots, each.usual])).toEqual([[580, 100]]);
    expect([findBursts([]), findBursts(heads(150)), findBursts(heads(100, 210, 310, 420))]).toEqual([[], [], []]);
    const onRoll = new Map([['N', 100], ['S', 100], ['W', 40], ['E', 100]]);
    expect(findAreas([{ name: 'N', people: 95 }, { name: 'S', people: 20 }, { name: 'W', people: 40 }, { name: 'E', people: null }], onRoll, { people: 170, onRoll: 340 })).toEqual([{ name: 'N', people: 95, onRoll: 100 }]);
  });

  it('hides small groups, and what they would follow from', () => {
    const hide = (...people: number[]) => hideSmall(people.map((each, index) => ({ name: String(index), people: each }))).map((each) => each.people);
    expect(hide(40, 30)).toEqual([40, 30]);
    expect(hide(40, 3)).toEqual([null, null]);
    expect(hide(40, 3, 20)).toEqual([40, null, null]);
    expect(hide(40, 3, 4, 20)).toEqual([40, null, null, null]);
    expect(hide(40, 6, 7, 0)).toEqual([40, null, null, 0]);
    expect(hide(0, 3)).toEqual([null, null]);
  });
});
