/** Who may take part: one elector for one person, by sign-in, by a name on the roll, by a printed code. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { createSession, findOrCreateAccount } from '@commonpot/server/people/writes';
import { resolveElector } from '@commonpot/server/rounds/roll/reads';
import { findArea, isOldEnough } from '@commonpot/server/rounds/roll/rules';
import { makeVisitor, makeWorld, queryAs, type Visitor, type World } from '../lib/world.ts';
import { draftRound, move, must, type TestRound } from './set-up.ts';

let world: World;
beforeAll(async () => { world = await makeWorld(); });
afterAll(() => world.close());

let people = 0;

/** Somebody signed in with an email address. */
async function signedIn(address = `person${(people += 1)}@example.org`): Promise<Visitor> {
  return within(world.app.services.db, {}, async (tx) => {
    const now = world.clock.now;
    const accountId = await findOrCreateAccount(tx, 'email', world.app.services.secrets.hash('contact', `email:${address}`), undefined, now);
    const session = await createSession(tx, { accountId }, 60 * 24 * 30, now);
    const visitor = makeVisitor(world.app, accountId);
    visitor.cookies.set('__Host-session', world.app.jwt.sign({ sid: session.id, iat: Math.floor(now.getTime() / 1000) }));
    return visitor;
  });
}

const rowsOf = async (table: string, round: TestRound) => (await world.superuser(`select * from ${table} where round_id = $1`, [round.id])).rows;
const you = async (visitor: Visitor, round: TestRound) => (await must(visitor.get(round.path))).you;
const admin = () => world.fund.people.administrator;

describe('self-declared sign-in', () => {
  it('makes one elector of an account, however often and however fast it joins', async () => {
    const round = await draftRound(world, { minimumAge: 11, area: ['Tanner Hill', 'BS5'] });
    await move(world, round, 'notice');
    const person = await signedIn();
    expect(await you(person, round)).toBe('not-on-roll');
    const answers = await Promise.all(Array.from({ length: 50 }, () => person.post(`${round.path}/join`, { credential: 'sign-in', isOldEnough: true, place: 'bs5 6zz' })));
    expect(answers.map((answer) => answer.status)).toEqual(Array(50).fill(200));
    expect(await you(person, round)).toBe('on-roll');
    expect(await rowsOf('elector', round)).toMatchObject([{ area: 'BS5' }]);
    expect(await rowsOf('elector_account', round)).toHaveLength(1);
    // The postcode is nowhere, and nothing says who joined when.
    const { rows } = await world.superuser(`select row_to_json(e)::text as text from elector e union all select row_to_json(e)::text from elector_account e union all select subject::text from event`);
    expect(rows.map((row) => row.text).join()).not.toMatch(/6zz/i);
    const { rows: times } = await world.superuser(`select table_name from information_schema.columns where table_name in ('elector', 'elector_account', 'elector_code', 'roll_entry') and data_type like 'timestamp%'`);
    expect(times).toEqual([]);
    expect((await rowsOf('elector', round))[0].id[14]).toBe('4');
  });

  it('refuses the too young, other areas, and rounds that do not use it', async () => {
    const round = await draftRound(world, { minimumAge: 11, area: ['Tanner Hill'] });
    await move(world, round, 'notice');
    const person = await signedIn();
    const join = (body: object) => person.post(`${round.path}/join`, { credential: 'sign-in', ...body });
    expect((await join({ place: 'Tanner Hill' })).body.code).toBe('too-young');
    expect((await join({ isOldEnough: true, place: 'Mill Road' })).body.code).toBe('outside-area');
    expect((await join({ isOldEnough: true })).body).toMatchObject({ code: 'wrong-shape', fields: ['place'] });
    expect((await person.post(`${round.path}/join`, { credential: 'roll' })).body.code).toBe('credential-not-in-use');
    expect((await world.visitor().post(`${round.path}/join`, { credential: 'sign-in' })).status).toBe(401);
    expect(await rowsOf('elector', round)).toEqual([]);
    expect((await join({ isOldEnough: true, place: 'tanner-hill ' })).status).toBe(200);
    const draft = await draftRound(world);
    expect((await person.post(`${draft.path}/join`, { credential: 'sign-in' })).status).toBe(404);
  });

  it('ends with the vote, by the clock, before any job has run', async () => {
    const round = await draftRound(world, { credentials: ['sign-in'] });
    await move(world, round, 'notice', 'voting');
    world.clock.forward(8 * 60);
    expect((await (await signedIn()).post(`${round.path}/join`, { credential: 'sign-in' })).body.code).toBe('voting-closed');
  });
});

describe('a name on the roll', () => {
  it('is one elector, by whichever of their addresses, and however they say they come', async () => {
    const round = await draftRound(world, { credentials: ['sign-in', 'roll'] });
    await must(admin().post(`${round.path}/roll`, { entries: [{ name: 'Rosa Delgado', postcode: 'BS5 6ZZ', contact: { channel: 'email', address: 'Rosa@Example.org' } }, { name: 'No Address' }] }));
    await move(world, round, 'notice');
    const rosa = await signedIn('rosa@example.org');
    expect((await rosa.post(`${round.path}/join`, { credential: 'sign-in' })).status).toBe(200);
    expect((await rosa.post(`${round.path}/join`, { credential: 'roll' })).status).toBe(200);
    expect(await rowsOf('elector', round)).toHaveLength(2);
    const stranger = await signedIn();
    expect((await stranger.post(`${round.path}/join`, { credential: 'roll' })).body.code).toBe('not-on-roll');
    const { rows } = await world.superuser(`select row_to_json(e)::text as text from roll_entry e`);
    expect(rows.map((row) => row.text).join()).not.toMatch(/rosa@/i);
  });

  it('that is too young stays out', async () => {
    const round = await draftRound(world, { credentials: ['roll'], minimumAge: 16 });
    await must(admin().post(`${round.path}/roll`, { entries: [
      { name: 'Young', contact: { channel: 'sms', address: '07700 900111' }, bornYear: 2015 }, { name: 'Old', contact: { channel: 'email', address: 'old@example.org' }, bornYear: 2010 },
    ] }));
    await must(admin().post(`${round.path}/roll`, { entries: [{ name: 'Youngest', contact: { channel: 'email', address: 'young@example.org' }, bornYear: 2011 }] }));
    await move(world, round, 'notice');
    expect((await (await signedIn('young@example.org')).post(`${round.path}/join`, { credential: 'roll' })).body.code).toBe('too-young');
    expect((await (await signedIn('old@example.org')).post(`${round.path}/join`, { credential: 'roll' })).status).toBe(200);
  });

  it('stands there once, can be found, turned to in pages, and taken off until voting opens', async () => {
    const round = await draftRound(world, { credentials: ['roll'] });
    const entries = [{ name: 'zoë' }, { name: 'Adam', postcode: 'N1 1AA' }, { name: 'adam' }, { name: '100% Real_Name' }, { name: 'Mia', contact: { channel: 'email', address: 'mia@example.org' } }];
    expect(await must(admin().post(`${round.path}/roll`, { entries }))).toEqual({ added: 5, alreadyThere: 0, unreadableContacts: 0 });
    expect(await must(admin().post(`${round.path}/roll`, { entries: [
      { name: 'Mia again', contact: { channel: 'email', address: 'mia@example.org' } }, { name: 'X', contact: { channel: 'sms', address: 'abc' } },
      { name: 'Twin', contact: { channel: 'email', address: 'twin@example.org' } }, { name: 'Twin', contact: { channel: 'email', address: 'twin@example.org' } },
    ] }))).toEqual({ added: 2, alreadyThere: 2, unreadableContacts: 1 });
    const names: string[] = [];
    let cursor: string | null = '';
    do {
      const page: any = await must(admin().get(`${round.path}/roll?limit=2&cursor=${encodeURIComponent(cursor ?? '')}`));
      names.push(...page.entries.map((entry: { name: string }) => entry.name));
      cursor = page.nextCursor;
    } while (cursor);
    expect(names.map((name) => name.toLowerCase())).toEqual(['100% real_name', 'adam', 'adam', 'mia', 'twin', 'x', 'zoë']);
    const search = async (text: string) => (await must(admin().get(`${round.path}/roll?search=${encodeURIComponent(text)}`))).entries.map((entry: { name: string }) => entry.name);
    expect(await search('100%')).toEqual(['100% Real_Name']);
    expect(await search('%')).toEqual(['100% Real_Name']);
    expect(await search('n1')).toEqual(['Adam']);
    const [mia] = (await must(admin().get(`${round.path}/roll?search=mia`))).entries;
    expect(mia).toMatchObject({ hasContact: true, hasCode: false, hasJoined: false });
    await move(world, round, 'notice');
    await must((await signedIn('mia@example.org')).post(`${round.path}/join`, { credential: 'roll' }));
    expect((await must(admin().get(`${round.path}/roll?search=mia`))).entries[0].hasJoined).toBe(true);
    await must(admin().send('DELETE', `${round.path}/roll/${mia.elector}`));
    expect((await admin().send('DELETE', `${round.path}/roll/${mia.elector}`)).status).toBe(404);
    expect((await must(admin().get(`${round.path}/roll`))).counts).toMatchObject({ electors: 6, names: 6, accounts: 0 });
    await move(world, round, 'voting');
    const [adam] = (await must(admin().get(`${round.path}/roll?search=adam`))).entries;
    expect((await admin().send('DELETE', `${round.path}/roll/${adam.elector}`)).body.code).toBe('frozen');
    expect((await must(admin().post(`${round.path}/roll`, { entries: [{ name: 'Latecomer' }] }))).added).toBe(1);
  });

  it('is seen and written by administrators of its fund alone', async () => {
    const round = await draftRound(world, { credentials: ['roll', 'code'] });
    const calls: [string, string, object?][] = [['GET', '/roll'], ['POST', '/roll', { entries: [{ name: 'x' }] }], ['POST', '/codes', { forRoll: true }], ['DELETE', `/roll/${crypto.randomUUID()}`], ['POST', `/roll/${crypto.randomUUID()}/code`]];
    for (const [method, path, body] of calls) {
      expect((await world.visitor().send(method, round.path + path, body)).status).toBe(401);
      for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) expect((await world.fund.people[person].send(method, round.path + path, body)).status).toBe(403);
      expect((await world.otherFund.people.administrator.send(method, round.path + path, body)).status).toBe(403);
    }
  });
});

describe('a printed code', () => {
  it('opens its elector’s place until voting closes, as often as it is typed', async () => {
    const round = await draftRound(world, { credentials: ['code'] });
    const { codes } = await must(admin().post(`${round.path}/codes`, { count: 3 }));
    expect(new Set(codes.map((each: { code: string }) => each.code)).size).toBe(3);
    expect(codes[0]).toMatchObject({ code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/), name: null });
    const enter = (visitor: Visitor, code: string) => visitor.post(`${round.path}/enter-code`, { code });
    expect((await enter(world.visitor(), codes[0].code)).status).toBe(404);
    await move(world, round, 'notice');
    const [phone, library] = [world.visitor(), world.visitor()];
    expect((await enter(phone, codes[0].code.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await enter(library, codes[0].code)).status).toBe(200);
    expect(await you(phone, round)).toBe('on-roll');
    expect(await must(phone.get('/me'))).toMatchObject({ kind: 'code' });
    const { rows } = await world.superuser(`select distinct elector_id from session where round_id = $1`, [round.id]);
    expect(rows).toHaveLength(1);
    expect(await rowsOf('elector_code', round)).toHaveLength(3);
    await move(world, round, 'voting');
    expect((await enter(world.visitor(), codes[0].code)).status).toBe(200);
    world.clock.forward(8 * 60);
    expect((await enter(world.visitor(), codes[0].code)).body.code).toBe('voting-closed');
    expect(await you(phone, round)).toBe(null);
  });

  it('of another round, a wrong one, and one of a round without codes are all the same', async () => {
    const round = await draftRound(world, { credentials: ['code'] });
    const other = await draftRound(world, { credentials: ['code'] });
    const { codes } = await must(admin().post(`${round.path}/codes`, { count: 1 }));
    await must(admin().post(`${other.path}/codes`, { count: 1 }));
    await move(world, round, 'notice');
    await move(world, other, 'notice');
    const tries = [[other.path, codes[0].code], [round.path, '0000-0000-0000'], [round.path, 'nonsense'], [round.path, '']];
    for (const [path, code] of tries) expect((await world.visitor().post(`${path}/enter-code`, { code })).body.code).toBe('wrong-code');
    await must(admin().send('PUT', round.path, { credentials: ['sign-in'] }));
    expect((await world.visitor().post(`${round.path}/enter-code`, { code: codes[0].code })).body.code).toBe('wrong-code');
  });

  it('assigned to a name is that name’s elector, and a lost one is replaced', async () => {
    const round = await draftRound(world, { credentials: ['roll', 'code'], area: ['BS5', 'BS6'] });
    const { codes } = await must(admin().post(`${round.path}/codes`, { assigned: [{ name: 'Rosa', postcode: 'BS5 6ZZ' }, { name: 'Sam', area: 'BS6' }] }));
    expect(codes.map((each: { name: string }) => each.name)).toEqual(['Rosa', 'Sam']);
    await must(admin().post(`${round.path}/roll`, { entries: [{ name: 'Late', contact: { channel: 'email', address: 'late@example.org' } }] }));
    expect((await must(admin().post(`${round.path}/codes`, { forRoll: true }))).codes).toMatchObject([{ name: 'Late' }]);
    expect((await must(admin().post(`${round.path}/codes`, { forRoll: true }))).codes).toEqual([]);
    const { entries, counts } = await must(admin().get(`${round.path}/roll`));
    expect(entries.map((each: { name: string; area: string; hasCode: boolean }) => [each.name, each.area, each.hasCode])).toEqual([['Late', null, true], ['Rosa', 'BS5', true], ['Sam', 'BS6', true]]);
    expect(counts).toMatchObject({ electors: 3, codes: 3, codesWithoutName: 0 });
    await move(world, round, 'notice', 'voting');
    const rosa = entries[1].elector;
    const fresh = await must(admin().post(`${round.path}/roll/${rosa}/code`));
    expect((await world.visitor().post(`${round.path}/enter-code`, { code: codes[0].code })).body.code).toBe('wrong-code');
    expect((await world.visitor().post(`${round.path}/enter-code`, { code: fresh.code })).status).toBe(200);
    const held = await rowsOf('elector_code', round);
    expect(held.filter((row) => row.elector_id === rosa)).toHaveLength(1);
    expect((await admin().post(`${round.path}/roll/${crypto.randomUUID()}/code`)).status).toBe(404);
  });

  it('goes to a hundred thousand people in good time, and is stored as a keyed hash', async () => {
    const round = await draftRound(world, { credentials: ['code'] });
    const began = performance.now();
    const { codes } = await must(admin().post(`${round.path}/codes`, { count: 5000 }));
    expect(performance.now() - began).toBeLessThan(3000);
    const { rows } = await world.superuser(`select string_agg(row_to_json(c)::text, '') as text from elector_code c where round_id = $1`, [round.id]);
    for (const { code } of codes.slice(0, 50)) expect(rows[0].text).not.toContain(code.replaceAll('-', ''));
    const inOrder = (await world.superuser(`select code_hash from elector_code where round_id = $1 order by ctid`, [round.id])).rows.map((row) => row.code_hash.toString('hex'));
    expect(inOrder).toEqual([...inOrder].sort());
    for (const body of [{ count: 5001 }, { count: 0 }, {}, { count: 1, forRoll: true }, { assigned: [] }]) expect((await admin().post(`${round.path}/codes`, body)).status).toBe(400);
  });

  it('is made only where the round uses codes, while the roll grows', async () => {
    const round = await draftRound(world, { credentials: ['sign-in'] });
    expect((await admin().post(`${round.path}/codes`, { count: 1 })).body.code).toBe('credential-not-in-use');
    const closed = await draftRound(world, { credentials: ['code'] });
    await must(admin().post(`${closed.path}/codes`, { count: 1 }));
    await move(world, closed, 'notice', 'voting', 'counting');
    expect((await admin().post(`${closed.path}/codes`, { count: 1 })).body.code).toBe('wrong-phase');
    expect((await admin().post(`${closed.path}/roll`, { entries: [{ name: 'x' }] })).body.code).toBe('wrong-phase');
    const asOwner = (text: string) => queryAs(world.database.ownerUrl, `select set_config('commonpot.fund', '${world.fund.id}', false); ${text}`);
    await expect(asOwner(`insert into elector (fund_id, round_id, id) values ('${world.fund.id}', '${closed.id}', gen_random_uuid())`)).rejects.toThrow(/the roll is closed/);
  });
});

describe('resolving an elector', () => {
  it('knows a code’s round and no other, and an account that joined', async () => {
    const round = await draftRound(world, { credentials: ['sign-in'] });
    await move(world, round, 'notice');
    const person = await signedIn();
    await must(person.post(`${round.path}/join`, { credential: 'sign-in' }));
    const [row] = await rowsOf('elector', round);
    const resolve = (actor: Parameters<typeof resolveElector>[1]['actor'], roundId = round.id) =>
      within(world.app.services.db, { fund: world.fund.id }, (tx) => resolveElector(tx, { actor, fundId: world.fund.id, roundId }));
    expect(await resolve({ accountId: person.accountId, codeHolder: null })).toEqual({ electorId: row.id, area: '' });
    expect(await resolve({ accountId: null, codeHolder: { fundId: world.fund.id, roundId: round.id, electorId: row.id } })).toEqual({ electorId: row.id, area: '' });
    const strangers: Parameters<typeof resolve>[0][] = [
      { accountId: null, codeHolder: null }, { accountId: world.fund.people.resident.accountId, codeHolder: null },
      { accountId: null, codeHolder: { fundId: world.otherFund.id, roundId: round.id, electorId: row.id } },
      { accountId: null, codeHolder: { fundId: world.fund.id, roundId: crypto.randomUUID(), electorId: row.id } },
      { accountId: null, codeHolder: { fundId: world.fund.id, roundId: round.id, electorId: crypto.randomUUID() } },
    ];
    for (const actor of strangers) expect(await resolve(actor)).toMatchObject({ code: 'not-on-roll' });
    expect(await resolve({ accountId: person.accountId, codeHolder: null }, crypto.randomUUID())).toMatchObject({ code: 'not-on-roll' });
  });
});

describe('an area', () => {
  it('holds full postcodes, their sectors and districts, and names however they are typed', () => {
    const cases: [string[], string, string | null][] = [
      [['BS5'], 'BS5 6ZZ', 'BS5'], [['BS5'], 'bs56zz', 'BS5'], [['BS5'], 'BS56 1AA', null], [['BS5 6'], 'BS5 6ZZ', 'BS5 6'], [['BS5 6'], 'BS5 7ZZ', null], [['BS5 6'], 'BS56 1AA', null],
      [['BS5 6ZZ'], 'BS5 6ZZ', 'BS5 6ZZ'], [['Tanner Hill', 'Mill Road'], 'mill-road', 'Mill Road'], [['Śródmieście'], 'srodmiescie', 'Śródmieście'], [['10115'], '10115', '10115'],
      [['10115'], '1011', null], [['BS'], 'BS5 6ZZ', null], [[], 'BS5', null], [['BS5'], 'BS5', 'BS5'], [['BS5'], '', null], [['EC1A'], 'EC1A 1BB', 'EC1A'],
    ];
    for (const [area, place, found] of cases) expect([area, place, findArea(area, place)]).toEqual([area, place, found]);
  });

  it('is always one of the round’s own entries, or none', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.string({ unit: 'grapheme' }), (area, place) => {
      const found = findArea(area, place);
      expect(found === null || area.includes(found)).toBe(true);
    }));
  });

  it('and an age are counted by the year', () => {
    const now = new Date('2026-11-21T10:00:00Z');
    expect([2015, 2016].map((year) => isOldEnough(year, 11, now))).toEqual([true, false]);
  });
});

// Last, because every later try from this address has to wait.
describe('codes from one address', () => {
  it('may be typed right as often as people like from one address, and wrong thirty times', async () => {
    const round = await draftRound(world, { credentials: ['code'] });
    const { codes } = await must(admin().post(`${round.path}/codes`, { count: 40 }));
    await move(world, round, 'notice');
    for (const { code } of codes) expect((await world.visitor().post(`${round.path}/enter-code`, { code })).status).toBe(200);
    const statuses = new Set<number>();
    for (let index = 0; index < 31; index += 1) statuses.add((await world.visitor().post(`${round.path}/enter-code`, { code: 'WRONG' })).status);
    expect(statuses).toEqual(new Set([401, 429]));
  });
});
