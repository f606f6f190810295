/** The draw of a waiting list: fair by its tickets, the same for whoever runs it again, and a list down which the money goes by itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { giveAgreed } from '@commonpot/server/grants/decisions/jobs';
import { drawInvariants } from '@commonpot/server/grants/draw/checks';
import { moveLists } from '@commonpot/server/grants/draw/jobs';
import { verifyDraw, type ListDraw, type PanelDraw } from '@commonpot/server/grants/draw/published';
import { digestName, digestPool, digestTerms, digestWeights, drawList, reachOf, seedOf, ticketsOf, type Entry } from '@commonpot/server/grants/draw/rules';
import { digestOf, drawOrder } from '@commonpot/server/grants/panels/rules';
import { keepDates } from '@commonpot/server/grants/rounds/jobs';
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import { startCommand } from '../lib/command.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { fillPot } from '../money/pots.ts';
import { brokenInvariants, filledPot, must } from '../payouts/house.ts';
import { ask, asking, newNumber, openGrants, ownToken, publish, queue, type OpenGrants } from './granting.ts';

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

describe('pnpm verify', () => {
  const pool: Entry[] = Array.from({ length: 40 }, (_, index) => {
    const standing = { firstTime: index % 2 === 0, missedBefore: index % 3, askedAgain: false };
    return { code: `D${String(index).padStart(3, '0')}`, ...standing, tickets: ticketsOf(standing, weights) };
  });
  const terms = { charter: { version: 3, digest: 'ab'.repeat(32) }, weights, round: '0197a000-0000-7000-8000-000000000001', number: 1, draw: { name: 'The national draw', date: '2026-12-05' } };
  const text = '3 14 15 92 65';
  /** A draw that holds, of a pool and terms; the seed and the order follow. */
  const make = (given: { pool?: Entry[]; terms?: typeof terms; text?: string } = {}): ListDraw => {
    const [of, by, said] = [given.pool ?? pool, given.terms ?? terms, given.text ?? text];
    const seed = seedOf({ terms: digestTerms(by), pool: digestPool(of), text: said });
    return {
      kind: 'commonpot.list-draw.v1', fund: 'Tanner Hill', round: { id: by.round, slug: 'winter', title: 'Winter' }, number: by.number, charter: by.charter, weights: by.weights, draw: by.draw,
      committed: { at: '2026-12-01T18:00:00.000Z', entries: of.length, tickets: of.reduce((sum, each) => sum + each.tickets, 0), weights: digestWeights(by).toString('hex'), name: digestName(by).toString('hex'), pool: digestPool(of).toString('hex') },
      pool: of, enough: false, drawn: { date: '2026-12-05', text: said, evidence: 'https://example.org', missed: [], seed: seed.toString('hex'), at: '2026-12-05T21:00:00.000Z' }, order: drawList(of, seed),
    };
  };
  const good = make();
  const before: ListDraw = { ...good, drawn: null, order: [] };
  const faultsOf = (doc: object, saved?: object) => verifyDraw(JSON.stringify(doc), saved && JSON.stringify(saved)).findings.map((each) => each.name);
  const extra: Entry = { code: 'ZZZZ', firstTime: true, missedBefore: 0, askedAgain: false, tickets: 2 };
  const heavier = (entry: Entry): Entry => ({ ...entry, tickets: entry.tickets + 1 });
  const swapped = [good.order[1], good.order[0], ...good.order.slice(2)] as string[];
  const [first, ...rest] = pool as [Entry, ...Entry[]];

  it('finds nothing wrong with a draw that holds, before it is held and after', () => {
    expect([faultsOf(good), faultsOf(before), faultsOf(good, before), faultsOf({ ...before, enough: true })]).toEqual([[], [], [], []]);
  });

  it.each<[string, object, string[]]>([
    ['adds somebody to the pool', { ...good, pool: [...pool, extra] }, ['entry-added']],
    ['adds somebody to pool and order', { ...good, pool: [...pool, extra], order: ['ZZZZ', ...good.order] }, ['entry-added']],
    ['leaves somebody out of the pool', { ...good, pool: rest }, ['entry-removed']],
    ['leaves somebody out of pool and order', { ...good, pool: rest, order: good.order.filter((code) => code !== first.code) }, ['entry-removed']],
    ['puts somebody in twice', { ...good, pool: [first, ...pool] }, ['entry-twice']],
    ['gives somebody a ticket more', { ...good, pool: [heavier(first), ...rest] }, ['tickets-changed']],
    ['says that somebody missed more', { ...good, pool: [{ ...first, missedBefore: 1, tickets: 3 }, ...rest] }, ['tickets-changed', 'pool-changed']],
    ['says that somebody asked for the first time, and moves the tickets', { ...good, pool: [{ ...first, firstTime: false, missedBefore: 1 }, ...rest] }, ['pool-changed']],
    ['changes the weights', { ...good, weights: { ...weights, firstTime: 5 } }, ['weights-changed']],
    ['names another charter', { ...good, charter: { ...good.charter, version: 4 } }, ['weights-changed']],
    ['names another draw', { ...good, draw: { ...good.draw, name: 'Another draw' } }, ['name-changed']],
    ['takes another seed', { ...good, drawn: { ...good.drawn, seed: 'cd'.repeat(32) } }, ['seed-changed']],
    ['takes another result', { ...good, drawn: { ...good.drawn, text: '1 2 3' } }, ['seed-changed']],
    ['takes another result and its seed', { ...make({ text: '1 2 3' }), order: good.order }, ['order-changed']],
    ['puts somebody first', { ...good, order: swapped }, ['order-changed']],
    ['names somebody twice in the order', { ...good, order: [...good.order.slice(0, -1), good.order[0]] }, ['order-changed']],
    ['draws on another day', { ...good, drawn: { ...good.drawn, date: '2026-12-06' } }, ['draw-too-early']],
    ['commits to the pool after the draw', { ...good, committed: { ...good.committed, at: '2026-12-05T23:00:00.000Z' } }, ['draw-too-early']],
    ['shows an order before the draw', { ...before, order: good.order }, ['order-changed']],
    ['is no draw', { kind: 'commonpot.list-draw.v1' }, ['no-draw']],
  ])('says by name who %s', (_, doc, names) => {
    const found = faultsOf(doc);
    for (const name of names) expect(found).toContain(name);
    // And nothing that is not so: an order that does not follow from a changed pool is not a fault of its own.
    for (const name of ['order-changed', 'seed-changed', 'weights-changed', 'name-changed', 'draw-too-early']) if (!names.includes(name)) expect(found).not.toContain(name);
  });

  it.each<[string, object, string[]]>([
    ['made the whole draw again with somebody more', make({ pool: [...pool, extra] }), ['entry-added']],
    ['made it again without somebody', make({ pool: rest }), ['entry-removed']],
    ['made it again with other tickets', make({ pool: [{ ...first, missedBefore: 1, tickets: 3 }, ...rest] }), ['tickets-changed']],
    ['made it again with other weights', make({ terms: { ...terms, weights: { ...weights, most: 3 } } }), ['weights-changed']],
    ['made it again by another draw', make({ terms: { ...terms, draw: { name: 'Another', date: '2026-12-05' } } }), ['name-changed']],
    ['shows the draw of another round', make({ terms: { ...terms, number: 2 } }), ['other-draw']],
  ])('knows by a saved copy who %s, though it holds by itself', (_, doc, names) => {
    expect(faultsOf(doc, before)).toEqual(names.includes('weights-changed') ? expect.arrayContaining(names) : names);
  });
  it('knows by a saved copy another seed', () => expect(faultsOf(make({ text: '1 2 3' }), good)).toEqual(['seed-changed']));

  it('knows the draw of a panel too', () => {
    const members = Array.from({ length: 12 }, (_, index) => ({ code: `P${String(index).padStart(3, '0')}`, area: index < 6 ? 'Hill' : 'Mill', served: index % 2 }));
    const panel: PanelDraw = {
      kind: 'commonpot.panel-draw.v1', fund: 'Tanner Hill', round: good.round, panel: terms.round, seats: 3, draw: { name: 'The national draw', at: '2026-12-05T20:00:00.000Z' },
      committed: { at: '2026-12-01T18:00:00.000Z', entries: 12, pool: digestOf(members).toString('hex') }, pool: members, drawn: { at: '2026-12-05T21:00:00.000Z', seed: text }, order: drawOrder(members, text),
    };
    const undrawn = { ...panel, drawn: null, order: [] };
    expect([faultsOf(panel), faultsOf(undrawn), faultsOf(panel, undrawn)]).toEqual([[], [], []]);
    expect(faultsOf({ ...panel, order: [...panel.order].reverse() })).toEqual(['order-changed']);
    expect(faultsOf({ ...panel, drawn: { ...panel.drawn, seed: 'other' } })).toEqual(['order-changed']);
    expect(faultsOf({ ...panel, pool: members.slice(1) })).toEqual(expect.arrayContaining(['entry-removed', 'pool-changed']));
    expect(faultsOf({ ...panel, pool: members.map((each, index) => (index === 0 ? { ...each, served: 9 } : each)) })).toEqual(['pool-changed']);
    expect(faultsOf({ ...panel, drawn: { ...panel.drawn, at: '2026-12-05T19:00:00.000Z' } })).toEqual(['draw-too-early']);
    expect(faultsOf({ ...panel, seats: 5 }, undrawn)).toEqual(['name-changed']);
    expect(faultsOf(panel, good)).toEqual(['other-draw']);
  });

  it('reads a file, a folder and an address, and compares with what was saved', async () => {
    const place = mkdtempSync(join(tmpdir(), 'commonpot-draw-'));
    mkdirSync(join(place, 'folder'));
    writeFileSync(join(place, 'folder', 'draw.json'), JSON.stringify(good));
    writeFileSync(join(place, 'saved.json'), JSON.stringify(before));
    writeFileSync(join(place, 'bad.json'), JSON.stringify({ ...good, order: swapped }));
    const server = createServer((request, answer) => void answer.writeHead(request.url === '/x/draw/1/draw.json' ? 200 : 404).end(JSON.stringify(good)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x/draw/1`;
    const verify = async (...args: string[]) => {
      const command = startCommand('verify', {}, args);
      return { status: await command.ended, out: command.stdout(), err: command.stderr() };
    };
    const [folder, bad, remote, gone] = await Promise.all([verify(join(place, 'folder'), '--head', join(place, 'saved.json')), verify(join(place, 'bad.json'), '--json'), verify(`${address}/draw.json`), verify(`${address}/none.json`)]);
    server.close();
    rmSync(place, { recursive: true });
    expect([folder.status, bad.status, remote.status, gone.status]).toEqual([0, 1, 0, 2]);
    expect(folder.out).toContain('drawing again gives this order');
    expect(JSON.parse(bad.out)).toMatchObject({ verified: false, kind: 'list-draw', findings: [{ name: 'order-changed', places: ['place 1'] }] });
    expect(gone.err).toContain('is not there');
  });
});

describe('a window with more asks than money', () => {
  let world: World;
  beforeAll(async () => void (world = await makeWorld()));
  afterAll(async () => {
    expect(await brokenInvariants(world)).toEqual([]);
    await world.close();
  });

  const CLOSE = new Date('2026-11-22T18:00:00Z');
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
  const openWindow = (change: Partial<Charter> = {}, budgetMinor = 500_00) => openGrants(world.fund, { charter: { ...charter, ...change }, window: { budgetMinor, closesAt: world.clock.now < CLOSE ? '2026-11-22T18:00:00Z' : '2026-11-23T18:00:00Z' } });
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
    // Asked for days ago, and let through now: nobody is late.
    const { desks } = await must(people().administrator.get(`${at()}/grant-desks`));
    expect(desks.find((each: { slug: string }) => each.slug === round.slug)).toMatchObject({ toDecide: 4, late: 0 });

    const [first, second, third, fourth, fifth, sixth] = inOrder as [any, any, any, any, any, any];
    expect((await decide(fifth.request_id)).body.code).toBe('already-decided');
    await must(world.visitor().post(`${at()}/requests/withdraw`, { token: asked.get(first.reference) }));
    expect(await Promise.all([run(), run()])).toContain(1);
    expect([await look(asked.get(fifth.reference) as string), await look(asked.get(sixth.reference) as string)]).toEqual(['asked', 'listed']);
    expect((await must(decide(second.request_id, { verdict: 'no', reason: 'outside-charter' }))).state).toBe('declined');
    await run();
    expect(await look(asked.get(sixth.reference) as string)).toBe('asked');
    // An appeal is heard, and takes nothing from anybody: what is there is promised to others, and what comes back is its first.
    await must(world.visitor().post(`${at()}/requests/appeal`, { token: asked.get(second.reference) }));
    expect((await must(people().administrator2.post(`${at()}/requests/${second.request_id}/decisions`, { verdict: 'yes' }))).state).toBe('listed');
    expect(await giveAgreed(world.app.services, world.clock.now)).toBe(0);
    for (const each of [third, fourth, fifth, sixth]) expect((await must(decide(each.request_id))).state).toBe('awarded');
    const [shown] = await draws(round);
    expect([shown.reached, shown.waiting, shown.reserve.picked]).toEqual([6, 1, 1]);

    // The end of the round ends the list.
    await must(close(round, 'paying'));
    await must(close(round, 'closed'));
    expect(await run()).toBe(1);
    expect(await look(again.token)).toBe('declined');
    expect(await run()).toBe(0);

    // The next time: the same person was given something and missed a draw since; a stranger is new.
    const next = await openWindow({ order: { ...order, firstTimeTickets: 3 } }, 100_00);
    for (const change of [{ number }, {}, {}]) await must(ask(world, next, { amountMinor: 40_00, ...change }));
    await must(close(next));
    expect((await file(next)).pool.map(({ tickets, firstTime, missedBefore }) => [tickets, firstTime, missedBefore]).sort()).toEqual([[2, false, 1], [3, true, 0], [3, true, 0]]);
  });

  it('nobody waits in a circle: a pick, a close by hand and somebody who decides hold the round, its list and its requests in one order', async () => {
    const round = await openWindow();
    const { token, reference } = await must(ask(world, round, { amountMinor: 40_00 }));
    const id = await idOf(reference);
    const waiting = (many: number) => expect.poll(async () => (await world.superuser('select count(*)::int as n from pg_locks where not granted')).rows[0].n, { timeout: 5000 }).toBeGreaterThanOrEqual(many);
    // As whoever decides does: the request first, then its round.
    const decider = new pg.Client({ connectionString: world.database.superuserUrl });
    await decider.connect();
    try {
      await decider.query(`begin; select from request where id = '${id}' for update`);
      const picked = pick(round, 'administrator', id);
      await waiting(1);
      const closed = close(round);
      await waiting(2);
      await decider.query(`select from grant_round where slug = '${round.slug}' and fund_id = '${world.fund.id}' for share`);
      await decider.query('commit');
      expect([(await picked).status, (await closed).status]).toEqual([200, 200]);
      // And all at once, for a while: nothing fails.
      const all = await Promise.all(Array.from({ length: 4 }, () => [look(token), run(), pick(round, 'administrator2', id), decide(id), close(round)]).flat());
      expect(all.map((each) => each?.status ?? 200).filter((status) => status >= 500)).toEqual([]);
      // A circle that closes all the same is opened by PostgreSQL, at whoever waits longest: they are answered all the same.
      await decider.query(`begin; select from grant_round where slug = '${round.slug}' and fund_id = '${world.fund.id}' for update`);
      const looked = look(token);
      await waiting(1);
      await decider.query(`select from request where id = '${id}' for update; commit`);
      expect(await looked).toBe('awarded');
    } finally {
      await decider.end();
    }
  });

  it('draws nothing where the money meets everybody, and gives at once only then, to whoever holds the address', async () => {
    const round = await openWindow({ bands: [{ upToMinor: 50_00, agree: 'at-once', proofOfAddress: false }, { upToMinor: 200_00, agree: 'one', proofOfAddress: false }], atOnceDailyMinor: 60_00 });
    const own = { contact: { channel: 'email', address: 'Resident@tanner-hill.example' } };
    const mine = await must(people().resident.post(`${round.path}/requests`, asking({ ...own, amountMinor: 30_00 })));
    const others = [await must(ask(world, round, { amountMinor: 40_00 })), await must(ask(world, round, { amountMinor: 90_00 }))];
    expect([mine.state, await queue(world.fund, round)]).toEqual(['asked', []]);
    await must(close(round));
    expect([(await draws(round))[0].state, verifyDraw(JSON.stringify(await file(round))).findings]).toEqual(['enough', []]);
    expect((await enter(round, 'administrator')).body.code).toBe('nothing-to-draw');
    await Promise.all([run(), run()]);
    expect(await Promise.all([mine, ...others].map((each) => look(each.token)))).toEqual(['awarded', 'asked', 'asked']);
    expect(await queue(world.fund, round)).toHaveLength(2);
  });

  it('tells a place by the person’s own link, and to whoever typed their number nothing that says what they were given', async () => {
    const round = await openWindow();
    const place = async (token: string): Promise<any> => (await must(world.visitor().post(`${at()}/requests/place`, { token }))).place;
    const asked: any[] = [];
    for (let index = 0; index < 4; index += 1) asked.push(await must(ask(world, round, { amountMinor: 150_00, mayWrite: true })));
    // Somebody whose limits are met asks too, or another in their name: nobody can tell them from the others.
    const number = newNumber();
    const held = await openGrants(world.fund, { charter: { cooldownDays: 0 } }).then(async (before) => {
      const { reference } = await must(ask(world, before, { number, amountMinor: 150_00 }));
      for (const who of ['administrator', 'administrator2'] as const) await must(people()[who].post(`${at()}/requests/${await idOf(reference)}/decisions`, { verdict: 'yes' }));
      return must(ask(world, round, { number, amountMinor: 150_00 }));
    });
    // Nor do those who decide see it, or let it through.
    const heldId = await idOf(held.reference);
    expect([(await must(people().administrator.get(`${round.path}/waiting`))).requests.length, (await pick(round, 'administrator', heldId)).body.code]).toEqual([4, 'not-found']);
    const plainly = async () => new Set((await Promise.all([...asked, held].map((each) => place(each.token)))).map((each) => JSON.stringify(each)));
    expect([...(await plainly())].map((each) => JSON.parse(each))).toEqual([{ state: 'open', round: round.slug, number: 1, draw: expect.anything(), closesAt: expect.anything(), entries: 0, code: null, tickets: null, place: null, ahead: null }]);
    await must(close(round));
    expect((await file(round)).pool).toHaveLength(4);
    expect((await plainly()).size).toBe(1);
    for (const who of ['administrator', 'administrator2'] as const) await must(enter(round, who));
    // On the list or not is all that is said; who was let through reads as who waits for their day.
    const spoken = [...(await plainly())].map((each) => JSON.parse(each));
    expect(spoken).toHaveLength(2);
    for (const each of spoken) expect(each === null || (each.state === 'listed' && each.place === null && each.code === null && each.ahead === null)).toBe(true);
    const own = await Promise.all(await inTurn(asked, (each) => ownToken(world, each.token)).then((tokens) => tokens.map(place)));
    const order = (await file(round)).order;
    for (const each of own) expect([order[each.place - 1], each.tickets]).toEqual([each.code, 2]);
    expect(own.map((each) => [each.state, each.ahead]).sort()).toEqual([['listed', 0], ['listed', 1], ['through', null], ['through', null]]);
    expect((await world.visitor().post(`${at()}/requests/place`, { token: 'A'.repeat(22) })).body.code).toBe('wrong-code');
  });

  it('names the public draw before anybody asks, and waits for a later one when the pool is fixed late', async () => {
    const { administrator, administrator2, resident } = people();
    await publish(world.fund, charter);
    const potId = await filledPot(world.fund, 500_00);
    await must(administrator.post(`${at()}/pots/${potId}/statements`, { publicFunds: 'no', benefits: 'Not counted.', adviser: 'Law centre', checkedOn: '2026-11-01' }));
    const { slug } = await must(administrator.post(`${at()}/grants`, { title: 'Named', potId, kind: 'window', budgetMinor: 100_00, closesAt: '2026-11-23T18:00:00Z' }));
    const path = `${at()}/grants/${slug}`;
    const name = (who = administrator, date = '2026-11-24') => who.send('PUT', `${path}/draw`, { name: 'The national draw, lowest first', date });
    expect([(await name(resident)).status, (await name(administrator, '2026-11-23')).body.code]).toEqual([403, 'draw-too-early']);
    await must(name());
    expect((await world.visitor().get(`${path}/draws`)).status).toBe(404);
    await must(administrator2.post(`${path}/transitions`, { to: 'open' }));
    expect((await name()).body.code).toBe('frozen');
    const round = { slug, path, potId };
    expect((await draws(round))[0]).toMatchObject({ state: 'named', draw: { name: 'The national draw, lowest first', date: '2026-11-24' }, reserve: { keptMinor: 20_00, picked: 0 } });
    for (let index = 0; index < 2; index += 1) await must(ask(world, round, { amountMinor: 60_00 }));
    // The server was away on the evening of the draw: its result is known, so the next week's counts.
    world.clock.now = new Date('2026-11-25T09:00:00Z');
    await keepDates(world.app.services, world.clock.now);
    const committed = await file(round);
    expect([committed.draw.date, verifyDraw(JSON.stringify(committed)).findings]).toEqual(['2026-12-01', []]);
    expect((await enter(round, 'administrator')).body.code).toBe('draw-too-early');
    const missed = { drawnOn: '2026-12-08', missed: ['2026-12-01'] };
    await must(enter(round, 'administrator', missed));
    await must(administrator2.post(`${path}/draws/1/result`, { ...result, ...missed }));
    expect(verifyDraw(JSON.stringify(await file(round)), JSON.stringify(committed)).findings).toEqual([]);
    expect((await people().officer.post(`${path}/draws/1/result`, result)).status).toBe(403);
    expect((await world.otherFund.people.administrator.get(`${path}/waiting`)).status).toBe(403);
  });

  it('in a rolling round draws when the pot is short, puts whoever asks meanwhile into the next, and goes on when money comes', async () => {
    const round = await openGrants(world.fund, { charter, potMinor: 100_00 });
    const asked: any[] = [];
    const askFor = async (amountMinor: number) => void asked.push(await must(ask(world, round, { amountMinor })));
    for (const amountMinor of [50_00, 50_00]) await askFor(amountMinor);
    expect(await run()).toBe(0);
    expect([await draws(round), (await queue(world.fund, round)).length]).toEqual([[], 2]);
    await askFor(50_00);
    await Promise.all([run(), run()]);
    expect((await draws(round)).map((each) => [each.number, each.state, each.entries])).toEqual([[1, 'committed', 3]]);
    await askFor(20_00);
    await run();
    expect([await queue(world.fund, round), (await draws(round)).length]).toEqual([[], 1]);
    const { drawOn } = (await world.superuser(`select draw_on::text as "drawOn" from grant_draw d join grant_round g on g.id = d.grant_round_id where g.slug = $1`, [round.slug])).rows[0];
    for (const who of ['administrator', 'administrator2'] as const) await must(enter(round, who, { drawnOn: drawOn }));
    const states = async () => (await Promise.all(asked.map((each) => look(each.token))));
    expect((await states()).filter((each) => each === 'listed')).toHaveLength(1);
    expect((await queue(world.fund, round)).length).toBe(2);
    await run();
    expect((await draws(round)).map((each) => [each.number, each.state, each.entries])).toEqual([[2, 'committed', 1], [1, 'drawn', 3]]);
    expect(verifyDraw(JSON.stringify(await file(round))).findings).toEqual([]);
    await fillPot(world.fund, round.potId, 70_00);
    await run();
    expect((await queue(world.fund, round)).length).toBe(3);
    expect((await states()).slice(0, 3)).toEqual(['asked', 'asked', 'asked']);
    for (const who of ['administrator', 'administrator2'] as const) await must(enter(round, who, { drawnOn: (await file(round, 2)).draw.date }, 2));
    expect((await queue(world.fund, round)).length).toBe(4);
    for (const { id } of await queue(world.fund, round)) expect((await must(decide(id))).state).toBe('awarded');
  });

  it('whoever waits for their own day is not given at once, and stops no list of others', async () => {
    const atOnce = { bands: [{ upToMinor: 50_00, agree: 'at-once' as const, proofOfAddress: false }, { upToMinor: 200_00, agree: 'one' as const, proofOfAddress: false }], atOnceDailyMinor: 100_00 };
    const round = await openGrants(world.fund, { charter: { ...charter, ...atOnce, cooldownDays: 5 } });
    const number = newNumber();
    const confirm = async () => must(world.visitor().post(`${at()}/requests/confirm`, { token: await ownToken(world, (await must(ask(world, round, { number, amountMinor: 20_00, mayWrite: true }))).token) }));
    expect([(await confirm()).state, (await confirm()).state, await run()]).toEqual(['awarded', 'asked', 0]);
  });

  it.each([...drawInvariants])('is watched: $sentence', async ({ name, sql }) => {
    const client = new pg.Client({ connectionString: world.database.superuserUrl });
    await client.connect();
    try {
      await client.query(`begin; set local session_replication_role = replica; set local commonpot.fund = '${world.fund.id}'`);
      expect((await client.query(sql)).rows).toEqual([]);
      await client.query(breaks[name] ?? 'nothing here breaks it');
      expect((await client.query(sql)).rows.length).toBeGreaterThan(0);
    } finally {
      await client.query('rollback');
      await client.end();
    }
  });
});

/** What breaks each, and nothing that a constraint would still stop; every one is undone again. */
const breaks: Record<string, string> = {
  'draws-by-two': `update draw_result set text = 'other' where confirmed_by is not null`,
  'lists-without-gaps': `update draw_entry set place = 99 where place = 1`,
  'lists-in-turn': `update draw_entry set let_at = null, let_as = null where let_as = 'place'`,
  'reserve-by-two': `update reserve_pick set confirmed_by = null, confirmed_at = null`,
  'draw-constraints': 'alter table grant_draw drop constraint grant_draw_later',
  'draw-triggers': 'alter table request disable trigger request_awaiting_hold',
  'draw-privileges': 'grant update (tickets) on draw_entry to commonpot_app',
  'draw-scoped': 'alter table draw_entry no force row level security',
};

/** One after the other, because each reads the newest message. */
async function inTurn<T, R>(all: readonly T[], work: (each: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const each of all) done.push(await work(each));
  return done;
}
