/** A number that changed hands opens nobody else's account; and one number has one place in a round. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { within } from '@commonpot/db/client';
import { peopleJobs } from '@commonpot/server/people/jobs';
import { createSession, tidy } from '@commonpot/server/people/writes';
import { mailOf } from '@commonpot/server/platform/messages';
import { root } from '../../scripts/lib/root.ts';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { draftRound, move, must } from '../rounds/set-up.ts';

const MONTH = 31 * 24 * 60;
let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.app.services.queue.start(peopleJobs(world.app.services), world.app.services.clock);
});
afterAll(() => world.close());
// Everybody here asks from one network, and the budgets of the hour before are behind us.
beforeEach(async () => {
  world.clock.forward(61);
  for (const each of [admin(), world.fund.people.administrator2, world.fund.people.officer]) await renew(each);
});

let last = 100_000;
const newNumber = () => `+447700${(last += 1)}`;
const admin = () => world.fund.people.administrator;

async function sentTo(recipient: string, after: number): Promise<{ id: string; body: string; channel: string; language: string; subject: string }> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { rows } = await world.superuser('select * from demonstration_message where recipient = $1 order by id', [recipient]);
    if (rows.length > after) return rows.at(-1);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing was sent to ${recipient}`);
}

/** Asks for a code and answers it. */
async function codeFor(who: Visitor, address: string, body: object = {}, path = '/sign-in/codes'): Promise<string> {
  const { rows } = await world.superuser('select count(*)::int as n from demonstration_message where recipient = $1', [address]);
  await must(who.post(path, { channel: address.includes('@') ? 'email' : 'sms', address, ...body }));
  return /\d{6}/.exec((await sentTo(address, rows[0].n)).body.replace(/(?<=\d)\. (?=\d)/g, ''))?.[0] as string;
}

/** Types the code of an address; the answer says whether that was enough. */
async function enter(who: Visitor, address: string, body: object = {}): Promise<boolean> {
  return (await must(who.post('/sign-in', { code: await codeFor(who, address), ...body }))).done;
}

const settle = (who: Visitor, body: object) => who.post('/sign-in/claim', body);

async function accountOf(who: Visitor): Promise<string> {
  expect((await who.get('/me')).body.kind).toBe('account');
  const sid = JSON.parse(Buffer.from((who.cookies.get('__Host-session') ?? '').split('.')[1] ?? '', 'base64url').toString()).sid;
  return (await world.superuser('select account_id from session where id = $1', [sid])).rows[0].account_id;
}

/** Somebody who has used a number here before, and their account. */
async function owner(number: string): Promise<{ who: Visitor; account: string }> {
  const who = world.visitor();
  expect(await enter(who, number)).toBe(false);
  await must(settle(who, { as: 'new' }));
  return { who, account: await accountOf(who) };
}

describe('a number', () => {
  it('that is known opens its account from another telephone while it is in use, and asks after a long silence', async () => {
    const number = newNumber();
    const { who, account } = await owner(number);
    const second = world.visitor();
    expect(await enter(second, number)).toBe(true);
    expect(await accountOf(second)).toBe(account);
    world.clock.forward(7 * MONTH);
    expect(await enter(world.visitor(), number)).toBe(false);
    expect((await who.get('/me')).status).toBe(401);
  });

  it('that changed hands opens a new account, and says nothing of the old one', async () => {
    const number = newNumber();
    const { account } = await owner(number);
    world.clock.forward(7 * MONTH);
    const newcomer = world.visitor();
    const stranger = world.visitor();
    const answers = [];
    for (const [who, theirs] of [[newcomer, number], [stranger, newNumber()]] as const) {
      const code = await codeFor(who, theirs);
      const entered = await who.post('/sign-in', { code });
      const claim = await who.get('/sign-in/claim');
      answers.push([entered.status, entered.body, claim.status, Object.keys(claim.body), claim.body.vouched, claim.body.deskCode.length]);
      await must(settle(who, { as: 'new' }));
      answers.push((await who.get('/me')).body);
    }
    expect(answers.slice(0, 2)).toEqual(answers.slice(2));
    expect(await accountOf(newcomer)).not.toBe(account);
    // From now on it is theirs, and the claim is over.
    const again = world.visitor();
    expect(await enter(again, number)).toBe(true);
    expect(await accountOf(again)).toBe(await accountOf(newcomer));
    expect((await settle(newcomer, { as: 'new' })).status).toBe(404);
  });

  it('that somebody got while its owner used it opens a new account when they say so', async () => {
    const number = newNumber();
    const { who, account } = await owner(number);
    const newcomer = world.visitor();
    expect(await enter(newcomer, number)).toBe(true);
    await must(newcomer.post('/sign-out'));
    expect(await enter(newcomer, number, { isNewHere: true })).toBe(true);
    expect(await accountOf(newcomer)).not.toBe(account);
    // The owner loses nothing but the number, and their browser proves that it was theirs.
    expect(await accountOf(who)).toBe(account);
    expect(await enter(who, number)).toBe(true);
    expect(await accountOf(who)).toBe(account);
  });

  it.each([
    ['a browser that signed in before', async (who: Visitor, number: string) => expect(await enter(who, number)).toBe(true)],
    ['their mail address', async (_: Visitor, number: string, second: Visitor, mail: string) => {
      expect(await enter(second, number)).toBe(false);
      expect(await enter(second, mail)).toBe(true);
    }],
    ['a printed recovery code', async (_: Visitor, number: string, second: Visitor, _mail: string, printed: string) => {
      expect(await enter(second, number)).toBe(false);
      expect((await settle(second, { as: 'recovery', code: 'AAAA-AAAA-AAAA' })).body.code).toBe('wrong-code');
      await must(settle(second, { as: 'recovery', code: printed.toLowerCase() }));
      expect((await settle(second, { as: 'recovery', code: printed })).status).toBe(404);
    }],
  ])('opens its old account again with %s', async (_name, prove) => {
    const number = newNumber();
    const { who, account } = await owner(number);
    const mail = `second-${number.slice(1)}@example.org`;
    await must(who.post('/me/addresses/confirm', { code: await codeFor(who, mail, {}, '/me/addresses') }));
    const { code: printed } = await must(who.post('/me/recovery-code'));
    world.clock.forward(12 * MONTH);
    await within(world.app.services.db, {}, (tx) => tidy(tx, world.clock.now));
    const second = world.visitor();
    await prove(who, number, second, mail, printed);
    expect(await accountOf(prove.length < 3 ? who : second)).toBe(account);
    // The number is in use again.
    const third = world.visitor();
    expect(await enter(third, number)).toBe(true);
    expect(await accountOf(third)).toBe(account);
  });

  it('never alone opens a role that touches money', async () => {
    const number = newNumber();
    const invitation = await must(admin().post(`/funds/${world.fund.slug}/members`, { channel: 'sms', address: number, role: 'administrator', name: 'Third' }));
    await must(world.fund.people.administrator2.post(`/funds/${world.fund.slug}/invitations/${invitation.id}/answer`, { agree: true }));
    const { id } = (await must(admin().get(`/funds/${world.fund.slug}/members`))).members.find(({ name }: { name: string }) => name === 'Third');
    const who = world.visitor();
    expect(await enter(who, number)).toBe(true);
    const account = await accountOf(who);
    const { code: printed } = await must(who.post('/me/recovery-code'));
    const swapped = world.visitor();
    expect(await enter(swapped, number)).toBe(false);
    const { deskCode } = await must(swapped.get('/sign-in/claim'));
    expect((await admin().post(`/funds/${world.fund.slug}/members/${id}/vouch`, { deskCode })).body.code).toBe('card-not-for-role');
    expect((await settle(swapped, { as: 'vouched' })).body.code).toBe('not-ready');
    // Nor does a code from a drawer, without the number.
    expect((await world.visitor().post('/sign-in/cards', { code: printed })).body.code).toBe('wrong-code');
    await must(settle(swapped, { as: 'recovery', code: printed }));
    expect(await accountOf(swapped)).toBe(account);
    expect(await enter(who, number)).toBe(true);
    // A library's computer forgets who signed out.
    await must(who.post('/sign-out'));
    expect(await enter(who, number)).toBe(false);
  });

  it('is vouched for by an administrator who knows the person, in their own fund', async () => {
    const number = newNumber();
    const { id } = await must(admin().post(`/funds/${world.fund.slug}/members`, { channel: 'sms', address: number, role: 'resident', name: 'Rosa' }));
    const { id: other } = await must(admin().post(`/funds/${world.fund.slug}/members`, { channel: 'sms', address: newNumber(), role: 'resident', name: 'Not Rosa' }));
    const who = world.visitor();
    await enter(who, number);
    const account = await accountOf(who);
    world.clock.forward(7 * MONTH);
    const { people } = world.fund;
    for (const each of [people.administrator, people.resident, world.otherFund.people.administrator]) await renew(each);
    const back = world.visitor();
    expect(await enter(back, number)).toBe(false);
    const { deskCode } = await must(back.get('/sign-in/claim'));
    const vouch = (member: string, by = admin(), fund = world.fund, code = deskCode) => by.post(`/funds/${fund.slug}/members/${member}/vouch`, { deskCode: code });
    expect((await vouch(id, people.resident)).status).toBe(403);
    expect((await vouch(id, world.otherFund.people.administrator, world.otherFund)).status).toBe(404);
    expect((await vouch(other)).body.code).toBe('wrong-code');
    expect((await vouch(id, admin(), world.fund, 'AAA-AAA')).body.code).toBe('wrong-code');
    await must(vouch(id));
    expect((await must(back.get('/sign-in/claim'))).vouched).toBe(true);
    await must(settle(back, { as: 'vouched' }));
    expect(await accountOf(back)).toBe(account);
    const { rows } = await world.superuser(`select actor_id, subject from event where name = 'member.vouched'`);
    expect(rows).toEqual([{ actor_id: admin().accountId, subject: { member: id } }]);
  });

  it('that is invited after a long silence brings its former owner no role', async () => {
    const number = newNumber();
    const { account } = await owner(number);
    world.clock.forward(7 * MONTH);
    await renew(admin());
    await renew(world.fund.people.administrator2);
    const invitation = await must(admin().post(`/funds/${world.fund.slug}/members`, { channel: 'sms', address: number, role: 'administrator', name: 'Newcomer' }));
    await must(world.fund.people.administrator2.post(`/funds/${world.fund.slug}/invitations/${invitation.id}/answer`, { agree: true }));
    expect((await world.superuser('select 1 from membership where account_id = $1', [account])).rows).toEqual([]);
    const newcomer = world.visitor();
    expect(await enter(newcomer, number)).toBe(true);
    expect((await must(newcomer.get('/me'))).memberships).toHaveLength(1);
  });
});

describe('one number, one place', () => {
  it('whichever of its accounts comes first, and both at once', async () => {
    await renew(admin());
    const numbers = [newNumber(), newNumber()];
    const owners = [await owner(numbers[0] as string), await owner(numbers[1] as string)];
    const round = await draftRound(world, { credentials: ['sign-in'] });
    await move(world, round, 'notice', 'voting');
    const join = (who: Visitor) => who.post(`${round.path}/join`, { credential: 'sign-in' });
    await must(join((owners[0] as { who: Visitor }).who));
    const newcomers: Visitor[] = [];
    for (const number of numbers) {
      const newcomer = world.visitor();
      expect(await enter(newcomer, number, { isNewHere: true })).toBe(true);
      newcomers.push(newcomer);
    }
    expect((await join(newcomers[0] as Visitor)).body.code).toBe('number-used');
    // Nor by having their name written beside the number.
    await must(admin().post(`${round.path}/roll`, { entries: [{ name: 'Newcomer', contact: { channel: 'sms', address: numbers[0] } }] }));
    expect((await join(newcomers[0] as Visitor)).body.code).toBe('number-used');
    const both = await Promise.all([join(newcomers[1] as Visitor), join((owners[1] as { who: Visitor }).who), join(newcomers[1] as Visitor)]);
    const states = both.map((each) => each.status);
    expect(new Set(both.filter((each) => each.status !== 200).map((each) => each.body.code))).toEqual(new Set(['number-used']));
    expect(states).toContain(200);
    expect((await world.superuser('select count(*)::int as n from elector where round_id = $1', [round.id])).rows[0].n).toBe(2);
  });
});

describe('codes', () => {
  it('are not used up by a stranger: each network has its own few for an address', async () => {
    const ask = (address: string, from: string) => world.app.inject({ method: 'POST', url: '/api/v1/sign-in/codes', remoteAddress: from, headers: { 'sec-fetch-site': 'same-origin' }, payload: { channel: 'email', address } });
    const address = 'known@example.org';
    const stranger = [];
    for (let asked = 0; asked < 6; asked += 1) stranger.push((await ask(address, '203.0.113.7')).statusCode);
    expect(stranger).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await ask(address, '198.51.100.1')).statusCode).toBe(200);
    // Many networks together stop at twenty; a browser that has signed in with the address still gets in.
    const theirs = 'theirs@example.org';
    const who = world.visitor();
    await enter(who, theirs);
    for (let network = 0; network < 5; network += 1) for (let asked = 0; asked < 5; asked += 1) await ask(theirs, `192.0.2.${network}`);
    expect((await ask(theirs, '198.51.100.2')).statusCode).toBe(429);
    expect((await who.post('/sign-in/codes', { channel: 'email', address: theirs })).status).toBe(200);
  });

  it('are read aloud, slowly and twice, to a number, in the language asked in', async () => {
    const number = newNumber();
    for (const [language, once] of [['en', 'Once more'], ['pl', 'Jeszcze raz'], ['ar', 'مرة أخرى']] as const) {
      const caller = world.visitor();
      const code = await codeFor(caller, number, { channel: 'call', language });
      const call = await sentTo(number, 0);
      expect(call).toMatchObject({ channel: 'call', language });
      expect(call.body).toContain(once);
      expect(call.body.split(code.split('').join('. '))).toHaveLength(3);
      expect((await must(caller.post('/sign-in', { code }))).done).toBe(language !== 'en' ? true : false);
      if (language === 'en') await must(settle(caller, { as: 'new' }));
      await must(caller.post('/me/recovery-code'));
    }
  });

  it('come in the language of whoever asked, and right to left where it runs so', async () => {
    const asker = world.visitor();
    const code = await codeFor(asker, 'amira@example.org', { language: 'ar' });
    const mail = await sentTo('amira@example.org', 0);
    expect(mail).toMatchObject({ language: 'ar', subject: 'رمزك' });
    const shown = mailOf({ ...mail, channel: 'email', recipient: '', language: 'ar', body: `${mail.body}<b>` });
    expect(shown.html).toContain('lang="ar" dir="rtl"');
    expect(shown.html).toContain('&#60;b&#62;');
    expect(shown.text).toContain(code);
    await must(asker.post('/sign-in', { code }));
    const account = await accountOf(asker);
    expect((await world.superuser('select language from account where id = $1', [account])).rows).toEqual([{ language: 'ar' }]);
    const polish = await world.app.inject({ method: 'POST', url: '/api/v1/sign-in/codes', headers: { 'sec-fetch-site': 'same-origin', 'accept-language': 'pl-PL,pl;q=0.9' }, payload: { channel: 'email', address: 'ola@example.org' } });
    expect(polish.statusCode).toBe(200);
    expect((await sentTo('ola@example.org', 0)).language).toBe('pl');
  });
});

describe('the sentences of messages', () => {
  const read = (file: string): Record<string, string> => JSON.parse(readFileSync(join(root, 'server/messages', file), 'utf8'));
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

  it('are complete in every language', () => {
    const english = read('en.json');
    for (const file of globSync('*.json', { cwd: join(root, 'server/messages') })) {
      const catalogue = read(file);
      expect(Object.keys(catalogue).sort(), file).toEqual(Object.keys(english).sort());
      for (const [key, text] of Object.entries(catalogue)) expect([key, holes(text)]).toEqual([key, holes(english[key] as string)]);
    }
  });
});

/** Signs somebody in again: the clock went past their session. */
async function renew(who: Visitor): Promise<void> {
  const { app, clock } = world;
  const session = await within(app.services.db, {}, (tx) => createSession(tx, { accountId: who.accountId as string }, 60 * 24 * 30, clock.now));
  who.cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(clock.now.getTime() / 1000) }));
}
