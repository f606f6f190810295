/** Draws by the public beacon: nobody types anything, nobody is believed anything, and anybody can check it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { bringValues as bringToGrants } from '@commonpot/server/grants/draw/jobs';
import { verifyDraw } from '@commonpot/server/grants/draw/published';
import { digestName, digestPool, digestTerms, digestWeights, drawList, seedOf } from '@commonpot/server/grants/draw/rules';
import { QUICKNET } from '@commonpot/server/platform/beacon';
import { readConfig, WrongConfiguration } from '@commonpot/server/platform/config';
import { beaconDraw, hourAfter, momentOf, readAwaited, readPasted, resultOf, roundAt } from '@commonpot/server/rounds/draws/beacon';
import { isTimeToAsk } from '@commonpot/server/rounds/draws/bringing';
import { fetchValue } from '@commonpot/server/rounds/draws/fetching';
import { findBeaconFault, isSigned } from '@commonpot/server/rounds/draws/signature';
import { bringValues as bringToVotes } from '@commonpot/server/votes/sealing/beacon-jobs';
import { uuidBytes } from '@commonpot/server/votes/ballots/protocol';
import { checkLot } from '@commonpot/server/votes/published/check-count';
import { Findings } from '@commonpot/server/votes/published/findings';
import { findFaults } from '@commonpot/server/votes/sealing/folders';
import { answerOf, openBeacon, signatureOf, TEST_NETWORK, type Beacon } from '../lib/beacon.ts';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { makeResidents } from '../grants/residents.ts';
import { ask, openGrants } from '../grants/granting.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith } from '../votes/voting-round.ts';

// The network's documentation shows this value.
const KNOWN = { round: 657413, signature: 'b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b' };
const KNOWN_RANDOMNESS = 'fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587';

describe('a value', () => {
  it('that nobody answers with is asked for less and less often', () => {
    const at = new Date('2026-11-26T13:00:00Z');
    const askedIn = (from: number, to: number) => Array.from({ length: to - from }, (_, minute) => new Date(at.getTime() + (from + minute) * 60_000 + 7000)).filter((now) => isTimeToAsk(at, now)).length;
    expect([askedIn(-60, 0), askedIn(0, 10), askedIn(10, 60), askedIn(60, 24 * 60), askedIn(24 * 60, 48 * 60)]).toEqual([0, 10, 5, 23 * 6, 24]);
  });

  it('of the network is known by its public key, and of no other, and not once a byte of it is altered', () => {
    expect(createHash('sha256').update(Buffer.from(KNOWN.signature, 'hex')).digest('hex')).toBe(KNOWN_RANDOMNESS);
    expect(isSigned(QUICKNET, KNOWN)).toBe(true);
    expect(isSigned(QUICKNET, { ...KNOWN, round: KNOWN.round + 1 })).toBe(false);
    expect(isSigned(TEST_NETWORK, KNOWN)).toBe(false);
    const altered = Array.from([0, 1, 2, 17, 31, 46, 47], (index) => {
      const bytes = Buffer.from(KNOWN.signature, 'hex');
      bytes[index] = (bytes[index] ?? 0) ^ (1 << index % 8);
      return bytes.toString('hex');
    });
    // The point at infinity, nothing, and the same digits in capitals are no value either.
    for (const signature of [...altered, `c0${'00'.repeat(47)}`, '00'.repeat(48), '', KNOWN.signature.toUpperCase()]) expect(isSigned(QUICKNET, { ...KNOWN, signature })).toBe(false);
  });

  it('is the first at its moment or after it, and its name says which', () => {
    const at = momentOf(QUICKNET, KNOWN.round);
    expect(at.toISOString()).toBe('2023-09-15T11:00:03.000Z');
    for (const [earlier, round] of [[0, 0], [1, 0], [2999, 0], [3000, -1]] as const) expect(roundAt(QUICKNET, new Date(at.getTime() - earlier))).toBe(KNOWN.round + round);
    expect(roundAt(QUICKNET, new Date(at.getTime() + 1))).toBe(KNOWN.round + 1);
    // As a client in another language has it.
    expect([roundAt(QUICKNET, new Date('2026-04-20T00:00:00Z')), roundAt(QUICKNET, new Date('2026-04-20T12:30:45Z'))]).toEqual([27946612, 27961627]);
    expect([roundAt(QUICKNET, new Date(0)), roundAt(QUICKNET, new Date(QUICKNET.genesis * 1000))]).toEqual([1, 1]);
    expect([hourAfter(new Date('2026-11-22T18:00:00Z'), 24), hourAfter(new Date('2026-11-22T18:00:00.001Z'), 1)].map((each) => each.toISOString())).toEqual(['2026-11-23T18:00:00.000Z', '2026-11-22T20:00:00.000Z']);
    const { name, date } = beaconDraw(QUICKNET, new Date('2026-11-24T12:00:00Z'));
    expect([date, readAwaited(name)]).toEqual(['2026-11-24', { round: roundAt(QUICKNET, new Date('2026-11-24T12:00:00Z')), at: new Date('2026-11-24T12:00:00Z'), chain: QUICKNET.chain }]);
    for (const other of ['EuroMillions', name.replace('2026-11-24', '2026-02-30'), ` ${name}`, `${name}\n`, name.replace('round ', 'round 0')]) expect(readAwaited(other)).toBe(null);
  });

  it('is named by what is wrong with it', () => {
    const { name } = beaconDraw(QUICKNET, momentOf(QUICKNET, KNOWN.round));
    const fault = (change: { name?: string; result?: string | null }, networks = [QUICKNET]) => findBeaconFault({ name, result: resultOf(KNOWN), ...change }, networks);
    expect([fault({}), fault({ result: null }), fault({ name: 'Dice', result: 'anything' })]).toEqual([null, null, null]);
    expect(fault({}, [TEST_NETWORK])).toBe('beacon-network');
    // Before it is held too: another value than the first from the named moment on.
    for (const result of [resultOf(KNOWN), null]) expect(fault({ name: name.replace(`${KNOWN.round}`, `${KNOWN.round + 1}`), result })).toBe('beacon-round');
    expect(fault({ name: name.replace('drand', 'Drand') })).toBe('beacon-round');
    expect(fault({ result: resultOf({ ...KNOWN, round: KNOWN.round + 1 }) })).toBe('beacon-round');
    expect(fault({ result: resultOf({ ...KNOWN, signature: signatureOf(KNOWN.round) }) })).toBe('beacon-signature');
    expect(fault({ result: '3 7 12 31 40' })).toBe('beacon-signature');
    // What people copy holds the signature somewhere; two of them are none.
    const answer = `{"round":${KNOWN.round},"randomness":"${KNOWN_RANDOMNESS}","signature":"${KNOWN.signature}"}`;
    expect([readPasted(answer), readPasted(KNOWN.signature.toUpperCase()), readPasted(resultOf(KNOWN)), readPasted(KNOWN_RANDOMNESS), readPasted(`${answer} ${signatureOf(1)}`)]).toEqual([KNOWN.signature, KNOWN.signature, KNOWN.signature, null, null]);
  });
});

describe('a draw.json', () => {
  it('by the real network is checked with no network at all', () => {
    const at = momentOf(QUICKNET, KNOWN.round);
    const draw = beaconDraw(QUICKNET, at);
    const pool = [{ code: 'AAAA', tickets: 1, firstTime: false, missedBefore: 0, askedAgain: false }, { code: 'BBBB', tickets: 2, firstTime: true, missedBefore: 0, askedAgain: false }];
    const terms = { charter: { version: 1, digest: '00'.repeat(32) }, weights: { firstTime: 2, missed: 1, most: 4 }, round: '019a0000-0000-7000-8000-000000000000', number: 1, draw };
    const text = resultOf(KNOWN);
    const seed = seedOf({ terms: digestTerms(terms), pool: digestPool(pool), text });
    const doc = (change: object = {}) => JSON.stringify({
      kind: 'commonpot.list-draw.v1', fund: 'A fund', round: { id: terms.round, slug: 'r', title: 'A round' }, number: 1, charter: terms.charter, weights: terms.weights, draw,
      committed: { at: '2023-09-14T10:00:00Z', entries: 2, tickets: 3, weights: digestWeights(terms).toString('hex'), name: digestName(terms).toString('hex'), pool: digestPool(pool).toString('hex') }, pool, enough: false,
      drawn: { date: draw.date, text, evidence: 'https://api.drand.sh', missed: [], seed: seed.toString('hex'), at: '2023-09-15T11:00:05Z', ...change }, order: drawList(pool, seed),
    });
    const names = (text: string) => verifyDraw(text).findings.map(({ name }) => name);
    expect([names(doc()), names(doc({ text: text.replace('b7', 'b6') }))]).toEqual([[], ['seed-changed', 'beacon-signature']]);
  });
});

describe('an address', () => {
  it('that lies, answers too much, leads away, is not ready or is not there is passed over by name; one that hangs is not waited for', async () => {
    const opened = await Promise.all([
      openBeacon((round) => answerOf(round + 1)), openBeacon((round) => answerOf(round, 5n)), openBeacon((round) => `${' '.repeat(5000)}${answerOf(round)}`),
      openBeacon(() => (_, response) => void response.writeHead(425).end()), openBeacon(),
    ]);
    const [honest] = opened.splice(-1) as [Beacon];
    const leading = await openBeacon((round) => (_, response) => void response.writeHead(302, { location: `${honest.url}/x/public/${round}` }).end());
    const gone = await openBeacon();
    await gone.close();
    const bad = [...opened, leading, gone].map((each) => each.url);
    const found = await fetchValue({ network: TEST_NETWORK, urls: [...bad, honest.url] }, { round: 77 });
    expect(found.value).toBe(signatureOf(77));
    expect(found.faults.map(({ message }) => bad.findIndex((url) => message.includes(url)))).toEqual(bad.map((_, index) => index));
    expect(found.faults.map(({ message }) => message.split(': ').at(-1)?.split('for round 77 ').at(-1))).toEqual([
      'that the network did not sign; it is refused.', 'that the network did not sign; it is refused.', 'that the network did not sign; it is refused.', 'it answers 425.', expect.any(String), 'ECONNREFUSED.',
    ]);
    expect(honest.asked).toEqual([77]);
    expect((await fetchValue({ network: TEST_NETWORK, urls: [] }, { round: 77 })).value).toBe(null);
    const hanging = await Promise.all([openBeacon(() => () => {}), openBeacon(() => (_, response) => void response.write('{'))]);
    const late = await fetchValue({ network: TEST_NETWORK, urls: hanging.map((each) => each.url) }, { round: 77 }, 100);
    expect([late.value, late.faults.map(({ message }) => message.split(': ').at(-1))]).toEqual([null, ['no answer in time.', 'no answer in time.']]);
    await Promise.all([...opened, ...hanging, leading, honest].map((each) => each.close()));
  });

  it('is asked where the operator says so, and never by a demonstration of itself', () => {
    const urls = (more: object) => readConfig({ DATABASE_URL: 'postgres://x', SECRET: 'x'.repeat(48), KEYS_FOLDER: '/keys', ...more }).beacon.urls;
    expect([urls({}).length > 1, urls({ DEMONSTRATION: 'true' }), urls({ BEACON_URLS: '' }), urls({ BEACON_URLS: 'https://a.example/, http://b.example', DEMONSTRATION: 'true' })]).toEqual([true, [], [], ['https://a.example', 'http://b.example']]);
    expect(() => urls({ BEACON_URLS: 'a.example' })).toThrow(WrongConfiguration);
  });
});

describe('a fund that waits for the beacon', () => {
  let world: World;
  let beacon: Beacon;
  beforeAll(async () => {
    [world, beacon] = [await makeWorld(), await openBeacon()];
    Object.assign(world.app.services.config.beacon, { network: TEST_NETWORK, urls: [beacon.url] });
  });
  afterAll(async () => {
    expect(await brokenInvariants(world)).toEqual([]);
    await Promise.all([world.close(), beacon.close()]);
  });

  const people = () => world.fund.people;
  const verify = (doc: unknown, networks = [TEST_NETWORK], saved?: unknown) => verifyDraw(JSON.stringify(doc), saved === undefined ? undefined : JSON.stringify(saved), networks).findings.map((each) => each.name);
  const order = { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 4, reservePercent: 20 } as const;
  const openWindow = (closesAt: string) => openGrants(world.fund, { charter: { bands: [{ upToMinor: 200_00, agree: 'one', proofOfAddress: false }], order }, window: { budgetMinor: 300_00, closesAt } });
  const file = async (round: { path: string }) => must(world.visitor().get(`${round.path}/draws/1`));

  it('draws a grant window with nobody typing, once, whoever comes first', async () => {
    const round = await openWindow('2026-11-22T17:30:00Z');
    const [named] = (await must(world.visitor().get(`${round.path}/draws`))).draws;
    expect([named.draw.date, named.draw.beacon]).toMatchObject(['2026-11-23', { at: '2026-11-23T18:00:00.000Z', round: roundAt(TEST_NETWORK, new Date('2026-11-23T18:00:00Z')) }]);
    const value = named.draw.beacon.round;
    for (let index = 0; index < 6; index += 1) await must(ask(world, round, { amountMinor: 100_00 }));
    world.clock.now = new Date('2026-11-22T17:30:00Z');
    await must(people().administrator.post(`${round.path}/transitions`, { to: 'deciding' }));
    const committed = await file(round);
    expect([committed.pool.length, committed.draw.name, verify(committed)]).toEqual([6, named.draw.name, []]);

    // Nothing is asked for before its moment, nobody can type a result of their own, and the database holds to the value.
    expect([await bringToGrants(world.app.services, world.clock.now), beacon.asked]).toEqual([0, []]);
    const enter = (body: object) => people().administrator.post(`${round.path}/draws/1/result`, body);
    expect((await enter({ value: answerOf(value) })).body.code).toBe('draw-too-early');
    world.clock.now = new Date('2026-11-23T18:00:00Z');
    for (const who of ['administrator', 'administrator2'] as const) expect((await people()[who].post(`${round.path}/draws/1/result`, { drawnOn: '2026-11-23', text: resultOf({ round: value, signature: signatureOf(value, 5n) }), evidence: 'https://example.org' })).body.code).toBe('beacon-value-wrong');
    expect((await enter({ value: answerOf(value, 5n) })).body).toMatchObject({ code: 'beacon-value-wrong', address: `https://api.drand.sh/${TEST_NETWORK.chain}/public/${value}` });
    expect((await enter({ value: answerOf(value + 1) })).body.code).toBe('beacon-value-wrong');
    await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(`update grant_draw set seed = pool_digest, drawn_on = draw_on, text = 'drand round ${value} signature ${signatureOf(value)}', evidence = 'x', missed = '{}', drawn_at = now()`))).rejects.toThrow();

    // Two jobs and a person at once: one draw.
    const [one, other, person] = await Promise.all([bringToGrants(world.app.services, world.clock.now), bringToGrants(world.app.services, world.clock.now), enter({ value: answerOf(value) })]);
    expect(one + other).toBeGreaterThan(0);
    expect(String(person.body.confirmed ?? person.body.code)).toMatch(/true|already-decided/);
    expect((await enter({ value: answerOf(value) })).body.code).toBe('already-decided');
    const drawn = await file(round);
    expect([drawn.drawn.text, drawn.drawn.date, drawn.order.length, verify(drawn, [TEST_NETWORK], committed)]).toEqual([resultOf({ round: value, signature: signatureOf(value) }), '2026-11-23', 6, []]);
    expect((await world.superuser(`select count(*)::int as times from event where name = 'draw.drawn' and fund_id = $1`, [world.fund.id])).rows[0].times).toBe(1);
    expect((await world.superuser('select count(*)::int as values from beacon_value')).rows[0].values).toBe(1);
    await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute('update beacon_value set round = 1'))).rejects.toThrow();
    expect(await bringToGrants(world.app.services, world.clock.now)).toBe(0);

    // Whatever is changed in the file is named.
    const change = (what: object, of: object = {}) => ({ ...drawn, draw: { ...drawn.draw, ...of }, drawn: { ...drawn.drawn, ...what } });
    expect(verify(drawn, [QUICKNET])).toEqual(['beacon-network']);
    expect(verify(change({ text: resultOf({ round: value, signature: signatureOf(value, 5n) }) }))).toEqual(expect.arrayContaining(['beacon-signature', 'seed-changed']));
    expect(verify(change({ text: resultOf({ round: value + 1, signature: signatureOf(value + 1) }) }))).toEqual(expect.arrayContaining(['beacon-round', 'seed-changed']));
    expect(verify(change({}, { name: drawn.draw.name.replace('T18', 'T19') }))).toEqual(expect.arrayContaining(['beacon-round', 'name-changed']));
    expect(verify(change({ missed: ['2026-11-23'], date: '2026-11-24' }))).toContain('draw-too-early');
    expect(verify({ ...drawn, committed: { ...drawn.committed, at: '2026-11-23T18:00:00.000Z' } })).toContain('draw-too-early');
  });

  it('waits for a later value where the pool is committed to late, and takes what one person pastes where no address answers', async () => {
    const round = await openWindow('2026-11-24T10:00:00Z');
    for (let index = 0; index < 4; index += 1) await must(ask(world, round, { amountMinor: 100_00 }));
    world.clock.now = new Date('2026-11-25T10:20:00Z');
    await must(people().administrator.post(`${round.path}/transitions`, { to: 'deciding' }));
    const committed = await file(round);
    expect([committed.draw.date, readAwaited(committed.draw.name)?.at.toISOString(), verify(committed)]).toEqual(['2026-11-26', '2026-11-26T11:00:00.000Z', []]);
    world.clock.now = new Date('2026-11-26T11:00:03Z');
    const { urls } = world.app.services.config.beacon;
    world.app.services.config.beacon.urls = ['http://127.0.0.1:9'];
    await expect(bringToGrants(world.app.services, world.clock.now)).rejects.toThrow(/127\.0\.0\.1:9/);
    const value = readAwaited(committed.draw.name)?.round as number;
    const paste = (who: 'administrator' | 'resident') => people()[who].post(`${round.path}/draws/1/result`, { value: ` ${answerOf(value)}\n` });
    expect((await paste('resident')).body.code).toBe('not-allowed');
    expect(await must(paste('administrator'))).toEqual({ confirmed: true, differs: false });
    world.app.services.config.beacon.urls = urls;
    expect(verify(await file(round), [TEST_NETWORK], committed)).toEqual([]);
    expect((await world.superuser('select brought_by from beacon_value where round = $1', [value])).rows).toEqual([{ brought_by: people().administrator.accountId }]);
  });

  it('draws a panel a day after its pool was published', async () => {
    for (const [, resident] of await makeResidents(world, 4)) await must(resident.send('PUT', `/funds/${world.fund.slug}/my-panels`, { area: 'Hill' }));
    const round = await openGrants(world.fund, { charter: { bands: [{ upToMinor: 200_00, agree: 'panel', proofOfAddress: false }], panelSeats: 3, answerDays: 5 } });
    expect((await people().administrator.post(`${round.path}/panels`, { drawName: 'drand round 1', drawAt: '2026-12-01T20:00:00Z' })).body.code).toBe('wrong-shape');
    const { id } = await must(people().administrator.post(`${round.path}/panels`, { beacon: true }));
    const committed = await must(world.visitor().get(`/funds/${world.fund.slug}/panels/${id}/draw`));
    const at = new Date(committed.draw.at);
    const before = world.clock.now;
    expect(at.getTime() - before.getTime()).toBeGreaterThanOrEqual(24 * 3_600_000);
    world.clock.now = at;
    expect((await people().administrator2.post(`/funds/${world.fund.slug}/panels/${id}/draw`, { seed: '1 2 3' })).body.code).toBe('beacon-value-wrong');
    expect(await bringToGrants(world.app.services, world.clock.now)).toBe(1);
    world.clock.now = before;
    const drawn = await must(world.visitor().get(`/funds/${world.fund.slug}/panels/${id}/draw`));
    expect([drawn.order.length, verify(drawn, [TEST_NETWORK], committed), verify(drawn, [QUICKNET])]).toEqual([4, [], ['beacon-network']]);
    expect(verify({ ...drawn, drawn: { ...drawn.drawn, seed: '1 2 3' } })).toContain('beacon-signature');
    expect(verify({ ...drawn, draw: { ...drawn.draw, at: '2026-12-09T11:00:00.000Z' } })).toContain('draw-too-early');
  });

  it('breaks the tie of a vote with nobody typing, and asks for nothing where there is none', async () => {
    const onBallot = [{ number: '1', title: 'Benches', costMinor: 900_000 }, { number: '2', title: 'Trees', costMinor: 900_000 }];
    const round = await openVoting(world, { codes: 2, form: { kind: 'one' }, more: { budgetMinor: 1_000_000, votingOpensAt: '2026-11-26T11:30:00Z', votingClosesAt: '2026-11-26T14:00:00Z' }, onBallot });
    const clear = await openVoting(world, { codes: 1, form: { kind: 'one' }, more: { budgetMinor: 1_000_000 }, onBallot });
    // The order in the hall is drawn an hour after its announcement, and no earlier.
    await must(people().administrator.post(`${round.path}/hall-order`, { beacon: true }));
    const hall = await must(world.visitor().get(`${round.path}/hall-order`));
    expect([hall.announced.beacon.at, hall.asksBeacon]).toEqual(['2026-11-26T13:00:00.000Z', true]);
    expect((await people().administrator.post(`${round.path}/hall-order/draw`, { value: answerOf(hall.announced.beacon.round) })).body.code).toBe('draw-too-early');
    world.clock.now = new Date('2026-11-26T13:00:00Z');
    expect((await people().administrator.post(`${round.path}/hall-order/draw`, { drawn: '3 5 1' })).body.code).toBe('beacon-value-wrong');
    expect(await bringToVotes(world.app.services, world.clock.now)).toBe(1);
    const inHall = await must(world.visitor().get(`${round.path}/hall-order`));
    expect([inHall.state, inHall.drawn.text]).toEqual(['drawn', resultOf({ round: hall.announced.beacon.round, signature: signatureOf(hall.announced.beacon.round) })]);
    for (const [index, project] of ['1', '2'].entries()) await cast(await phoneWith(world, round, round.codes[index] as string), round, draw(project));
    await cast(await phoneWith(world, clear, clear.codes[0] as string), clear, draw('1'));
    for (const each of [round, clear]) await must(people().administrator.post(`${each.path}/transitions`, { to: 'counting', reason: 'test' }));
    await countAndSeal(world);
    const sealing = await must(world.visitor().get(`${round.path}/sealing`));
    const { beacon: awaited } = sealing.draw;
    expect([sealing.waitingForLot, awaited.at]).toEqual([['1', '2'], '2026-11-27T14:00:00.000Z']);
    world.clock.now = new Date(awaited.at);
    beacon.asked.length = 0;
    expect((await people().administrator.post(`${round.path}/draw`, { drawnOn: sealing.draw.date, text: '3 7 12', evidence: 'https://example.org' })).body.code).toBe('beacon-value-wrong');
    await Promise.all([bringToVotes(world.app.services, world.clock.now), bringToVotes(world.app.services, world.clock.now)]);
    expect(new Set(beacon.asked)).toEqual(new Set([awaited.round]));
    await countAndSeal(world);
    const place = (of: { path: string }) => join(world.config.publishFolder, world.fund.slug, of.path.split('/').at(-1) as string);
    const seal = JSON.parse(readFileSync(join(place(round), 'seal.json'), 'utf8'));
    expect([seal.lot.draw.text, JSON.parse(readFileSync(join(place(clear), 'seal.json'), 'utf8')).lot.draw]).toEqual([resultOf({ round: awaited.round, signature: signatureOf(awaited.round) }), null]);
    expect([await findFaults(place(round), TEST_NETWORK), await findFaults(place(round)), await findFaults(place(clear), TEST_NETWORK)]).toEqual([[], ['beacon-network'], []]);
    expect((await must(world.visitor().get(`${round.path}/sealing`))).drawn.evidence).toBe(awaited.address);
    const rule = JSON.parse(readFileSync(join(place(round), 'rule.json'), 'utf8'));
    const faultsOf = (drawn: object, lot: object = {}): string[] => {
      const findings = new Findings();
      checkLot({ ...rule, lot: { ...rule.lot, ...lot } }, { ...seal, lot: { ...seal.lot, draw: { ...seal.lot.draw, ...drawn } } }, { round: uuidBytes(rule.round.id), networks: [TEST_NETWORK] }, findings);
      return findings.all.map(({ name }) => name);
    };
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ text: resultOf({ round: awaited.round, signature: signatureOf(awaited.round, 5n) }) })).toContain('beacon-signature');
    expect(faultsOf({ text: resultOf({ round: awaited.round + 1, signature: signatureOf(awaited.round + 1) }) })).toContain('beacon-round');
    const sooner = beaconDraw(TEST_NETWORK, new Date('2026-11-26T15:00:00Z'));
    const { round: soonerRound } = readAwaited(sooner.name) as { round: number };
    expect(faultsOf({ date: sooner.date, text: resultOf({ round: soonerRound, signature: signatureOf(soonerRound) }) }, sooner)).toContain('lot-too-early');
    expect(faultsOf({ lastHeadAt: '2026-11-27T13:00:00.000Z', missed: [seal.lot.draw.date] })).toContain('lot-too-early');

    // Paper that comes in on the third day: nobody may know the value when the last head is signed.
    const late = await openVoting(world, { codes: 2, form: { kind: 'one' }, more: { budgetMinor: 1_000_000, votingOpensAt: '2026-11-27T14:10:00Z', votingClosesAt: '2026-11-28T09:00:00Z' }, onBallot });
    for (const [index, project] of ['1', '2'].entries()) await cast(await phoneWith(world, late, late.codes[index] as string), late, draw(project));
    world.clock.now = new Date('2026-11-28T09:00:00Z');
    await must(people().administrator.post(`${late.path}/transitions`, { to: 'counting', reason: 'test' }));
    const named = (await must(world.visitor().get(`${late.path}/sealing`))).draw;
    expect([named.beacon.at, named.insteadOf]).toEqual(['2026-11-29T09:00:00.000Z', null]);
    world.clock.now = new Date('2026-11-30T10:20:00Z');
    await countAndSeal(world);
    const waits = (await must(world.visitor().get(`${late.path}/sealing`))).draw;
    expect([waits.beacon.at, waits.date, waits.insteadOf]).toEqual(['2026-12-01T11:00:00.000Z', '2026-12-01', '2026-11-29']);
    expect(await bringToVotes(world.app.services, world.clock.now)).toBe(0);
    world.clock.now = new Date(waits.beacon.at);
    expect(await bringToVotes(world.app.services, world.clock.now)).toBe(1);
    await countAndSeal(world);
    const lateSeal = JSON.parse(readFileSync(join(place(late), 'seal.json'), 'utf8'));
    expect(lateSeal.lot.draw).toEqual({ date: '2026-12-01', missed: ['2026-11-29'], lastHeadAt: '2026-11-30T10:20:00.000Z', text: resultOf({ round: waits.beacon.round, signature: signatureOf(waits.beacon.round) }) });
    expect(await findFaults(place(late), TEST_NETWORK)).toEqual([]);
    // Another time of the last head would name another value.
    const lateRule = JSON.parse(readFileSync(join(place(late), 'rule.json'), 'utf8'));
    for (const [change, fault] of [[{ lastHeadAt: '2026-11-30T11:20:00.000Z' }, 'beacon-round'], [{ missed: [] }, 'lot-too-early'], [{ lastHeadAt: undefined }, 'beacon-round']] as const) {
      const findings = new Findings();
      checkLot(lateRule, { ...lateSeal, lot: { ...lateSeal.lot, draw: { ...lateSeal.lot.draw, ...change } } }, { round: uuidBytes(lateRule.round.id), networks: [TEST_NETWORK] }, findings);
      expect(findings.all.map(({ name }) => name)).toContain(fault);
    }
  });
});
