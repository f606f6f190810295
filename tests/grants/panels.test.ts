/** Panels of residents: a draw that anybody can run again, seats that pass on, and deciding by the majority. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { verifyDraw } from '@commonpot/server/grants/draw/published';
import { settlePanels } from '@commonpot/server/grants/panels/jobs';
import { digestOf, drawOrder, nextSeat } from '@commonpot/server/grants/panels/rules';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { brokenInvariants, filledPot, must } from '../payouts/house.ts';
import { ask, messagesOf, openGrants, ownToken, queue, type OpenGrants } from './granting.ts';
import { stateTerms } from './paying.ts';
import { makeResidents } from './residents.ts';

describe('the draw', () => {
  const pool = Array.from({ length: 60 }, (_, index) => ({ code: `C${String(index).padStart(2, '0')}`, area: index < 30 ? 'Hill' : index < 50 ? 'Mill' : 'Quay', served: index % 3 === 0 ? 1 : 0 }));
  const seeds = Array.from({ length: 400 }, (_, index) => `draw ${index}`);

  it('depends on the pool and the seed and on nothing else, and the digest on the pool', () => {
    for (const seed of seeds.slice(0, 20)) {
      expect(drawOrder([...pool].reverse(), `  ${seed.toUpperCase()} `)).toEqual(drawOrder(pool, seed));
      expect(new Set(drawOrder(pool, seed)).size).toBe(pool.length);
    }
    expect(drawOrder(pool, 'one')).not.toEqual(drawOrder(pool, 'two'));
    expect(digestOf([...pool].reverse())).toEqual(digestOf(pool));
    for (const change of [{ code: 'ZZ' }, { area: 'Mill' }, { served: 5 }]) expect(digestOf([{ ...pool[0], ...change } as never, ...pool.slice(1)])).not.toEqual(digestOf(pool));
  });

  it('keeps the area’s mix however far down one reads, and asks nobody again before the others of their area', () => {
    const of = new Map(pool.map((entry) => [entry.code, entry]));
    for (const seed of seeds) {
      const order = drawOrder(pool, seed).map((code) => of.get(code)!);
      for (const seats of [3, 7, 12]) {
        for (const [area, share] of [['Hill', 1 / 2], ['Mill', 1 / 3], ['Quay', 1 / 6]] as const) expect(Math.abs(order.slice(0, seats).filter((each) => each.area === area).length - seats * share)).toBeLessThan(1);
      }
      for (const area of ['Hill', 'Mill', 'Quay']) expect(order.filter((each) => each.area === area).map((each) => each.served)).toEqual(order.filter((each) => each.area === area).map((each) => each.served).sort());
    }
  });

  it('favours nobody of an area who has served as often', () => {
    const times = new Map<string, number>();
    for (const seed of seeds) for (const code of drawOrder(pool, seed).slice(0, 6)) times.set(code, (times.get(code) ?? 0) + 1);
    // 20 who have not served share three seats of six in 400 draws: 60 each, within five deviations of a binomial.
    const hill = pool.filter((each) => each.area === 'Hill' && each.served === 0).map((each) => times.get(each.code) ?? 0);
    expect(hill.reduce((sum, each) => sum + each)).toBe(1200);
    for (const each of hill) expect(Math.abs(each - 60)).toBeLessThan(5 * Math.sqrt(400 * 0.15 * 0.85));
  });

  it('passes a seat to the next of the same area, and to anybody when it has nobody left', () => {
    const seats = [['A', 'Hill', true], ['B', 'Mill', false], ['C', 'Hill', false]].map(([code, area, isAsked], index) => ({ code, area, isAsked, place: index + 1 })) as Parameters<typeof nextSeat>[0];
    expect([nextSeat(seats, 'Hill'), nextSeat(seats, 'Quay'), nextSeat(seats, null)]).toEqual(['C', 'B', 'B']);
    expect(nextSeat(seats.map((seat) => ({ ...seat, isAsked: true })), 'Hill')).toBeNull();
  });
});

describe('a panel', () => {
  let world: World;
  let neighbours: Map<string, Visitor>;
  beforeAll(async () => {
    world = await makeWorld();
    neighbours = await makeResidents(world, 9);
  });
  afterAll(async () => {
    expect(await brokenInvariants(world)).toEqual([]);
    await world.close();
  });

  const at = () => `/funds/${world.fund.slug}`;
  const charter = { bands: [{ upToMinor: 200_00, agree: 'panel' as const, proofOfAddress: false }], panelSeats: 3, answerDays: 5 };
  const mine = async (visitor: Visitor) => must(visitor.get(`${at()}/my-panels`));
  const inState = async (panel: string, state: string): Promise<Visitor[]> =>
    (await world.superuser('select account_id from panel_seat where panel_id = $1 and state = $2 order by place', [panel, state])).rows.map((row) => neighbours.get(row.account_id)!);
  const answer = (panel: string, who: Visitor, what = 'accept') => who.post(`${at()}/panels/${panel}/answer`, { answer: what });
  const vote = (panel: string, who: Visitor, id: string, body: object = { verdict: 'yes' }) => who.post(`${at()}/panels/${panel}/requests/${id}`, body);

  /** A panel drawn for a round, whose seats nobody has answered yet. */
  async function drawn(round: OpenGrants): Promise<string> {
    const { administrator, administrator2 } = world.fund.people;
    const drawAt = new Date(world.clock.now.getTime() + 86_400_000);
    const { id } = await must(administrator.post(`${round.path}/panels`, { drawName: 'The national draw on Saturday', drawAt: drawAt.toISOString() }));
    expect((await administrator2.post(`${at()}/panels/${id}/draw`, { seed: '1 2 3' })).body.code).toBe('draw-too-early');
    world.clock.now = drawAt;
    const type = (who: Visitor, seed: string) => must(who.post(`${at()}/panels/${id}/draw`, { seed }));
    expect([await type(administrator, '1 2 3'), await type(administrator, '1 2 3'), await type(administrator2, '12 17 23'), await type(administrator2, '12 17 23')])
      .toEqual([false, false, true, false].map((differs) => ({ order: null, differs })));
    await expect(world.superuser(`update panel set seed = '12 17 23', drawn_by = $2, drawn_at = draw_at where id = $1`, [id, administrator2.accountId])).rejects.toThrow('the word of two');
    const { order } = await type(administrator, ' 12  17 23');
    expect((await administrator2.post(`${at()}/panels/${id}/draw`, { seed: '4 5 6' })).body.code).toBe('already-decided');
    const [published] = (await must(world.visitor().get(`${round.path}/panels`))).panels;
    expect([published.id, published.order, drawOrder(published.pool, published.seed), digestOf(published.pool).toString('hex')]).toEqual([id, order, order, published.digest]);
    expect(verifyDraw(JSON.stringify(await must(world.visitor().get(`${at()}/panels/${id}/draw`))))).toMatchObject({ kind: 'panel-draw', findings: [], facts: { result: '12 17 23' } });
    return id;
  }
  const idOf = async (round: OpenGrants, change: Parameters<typeof ask>[2] = {}) => {
    const { reference } = await must(ask(world, round, change));
    return (await queue(world.fund, round)).find((each) => each.reference === reference).id as string;
  };

  it('needs enough volunteers, and names nobody in public', async () => {
    const round = await openGrants(world.fund, { charter });
    const commit = () => world.fund.people.administrator.post(`${round.path}/panels`, { drawName: 'The national draw', drawAt: '2026-11-28T20:00:00Z' });
    expect((await commit()).body).toMatchObject({ code: 'too-few-volunteers', needed: 3, there: 0 });
    for (const [index, visitor] of [...neighbours.values()].entries()) await must(visitor.send('PUT', `${at()}/my-panels`, { area: index < 6 ? 'Hill' : 'Mill' }));
    await must(world.fund.people.resident.send('PUT', `${at()}/my-panels`, { area: 'Hill' }));
    await must(world.fund.people.resident.send('PUT', `${at()}/my-panels`, { area: null }));
    const { volunteers } = await must(commit());
    expect(volunteers).toBe(9);
    const shown = JSON.stringify(await must(world.visitor().get(`${round.path}/panels`)));
    for (const secret of [...neighbours.keys(), 'Neighbour']) expect(shown).not.toContain(secret);
  });

  it('decides by the majority, once, with nobody who knows the person, and a seat that is passed goes to the next', async () => {
    const round = await openGrants(world.fund, { charter });
    const panel = await drawn(round);
    const [one, two, three] = (await inState(panel, 'asked')) as [Visitor, Visitor, Visitor];
    expect((await must(answer(panel, one, 'pass'))).state).toBe('passed');
    expect((await answer(panel, one)).body.code).toBe('already-decided');
    for (const who of [two, three, ...(await inState(panel, 'asked')).filter((each) => each !== two && each !== three)]) await must(answer(panel, who));
    const [a, b, c] = (await inState(panel, 'accepted')) as [Visitor, Visitor, Visitor];
    const id = await idOf(round, { amountMinor: 90_00, words: 'Nobody reads this', name: 'Ines' });
    expect((await world.fund.people.administrator.post(`${at()}/requests/${id}/decisions`, { verdict: 'yes' })).body.code).toBe('panel-decides');
    const [row] = (await mine(a)).panels[0].requests;
    expect(Object.keys(row).sort()).toEqual(['amountMinor', 'appealed', 'askedAt', 'cumulativeMinor', 'id', 'purpose', 'reference']);
    expect((await vote(panel, one, id)).body.code).toBe('not-on-panel');
    // One knows the person: the next of the draw is asked, and takes the place.
    await must(a.post(`${at()}/panels/${panel}/requests/${id}/interest`));
    expect((await vote(panel, a, id)).body.code).toBe('knows-applicant');
    const [standIn] = (await inState(panel, 'asked')) as [Visitor];
    await must(answer(panel, standIn));
    expect((await must(vote(panel, b, id))).state).toBe('asked');
    expect((await vote(panel, b, id)).body.code).toBe('same-person');
    expect((await must(vote(panel, c, id, { verdict: 'no', reason: 'not-reached' }))).state).toBe('asked');
    const last = await Promise.all([vote(panel, standIn, id), vote(panel, standIn, id)]);
    expect(last.map((each) => each.body.code ?? each.body.state).sort()).toEqual(['already-decided', 'awarded']);
    await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(
      `insert into request_decision values ('${world.fund.id}', gen_random_uuid(), '${id}', 'panel', 'yes', null, '${one.accountId}', now())`))).rejects.toThrow();
  });

  it('tells whoever is drawn, and whoever something waits for, at an address of their own; and thanks those who decided, once', async () => {
    const { administrator, administrator2 } = world.fund.people;
    const round = await openGrants(world.fund, { charter });
    const told = () => messagesOf(world).then((all) => all.filter((each) => each.body.includes('/panels')));
    // Everybody named the same address, which is theirs as far as the database knows.
    const contactHash = world.app.services.secrets.hash('contact', 'sms:+447700900999');
    const [first, ...others] = [...neighbours.values()] as [Visitor, ...Visitor[]];
    const volunteer = (who: Visitor, address: string) => who.send('PUT', `${at()}/my-panels`, { area: 'Hill', tell: { channel: 'sms', address } });
    expect((await volunteer(first, '07700 900999')).body.code).toBe('not-their-address');
    await world.superuser('insert into account_contact (account_id, channel, contact_hash, created_at) values ($1, $2, $3, $4)', [first.accountId, 'sms', contactHash, world.clock.now]);
    await must(volunteer(first, '07700 900999'));
    const panel = await drawn(round);
    const settle = () => settlePanels(world.app.services, world.clock.now);
    for (let place = 0; place < 9 && (await inState(panel, 'asked')).every((who) => who !== first); place += 1) for (const who of (await inState(panel, 'asked')).slice(0, 1)) await must(answer(panel, who, 'pass'));
    for (let again = 0; again < 2; again += 1) await settle();
    expect((await told()).map((each) => [each.recipient, /drawn/.test(each.body)])).toEqual([['+447700900999', true]]);
    for (const who of await inState(panel, 'asked')) await must(answer(panel, who));
    const id = await idOf(round, { amountMinor: 30_00 });
    for (let again = 0; again < 2; again += 1) await settle();
    expect((await told()).length).toBe(2);
    // Nobody draws again because the result does not please them.
    const commit = () => administrator2.post(`${round.path}/panels`, { drawName: 'Another draw', drawAt: new Date(world.clock.now.getTime() + 86_400_000).toISOString() });
    expect((await commit()).body).toMatchObject({ code: 'panel-sits' });

    const { members } = { members: await inState(panel, 'accepted') };
    const thank = (who = administrator, amountMinor = 10_00) => who.post(`${at()}/panels/${panel}/thanks`, { amountMinor });
    expect((await thank()).body.code).toBe('nobody-to-thank');
    for (const who of members.slice(0, 2)) await must(vote(panel, who, id));
    expect((await thank()).body.code).toBe('terms-missing');
    await stateTerms(world.fund, await filledPot(world.fund, 100_00));
    expect((await others[0]!.post(`${at()}/panels/${panel}/thanks`, { amountMinor: 10_00 })).status).toBe(403);
    const thanked = await Promise.all([thank(), thank(administrator2), thank()]);
    expect(thanked.map((each) => each.body.code ?? each.body.thanked).sort()).toEqual([2, 'nobody-to-thank', 'nobody-to-thank']);
    const given = (await must(members[0]!.get('/my/thanks'))).thanks;
    expect(given).toMatchObject([{ what: 'panel', amountMinor: 10_00, note: expect.stringContaining('adviser') }]);
    const shown = JSON.stringify((await must(administrator.get(`${round.path}/panels`))).panels);
    for (const secret of neighbours.keys()) expect(shown).not.toContain(secret);
    // Whoever would sit no more leaves no address behind.
    await must(first.send('PUT', `${at()}/my-panels`, { area: null }));
    expect((await world.superuser('select sealed_contact from panel_volunteer where account_id = $1', [first.accountId])).rows).toEqual([{ sealed_contact: null }]);
    await must(first.send('PUT', `${at()}/my-panels`, { area: 'Hill' }));
  });

  it('says no by the majority, with the reason that most gave, and an appeal goes to somebody else', async () => {
    const round = await openGrants(world.fund, { charter });
    const panel = await drawn(round);
    for (const who of await inState(panel, 'asked')) await must(answer(panel, who));
    const { reference, token } = await must(ask(world, round, { amountMinor: 20_00, mayWrite: true }));
    const own = await ownToken(world, token);
    const { id } = (await queue(world.fund, round)).find((each) => each.reference === reference);
    const [a, b] = (await inState(panel, 'accepted')) as [Visitor, Visitor];
    await must(vote(panel, a, id, { verdict: 'no', reason: 'helped-elsewhere' }));
    expect((await must(vote(panel, b, id, { verdict: 'no', reason: 'helped-elsewhere' }))).state).toBe('declined');
    const seen = await must(world.visitor().post(`${at()}/requests/look`, { token: own }));
    expect([seen.reason, seen.decided]).toEqual(['helped-elsewhere', { people: 2, yes: 0, panel: true }]);
    await must(world.visitor().post(`${at()}/requests/appeal`, { token }));
    // Somebody else is as many as the first time: those of the panel who said nothing, and the next of the draw.
    expect((await world.fund.people.administrator.post(`${at()}/requests/${id}/decisions`, { verdict: 'yes' })).body.code).toBe('panel-decides');
    const [row] = await queue(world.fund, round);
    expect([row.notYou, row.again]).toEqual(['panel', { yes: 0, needed: 2, left: 7 }]);
    for (const who of [a, b]) expect((await vote(panel, who, id)).body.code).toBe('same-person');
    await settlePanels(world.app.services, world.clock.now);
    for (const who of await inState(panel, 'asked')) await must(answer(panel, who));
    const others = (await inState(panel, 'accepted')).filter((who) => who !== a && who !== b);
    expect(others).toHaveLength(3);
    expect((await mine(others[2]!)).panels[0].requests.map((each: { id: string; appealed: boolean }) => [each.id, each.appealed])).toEqual([[id, true]]);
    expect((await must(vote(panel, others[0]!, id))).state).toBe('appealed');
    expect((await must(vote(panel, others[1]!, id))).state).toBe('awarded');
  });

  it('replaces who does not answer, and who accepts and does not decide, and doing so again changes nothing', async () => {
    const round = await openGrants(world.fund, { charter });
    const panel = await drawn(round);
    const [first] = (await inState(panel, 'asked')) as [Visitor];
    await must(answer(panel, first));
    await idOf(round, { amountMinor: 20_00 });
    world.clock.forward(4 * 24 * 60);
    for (let again = 0; again < 2; again += 1) await settlePanels(world.app.services, world.clock.now);
    expect((await inState(panel, 'silent')).length).toBe(2);
    expect((await inState(panel, 'asked')).length).toBe(2);
    for (const who of await inState(panel, 'asked')) await must(answer(panel, who));
    world.clock.forward(2 * 24 * 60);
    await settlePanels(world.app.services, world.clock.now);
    expect(await inState(panel, 'left')).toEqual([first]);
    expect((await inState(panel, 'asked')).length).toBe(1);
    expect((await mine(first)).panels.some((each: { id: string }) => each.id === panel)).toBe(false);
  });
});
