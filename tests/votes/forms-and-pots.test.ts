/** Points, rankings and several pots, from set-up through the API to the count and the awards. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presets } from '@commonpot/server/votes/counting/presets';
import { fitsForm, orderLines, type BallotForm } from '@commonpot/server/votes/ballots/rules';
import { ruleFileSchema } from '@commonpot/server/votes/rules/schema';
import { conflictsOf, limitsOf } from '../../web/src/lib/rounds/limits.ts';
import { root } from '../../scripts/lib/root.ts';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { draftRound, fillPot, move, must, type TestRound } from '../rounds/set-up.ts';
import { countAndSeal, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

interface Line {
  project: string;
  points?: number;
}

const ranked = (...projects: string[]): Line[] => projects.map((project) => ({ project }));
const given = (points: Record<string, number>): Line[] => Object.entries(points).map(([project, each]) => ({ project, points: each }));
const send = (phone: Visitor, round: Pick<VotingRound, 'path'>, lines: Line[]) => phone.post(`${round.path}/ballot`, { ...draw(), lines, voidKey: undefined, replaces: null, oldVoidKey: null });
const tally = async (round: Pick<VotingRound, 'path'>) => must(world.visitor().get(`${round.path}/tally`));
const fatesOf = async (round: Pick<VotingRound, 'path'>) => (await tally(round)).decisions.map(({ project, votes, reason }: any) => `${project}: ${votes} ${reason.kind}`);
const close = (round: Pick<VotingRound, 'path'>) => must(world.fund.people.administrator.post(`${round.path}/transitions`, { to: 'counting', reason: 'test' }));

/** One person for each ballot; then the count. */
async function vote(form: BallotForm, rule: object, ballots: Line[][]): Promise<VotingRound> {
  const round = await openVoting(world, { codes: ballots.length, form, more: { rule } });
  for (const [index, lines] of ballots.entries()) expect((await send(await phoneWith(world, round, round.codes[index] as string), round, lines)).status).toBe(200);
  await close(round);
  await countAndSeal(world);
  return round;
}

describe('points', () => {
  it('are held to the form, one reason each, and counted by their sum', async () => {
    const round = await openVoting(world, { codes: 2, form: { kind: 'points', total: 10, most: 6 } });
    const [one, two] = [await phoneWith(world, round, round.codes[0] as string), await phoneWith(world, round, round.codes[1] as string)];
    const refused: [Line[], string][] = [
      [given({ 1: 7 }), 'over-most'], [given({ 1: 6, 2: 5 }), 'over-points'], [ranked('1'), 'points-missing'], [given({ 9: 1 }), 'unknown-project'], [[...given({ 1: 1 }), ...given({ 1: 2 })], 'project-twice'],
    ];
    for (const [lines, reason] of refused) expect((await send(one, round, lines)).body).toMatchObject({ code: 'illegal-ballot', reason });
    for (const points of [-1, 1.5, 1e9]) expect((await send(one, round, given({ 1: points }))).body.code).toBe('wrong-shape');
    expect((await send(one, round, given({ 3: 4, 1: 6, 2: 0 }))).status).toBe(200);
    expect((await send(two, round, given({ 3: 5 }))).status).toBe(200);
    await close(round);
    await countAndSeal(world);
    expect(await fatesOf(round)).toEqual(['3: 9 won', '1: 6 won', '2: 0 no-votes', '4: 0 no-votes']);
  });

  it('and scores are counted by equal shares too', async () => {
    const round = await vote({ kind: 'scores', most: 3 }, presets['equal-shares-points-add1-utilitarian'], [given({ 1: 3, 2: 1 }), given({ 1: 2 }), given({ 4: 3 })]);
    expect(await tally(round)).toMatchObject({ rule: 'equal-shares-points-add1-utilitarian', ballots: 3, counts: 'points' });
  });
});

it('rankings count n for the first of n, down to one', async () => {
  const round = await vote({ kind: 'ranking', k: 3 }, presets.greedy, [ranked('3', '1', '2'), ranked('2'), ranked('1', '3')]);
  expect(await fatesOf(round)).toEqual(['3: 4 won', '1: 4 won', '2: 2 won', '4: 0 no-votes']);
  const other = await openVoting(world, { codes: 1, form: { kind: 'ranking', k: 2 } });
  const phone = await phoneWith(world, other, other.codes[0] as string);
  expect((await send(phone, other, ranked('1', '2', '3'))).body.reason).toBe('too-many');
  expect((await send(phone, other, given({ 1: 2 }))).body.reason).toBe('points-not-asked');
});

it('the rule fits the form, or voting does not open', async () => {
  const { administrator } = world.fund.people;
  const round = await draftRound(world, { ballotForm: { kind: 'points', total: 10, most: 3 }, rule: presets['equal-shares'] });
  expect((await administrator.post(`${round.path}/transitions`, { to: 'notice', reason: 'test' })).body).toMatchObject({ code: 'not-ready', missing: ['rule-fits'] });
  await must(administrator.send('PUT', round.path, { rule: presets['equal-shares-points'] }));
  await move(world, round, 'notice', 'voting');
  const fits = (name: keyof typeof presets, form: BallotForm['kind']) => fitsForm(presets[name], { kind: form, k: 1, total: 1, most: 1 } as BallotForm);
  expect([fits('greedy', 'ranking'), fits('equal-shares-ranks', 'ranking'), fits('equal-shares-ranks', 'points'), fits('phragmen', 'scores'), fits('equal-shares', 'knapsack'), fits('equal-shares-points', 'one')]).toEqual([true, true, false, false, true, false]);
});

it('the database takes no other form', async () => {
  const round = await draftRound(world);
  const set = (form: object) => world.superuser('update round set ballot_form = $2 where id = $1', [round.id, JSON.stringify(form)]);
  for (const form of [{ kind: 'points', total: 10, most: 11 }, { kind: 'points', total: 10 }, { kind: 'points', total: 2000, most: 1 }, { kind: 'scores', most: 0 }, { kind: 'ranking', k: 101 }, { kind: 'ranking' }, { kind: 'one', k: 1 }, { kind: 'other' }, {}]) {
    await expect(set(form), JSON.stringify(form)).rejects.toThrow('round_ballot_form_check');
  }
  for (const form of [{ kind: 'points', total: 10, most: 10 }, { kind: 'scores', most: 5 }, { kind: 'ranking', k: 5 }, { kind: 'up-to', k: 3 }]) await set(form);
  const wrong = await world.fund.people.administrator.send('PUT', round.path, { ballotForm: { kind: 'points', total: 3, most: 4 } });
  expect(wrong.body.code).toBe('wrong-shape');
});

it('rules are offered as data, and rule.json has a published schema', async () => {
  const { presets: offered } = await must(world.visitor().get('/rules'));
  expect(offered.map(({ name }: any) => name)).toEqual(Object.keys(presets));
  const schema = await must(world.visitor().get('/rules/schema'));
  expect(schema).toEqual(JSON.parse(JSON.stringify(ruleFileSchema())));
  // To write it anew: print ruleFileSchema() into docs/rule.schema.json.
  expect(JSON.parse(readFileSync(join(root, 'docs/rule.schema.json'), 'utf8'))).toEqual(schema);
});

it('limits go from fields to data and back', () => {
  const projects = ['1', '2', '3', '4'].map((number) => ({ number, title: `Project ${number}`, category: number === '1' ? 'constructor' : null, area: null }));
  const conflicts = conflictsOf([{ number: '1', group: 'b' }, { number: '2', group: 'B ' }, { number: '3', group: '' }, { number: '4', group: 'x' }]);
  expect(conflicts).toEqual([['1', '2']]);
  // A project in several sets, from letters to data and back.
  const several = conflictsOf([{ number: '1', group: 'a, B' }, { number: '2', group: 'A' }, { number: '3', group: 'b b' }, { number: '4', group: 'C' }]);
  expect(several).toEqual([['1', '2'], ['1', '3']]);
  expect(limitsOf({ rule: { ...presets.greedy, conflicts: several } }, projects).projects.map((each) => each.group)).toEqual(['A, B', 'A', 'B', '']);
  const rule = { ...presets.greedy, conflicts, caps: { categories: {}, areas: { Kiln: 500 } } };
  expect(limitsOf({ rule }, projects)).toEqual({
    categories: [{ name: 'constructor', minor: null }], areas: [{ name: 'Kiln', minor: 500 }],
    projects: [['1', 'A'], ['2', 'A'], ['3', ''], ['4', '']].map(([number, group]) => ({ number, title: `Project ${number}`, group })),
  });
});

describe('several pots', () => {
  const potOf = async (id: string) => {
    const { pots } = await must(world.fund.people.administrator.get(`/funds/${world.fund.slug}/pots`));
    const { inPotMinor, setAsideMinor } = pots.find((pot: any) => pot.id === id);
    return [inPotMinor, setAsideMinor];
  };
  const setAreas = (round: TestRound, areas: [string, number, string | null][], wholeMinor: number, unspent: string) => world.fund.people.administrator
    .send('PUT', `${round.path}/areas`, { areas: areas.map(([area, budgetMinor, potId]) => ({ area, budgetMinor, potId })), wholeMinor, unspent });

  /** Warm Thursdays (1) and benches (2) for everybody; two projects in Kiln, one in Lock; a code for each area and one without. */
  async function withAreas(areas: [string, number, string | null][], wholeMinor: number, unspent: string, change: object = {}) {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { credentials: ['code'], ...change });
    await must(administrator.post(`${round.path}/projects/bulk`, { projects: [
      { number: 'K1', title: 'Kiln garden', costMinor: 600_000, area: 'Kiln' }, { number: 'K2', title: 'Kiln lights', costMinor: 300_000, area: 'Kiln' }, { number: 'L1', title: 'Lock path', costMinor: 400_000, area: 'Lock' },
    ].map((project) => ({ ...project, delivererName: 'Street Friends' })) }));
    await must(setAreas(round, areas, wholeMinor, unspent));
    const codes: Record<string, string> = {};
    for (const area of ['Kiln', 'Kiln2', 'Lock', '']) {
      const of = area.replace('2', '');
      codes[area] = (await must(administrator.post(`${round.path}/codes`, { count: 1, ...(of && { area: of }) }))).codes[0].code;
    }
    return { round, codes, phone: (area: string) => phoneWith(world, { ...round, codes: [] }, codes[area] as string) };
  }

  it('areas first, each voter for their own area and for everybody; each award out of its pot, and what is left goes back', async () => {
    const { administrator } = world.fund.people;
    const kiln = await fillPot(world.fund, 'Only for Kiln', 1_000_000);
    const { round, phone } = await withAreas([['Kiln', 800_000, kiln], ['Lock', 500_000, null]], 1_500_000, 'stays');
    expect((await setAreas(round, [['Kiln', 800_000, kiln]], 1, 'goes-to-whole')).body).toMatchObject({ code: 'wrong-shape', fields: ['unspent'] });
    expect((await setAreas(round, [['Kiln', 1, null], ['Kiln', 1, null]], 1, 'stays')).body.fields).toEqual(['areas']);
    const items = async () => Object.fromEntries((await must(administrator.get(`${round.path}/preflight`))).items.map(({ code, ok }: any) => [code, ok]));
    expect(await items()).toMatchObject({ 'budget-covered': true, 'areas-vote': true, 'voters-have-areas': false });
    await must(administrator.send('PUT', round.path, { budgetMinor: 1_000_000 }));
    expect(await items()).toMatchObject({ 'areas-within-budget': false });
    await must(setAreas(round, [['Kiln', 1_100_000, kiln], ['Lock', 500_000, null]], 1_500_000, 'stays'));
    expect(await items()).toMatchObject({ 'budget-covered': false });
    await must(setAreas(round, [['Kiln', 800_000, kiln], ['Lock', 500_000, null]], 1_500_000, 'stays'));
    const { rule } = await must(administrator.get(round.path));
    await must(administrator.send('PUT', round.path, { rule: { ...rule, pots: { ...rule.pots, unspent: 'goes-to-whole' } } }));
    expect(await items()).toMatchObject({ 'areas-within-budget': false });
    await must(administrator.send('PUT', round.path, { rule }));
    expect(await must(world.fund.people.administrator.get(round.path))).toMatchObject({ budgetMinor: 2_800_000, area: ['Kiln', 'Lock'] });
    await move(world, round, 'notice', 'voting');
    expect([await potOf(kiln), await potOf(round.potId)]).toEqual([[200_000, 800_000], [0, 2_000_000]]);
    expect((await setAreas(round, [], 1, 'stays')).body.code).toBe('frozen');
    await expect(world.superuser('delete from area_pot where round_id = $1', [round.id])).rejects.toThrow('frozen');

    const [inKiln, inKiln2, inLock, nowhere] = [await phone('Kiln'), await phone('Kiln2'), await phone('Lock'), await phone('')];
    expect((await send(inKiln, round, ranked('K1', 'K2'))).body.reason).toBe('over-budget');
    expect((await send(inLock, round, ranked('K1'))).body.reason).toBe('other-area');
    expect((await send(nowhere, round, ranked('L1'))).body.reason).toBe('other-area');
    expect((await send(inKiln, round, ranked('K1', '1', '2'))).status).toBe(200);
    expect((await send(inKiln2, round, ranked('K1', '1'))).status).toBe(200);
    expect((await send(inLock, round, ranked('1'))).status).toBe(200);
    expect((await send(nowhere, round, ranked('2'))).status).toBe(200);
    await close(round);
    await countAndSeal(world);
    expect(await fatesOf(round)).toEqual(['K1: 2 won', '1: 3 won', '2: 2 won', 'K2: 0 no-votes', 'L1: 0 no-votes']);
    await move(world, round, 'results');
    const { awards } = await must(administrator.get(`${round.path}/awards`));
    expect(awards.map(({ title, amountMinor }: any) => [title, amountMinor])).toEqual([['Kiln garden', 600_000], ['Warm Thursdays', 900_000], ['Benches on Kiln Street', 500_000]]);
    expect([await potOf(kiln), await potOf(round.potId)]).toEqual([[400_000, 600_000], [600_000, 1_400_000]]);
    const { pots } = await must(world.visitor().get(`${round.path}/tally/steps`));
    expect(pots.map(({ area, budgetMinor, spentMinor, ballots }: any) => [area, budgetMinor, spentMinor, ballots])).toEqual([['Kiln', 800_000, 600_000, 2], ['Lock', 500_000, 0, 1], [null, 1_500_000, 1_400_000, 4]]);
  });

  it('what areas leave goes to everybody’s projects, and a ranking is one for each part', async () => {
    const { round, phone } = await withAreas([['Kiln', 800_000, null], ['Lock', 500_000, null]], 700_000, 'goes-to-whole', { ballotForm: { kind: 'ranking', k: 2 } });
    await move(world, round, 'notice', 'voting');
    const lines = ranked('1', 'K2', '2', 'K1');
    expect((await send(await phone('Kiln'), round, lines)).status).toBe(200);
    expect((await send(await phone('Lock'), round, ranked('1'))).status).toBe(200);
    await close(round);
    await countAndSeal(world);
    // K2 has 2 of Kiln's points and K1 one; 500,000 is not enough for K1, and with it and Lock's all the whole can pay for 1.
    expect(await fatesOf(round)).toEqual(['K2: 2 won', '1: 3 won', '2: 1 won', 'K1: 1 short', 'L1: 0 no-votes']);
    await move(world, round, 'results');
    expect(await potOf(round.potId)).toEqual([300_000, 1_700_000]);
  });

  it('the form holds for each part alone, whatever the lines', () => {
    const projects = [{ number: 'a', costMinor: 5, area: 'A' }, { number: 'b', costMinor: 5, area: 'B' }, { number: 'w', costMinor: 5, area: null }, { number: 'x', costMinor: 5, area: 'elsewhere' }];
    const spec = { form: { kind: 'ranking', k: 1 } as const, budgetMinor: 5, pots: [{ area: 'A', budgetMinor: 5 }, { area: 'B', budgetMinor: 5 }], projects };
    expect(orderLines(spec, ranked('w', 'a'), 'A')).toEqual(ranked('a', 'w'));
    expect(orderLines(spec, ranked('w', 'x'), 'A')).toBe('too-many');
    expect(orderLines({ ...spec, form: { kind: 'one' } }, ranked('a', 'x'), 'A')).toEqual(ranked('a', 'x'));
    expect(orderLines(spec, ranked('a'), '')).toBe('other-area');
    expect(orderLines(spec, ranked('a', 'b'), randomBytes(2).toString('hex'))).toBe('other-area');
  });
});
