/** The draw of a waiting list: fair by its tickets, the same for whoever runs it again, and a list down which the money goes by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { moveLists } from '@commonpot/server/grants/draw/jobs';
import { verifyDraw, type ListDraw } from '@commonpot/server/grants/draw/published';
import { digestPool, drawList, reachOf, ticketsOf, type Entry } from '@commonpot/server/grants/draw/rules';
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { ask, newNumber, openGrants, publish, queue, type OpenGrants } from './granting.ts';

const weights = { firstTime: 2, missed: 1, most: 4 };
const seedOfNumber = (index: number) => Buffer.from(index.toString(16).padStart(64, '0'), 'hex');

describe('the order', () => {
  const pool: Entry[] = Array.from({ length: 24 }, (_, index) => {
    const standing = { firstTime: index % 2 === 0, missedBefore: index % 3, askedAgain: index >= 21 };
    return { code: `C${String(index).padStart(4, '0')}`, ...standing, tickets: ticketsOf(standing, weights) };
  });
  const many = 4000;
  const firsts = Array.from({ length: many }, (_, index) => drawList(pool, seedOfNumber(index)));

  it('depends on the pool and the seed and on nothing else', () => {
    for (const index of [0, 1, 2]) {
      expect(drawList([...pool].reverse(), seedOfNumber(index))).toEqual(firsts[index]);
      expect([...(firsts[index] ?? [])].sort()).toEqual(pool.map((each) => each.code));
    }
    expect(firsts[0]).not.toEqual(firsts[1]);
    expect(digestPool([...pool].reverse())).toEqual(digestPool(pool));
    for (const change of [{ tickets: 3 }, { firstTime: false }, { missedBefore: 9 }, { askedAgain: true }, { code: 'ZZZZ' }]) expect(digestPool([{ ...(pool[0] as Entry), ...change }, ...pool.slice(1)])).not.toEqual(digestPool(pool));
  });

  it('gives each the first place by their tickets, and of any two the one with more tickets goes first as often as they say', () => {
    const total = pool.reduce((sum, each) => sum + each.tickets, 0);
    for (const { code, tickets } of pool) {
      const p = tickets / total;
      const times = firsts.filter((order) => order[0] === code).length;
      // Within five deviations of the binomial; the seeds are fixed, so it holds always or never.
      expect(Math.abs(times - many * p)).toBeLessThanOrEqual(5 * Math.sqrt(many * p * (1 - p)));
    }
    for (const [one, other] of [[0, 1], [2, 3], [5, 6], [8, 11]] as const) {
      const [a, b] = [pool[one] as Entry, pool[other] as Entry];
      const p = a.tickets / (a.tickets + b.tickets);
      const times = firsts.filter((order) => order.indexOf(a.code) < order.indexOf(b.code)).length;
      expect(Math.abs(times - many * p)).toBeLessThan(5 * Math.sqrt(many * p * (1 - p)));
    }
  });

  it('puts a second request of the same person after everybody, and weighs no more than the charter says', () => {
    for (const order of firsts.slice(0, 200)) expect(order.slice(-3).sort()).toEqual(pool.slice(21).map((each) => each.code));
    expect([ticketsOf({ firstTime: true, missedBefore: 0, askedAgain: false }, weights), ticketsOf({ firstTime: true, missedBefore: 9, askedAgain: false }, weights), ticketsOf({ firstTime: false, missedBefore: 1, askedAgain: false }, weights)]).toEqual([2, 4, 2]);
  });

  it('ends at the first for whom there is not enough, so that nobody is passed over for asking for more', () => {
    const list = [40, 70, 10].map((amountMinor, index) => ({ id: String(index), amountMinor }));
    expect([0, 39, 40, 109, 110, 119, 120].map((money) => reachOf(list, money))).toEqual([0, 0, 1, 1, 2, 2, 3]);
    expect(reachOf([], 5)).toBe(0);
  });
});

describe('a window with more asks than money', () => {
  let world: World;
  beforeAll(async () => void (world = await makeWorld()));
  afterAll(async () => {
    expect(await brokenInvariants(world)).toEqual([]);
    await world.close();
  });

  const order = { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 4, reservePercent: 20 } as const;
  const charter: Partial<Charter> = { bands: [{ upToMinor: 200_00, agree: 'one', proofOfAddress: false }], order };
  const at = () => `/funds/${world.fund.slug}`;
  const people = () => world.fund.people;
  const run = () => moveLists(world.app.services, world.clock.now);
  const result = { drawnOn: '2026-11-24', text: '3 14 15 92 65', evidence: 'https://example.org/draw' };
  const enter = (round: OpenGrants, who: 'administrator' | 'administrator2', change: object = {}, number = 1) => people()[who].post(`${round.path}/draws/${number}/result`, { ...result, ...change });
  const draws = async (round: OpenGrants): Promise<any[]> => (await must(world.visitor().get(`${round.path}/draws`))).draws;
  const file = async (round: OpenGrants, number = 1): Promise<ListDraw> => must(world.visitor().get(`${round.path}/draws/${number}`));
  const look = async (token: string): Promise<any> => (await must(world.visitor().post(`${at()}/requests/look`, { token }))).state;
  const idOf = async (reference: string): Promise<string> => (await world.superuser('select id from request where fund_id = $1 and reference = $2', [world.fund.id, reference])).rows[0].id;
  const pick = (round: OpenGrants, who: 'administrator' | 'administrator2', id: string) => people()[who].post(`${round.path}/waiting/${id}`);
  const decide = (id: string, body: object = { verdict: 'yes' }) => people().administrator.post(`${at()}/requests/${id}/decisions`, body);
  const close = (round: OpenGrants, to = 'deciding') => people().administrator.post(`${round.path}/transitions`, { to });
  const openWindow = (change: Partial<Charter> = {}) => openGrants(world.fund, { charter: { ...charter, ...change }, window: { budgetMinor: 500_00, closesAt: '2026-11-22T18:00:00Z' } });
  const codes = async (round: OpenGrants): Promise<Map<string, any>> => new Map((await world.superuser(`select e.*, r.reference, r.state, r.amount_minor from draw_entry e join request r on r.fund_id = e.fund_id and r.id = e.request_id
    join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id where g.fund_id = $1 and g.slug = $2`, [world.fund.id, round.slug])).rows.map((row) => [row.code, row]));

  it('is drawn from asking to the last award, and somebody who withdraws lets the next one in', async () => {
    const round = await openWindow();
    const [named] = await draws(round);
    expect([named.state, named.draw.date, named.reserve.keptMinor]).toEqual(['named', '2026-11-24', 100_00]);
    const number = newNumber();
    const asked = new Map<string, string>();
    for (let index = 0; index < 7; index += 1) {
      const { reference, token } = await must(ask(world, round, { amountMinor: 100_00, ...(index === 0 ? { number } : {}) }));
      asked.set(reference, token);
    }
    const again = await must(ask(world, round, { amountMinor: 50_00, number }));
    const [urgent] = [...asked.keys()] as [string];
    const before = await idOf(urgent);

    // Nobody is decided before the draw; what cannot wait is named by two, once.
    expect(await queue(world.fund, round)).toEqual([]);
    expect((await decide(before)).body.code).toBe('awaits-draw');
    expect((await must(pick(round, 'administrator', before))).confirmed).toBe(false);
    expect((await pick(round, 'administrator', before)).body.code).toBe('same-person');
    expect(new Set((await Promise.all([pick(round, 'administrator2', before), pick(round, 'administrator2', before)])).map((each) => each.body.code ?? String(each.body.confirmed)))).toEqual(new Set(['true', 'already-decided']));
    expect((await queue(world.fund, round)).map((each) => each.reference)).toEqual([urgent]);
    const other = await idOf([...asked.keys()][1] as string);
    expect((await pick(round, 'administrator', other)).body).toMatchObject({ code: 'reserve-too-small', leftMinor: 0 });
    expect((await must(decide(before))).state).toBe('awarded');

    // The close commits to the pool, once, and nothing of it can be changed.
    expect((await enter(round, 'administrator')).body.code).toBe('nothing-to-draw');
    world.clock.now = new Date('2026-11-22T18:00:00Z');
    expect((await Promise.all([close(round), close(round)])).map((each) => each.status).sort()).toEqual([200, 409]);
    const committed = await file(round);
    await run();
    expect(await file(round)).toEqual(committed);
    expect([committed.pool.length, committed.committed.tickets, committed.pool.filter((each) => each.askedAgain).length, committed.drawn]).toEqual([7, 12, 1, null]);
    expect(verifyDraw(JSON.stringify(committed)).findings).toEqual([]);
    expect(await queue(world.fund, round)).toEqual([]);
    for (const change of [`update draw_entry set tickets = 4`, `update grant_draw set pool_digest = terms_digest`, `update grant_draw set seed = pool_digest, drawn_on = draw_on, text = 'x', evidence = 'x', missed = '{}', drawn_at = now()`,
      `update draw_entry set place = 1`, `update draw_entry set let_at = now(), let_as = 'place'`, `update draw_entry set let_at = now(), let_as = 'enough'`, `insert into draw_entry select fund_id, draw_id, gen_random_uuid(), 'ABCD', 1 from draw_entry limit 1`]) {
      await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(change))).rejects.toThrow();
    }

    // The result is the word of two who typed the same.
    expect((await enter(round, 'administrator', { drawnOn: '2026-11-27' })).body.code).toBe('draw-too-early');
    expect(await must(enter(round, 'administrator'))).toEqual({ confirmed: false, differs: false });
    expect(await must(enter(round, 'administrator'))).toEqual({ confirmed: false, differs: false });
    expect(await must(enter(round, 'administrator2', { text: '1 2 3' }))).toEqual({ confirmed: false, differs: true });
    const both = await Promise.all([enter(round, 'administrator2'), enter(round, 'administrator2')]);
    expect(both.map((each) => each.body.code ?? each.body.confirmed).sort()).toEqual(['already-decided', true]);
    const drawn = await file(round);
    expect(verifyDraw(JSON.stringify(drawn), JSON.stringify(committed)).findings).toEqual([]);
    expect(drawn.order).toHaveLength(7);

    // 500, less the 100 that was given and nothing of the reserve left: four are let through, two wait, and the second of one person last.
    const byCode = await codes(round);
    const inOrder = drawn.order.map((code) => byCode.get(code));
    expect(inOrder.map((each) => each.state)).toEqual(['asked', 'asked', 'asked', 'asked', 'listed', 'listed', 'listed']);
    expect(inOrder.at(-1).reference).toBe(again.reference);
    expect((await queue(world.fund, round)).map((each) => each.reference).sort()).toEqual(inOrder.slice(0, 4).map((each) => each.reference).sort());
    expect(await run()).toBe(0);

    const [first, second, third, fourth, fifth, sixth] = inOrder as [any, any, any, any, any, any];
    expect((await decide(fifth.request_id)).body.code).toBe('already-decided');
    await must(world.visitor().post(`${at()}/requests/withdraw`, { token: asked.get(first.reference) }));
    expect(await Promise.all([run(), run()])).toContain(1);
    expect([await look(asked.get(fifth.reference) as string), await look(asked.get(sixth.reference) as string)]).toEqual(['asked', 'listed']);
    expect((await must(decide(second.request_id, { verdict: 'no', reason: 'outside-charter' }))).state).toBe('declined');
    await run();
    expect(await look(asked.get(sixth.reference) as string)).toBe('asked');
    for (const each of [third, fourth, fifth, sixth]) expect((await must(decide(each.request_id))).state).toBe('awarded');
    // An appeal is heard, and takes nothing from anybody: there is no money for it until some comes back.
    await must(world.visitor().post(`${at()}/requests/appeal`, { token: asked.get(second.reference) }));
    expect((await people().administrator2.post(`${at()}/requests/${second.request_id}/decisions`, { verdict: 'yes' })).body.code).toBe('not-enough-money');
    const [shown] = await draws(round);
    expect([shown.reached, shown.waiting, shown.reserve.picked]).toEqual([6, 1, 1]);

    // The end of the round ends the list.
    await must(close(round, 'paying'));
    await must(close(round, 'closed'));
    expect(await run()).toBe(1);
    expect(await look(again.token)).toBe('declined');
    expect(await run()).toBe(0);
  });
});
