/** What somebody learns who asks with another's number, or stands at another's door: nothing. And what the person themselves is told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellNews, followHolds } from '@commonpot/server/grants/requests/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { ask, asking, messagesOf, newNumber, openGrants, ownToken, queue, type OpenGrants } from './granting.ts';
import { makeAward } from './paying.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  await world.superuser(`update session set expires_at = '2030-01-01'`);
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

const DAY = 24 * 60;
const at = () => `/funds/${world.fund.slug}/requests`;
const look = async (token: string) => must(world.visitor().post(`${at()}/look`, { token }));
const post = (path: string, token: string, more: object = {}) => world.visitor().post(`${at()}/${path}`, { token, ...more });
const yes = (who: 'administrator' | 'administrator2', id: string) => world.fund.people[who].post(`${at()}/${id}/decisions`, { verdict: 'yes' });

/** All that whoever asked sees: the answer, their page, and what every step of the page answers; without what is drawn for each. */
async function seen(round: OpenGrants, change: Parameters<typeof asking>[0]) {
  const body = asking(change);
  const sent = await world.visitor().post(`${round.path}/requests`, body);
  const again = await world.visitor().post(`${round.path}/requests`, body);
  const { token, reference } = sent.body;
  const steps = [];
  for (const step of ['send', 'confirm', 'appeal', 'payment-look', 'disclose']) steps.push(await post(step, token, step === 'disclose' ? { words: null } : {}));
  steps.push(await post('payment-choice', token, { way: 'cash', account: null }));
  const page = await look(token);
  return JSON.stringify([sent.status, sent.body, again.body, page, steps.map((each) => [each.status, each.body])]).replaceAll(token, 'TOKEN').replaceAll(reference, 'REFERENCE');
}

it('asking with a number says the same whatever it was given or asked for before', async () => {
  const charter = { cooldownDays: 20, householdCapMinor: 300_00, atOnceDailyMinor: 500_00, bands: [{ upToMinor: 20_00, agree: 'at-once' as const, proofOfAddress: false }, { upToMinor: 60_00, agree: 'one' as const, proofOfAddress: false }, { upToMinor: 200_00, agree: 'two' as const, proofOfAddress: false }] };
  const round = await openGrants(world.fund, { charter });
  const numbers = { fresh: newNumber(), given: newNumber(), full: newNumber(), some: newNumber(), door: newNumber() };
  await makeAward(world, round, { number: numbers.given, household: '1 Elm Road' });
  await must(ask(world, round, { number: numbers.full, amountMinor: 200_00, household: '2 Elm Road' }));
  await must(ask(world, round, { number: numbers.some, amountMinor: 50_00, household: '3 Elm Road' }));
  const others = await must(ask(world, round, { amountMinor: 200_00, household: '5 Elm Road' }));
  const { id } = (await queue(world.fund, round)).find((each) => each.reference === others.reference);
  for (const who of ['administrator', 'administrator2'] as const) await must(yes(who, id));
  for (const amountMinor of [15_00, 55_00, 150_00, 200_01]) {
    const doors = { fresh: '4 Elm Road', given: '1 Elm Road', full: '2 Elm Road', some: '3 Elm Road', door: '5 Elm Road' };
    const all = [];
    for (const who of ['fresh', 'given', 'full', 'some', 'door'] as const) {
      if (amountMinor > 200_00) all.push(JSON.stringify((await ask(world, round, { number: numbers[who], amountMinor, household: doors[who] })).body));
      else all.push(await seen(round, { number: who === 'fresh' || who === 'door' ? newNumber() : numbers[who], amountMinor, household: doors[who], mayWrite: true, name: 'Kit' }));
    }
    expect(new Set(all).size).toBe(1);
  }
  // A helper with somebody else's number learns as little; an administrator on the telephone and the number's own account are told.
  const body = { ...asking({ number: numbers.given, amountMinor: 15_00, household: '1 Elm Road' }), consent: 'there', collects: true };
  expect((await must(world.fund.people.resident.post(`${round.path}/requests/for`, body))).state).toBe('asked');
  expect((await world.fund.people.administrator.post(`${round.path}/requests/for`, { ...body, clientKey: asking().clientKey })).body).toMatchObject({ code: 'too-soon', againAt: '2026-12-11T10:00:00.000Z' });
});

it('the account that an address belongs to is told at once, and given at once what is given at once', async () => {
  const round = await openGrants(world.fund, { charter: { cooldownDays: 5, bands: [{ upToMinor: 50_00, agree: 'at-once', proofOfAddress: false }], atOnceDailyMinor: 100_00 } });
  const own = { contact: { channel: 'email', address: 'Resident@tanner-hill.example' }, amountMinor: 30_00 };
  const stranger = world.fund.people.reviewer;
  expect((await must(stranger.post(`${round.path}/requests`, asking({ ...own, amountMinor: 10_00 })))).state).toBe('asked');
  const mine = (change: object = {}) => world.fund.people.resident.post(`${round.path}/requests`, asking({ ...own, ...change }));
  expect((await must(mine())).state).toBe('awarded');
  expect((await mine()).body).toMatchObject({ code: 'too-soon', againAt: '2026-11-26T10:00:00.000Z' });
  expect((await must(stranger.post(`${round.path}/requests`, asking(own)))).state).toBe('asked');
});

it('a request that meets a limit stands, says its day behind the link that went to the address, and is followed on it once', async () => {
  const round = await openGrants(world.fund, { charter: { cooldownDays: 10 } });
  const number = newNumber();
  await makeAward(world, round, { number });
  await tellNews(world.app.services);
  const rings = (await messagesOf(world)).length;
  const { token, reference } = await must(ask(world, round, { number, amountMinor: 30_00, mayWrite: true, words: 'A cooker' }));
  expect(await tellNews(world.app.services)).toBe(1);
  const own = (await messagesOf(world))[rings]?.body.match(/asked\/([\w-]{22})/)?.[1] as string;
  expect((await look(own)).held).toEqual({ why: 'too-soon', notBefore: '2026-12-01T10:00:00.000Z' });
  const plain = await look(token);
  expect([plain.held, plain.isOwn, plain.reference]).toEqual([null, false, reference]);
  expect(await queue(world.fund, round)).toEqual([]);
  const { rows: [held] } = await world.superuser('select id from request where reference = $1', [reference]);
  expect((await yes('administrator', held.id)).status).toBe(404);
  await expect(world.superuser(`update request set state = 'half', state_version = 1 where id = $1`, [held.id])).rejects.toThrow('waits for its day');

  world.clock.forward(9 * DAY);
  expect(await followHolds(world.app.services, world.clock.now)).toBe(0);
  world.clock.forward(DAY);
  const followed = await Promise.all([1, 2, 3].map(() => followHolds(world.app.services, world.clock.now)));
  expect(followed.reduce((sum, each) => sum + each)).toBe(1);
  expect(await followHolds(world.app.services, world.clock.now)).toBe(0);
  const [waiting, ...more] = await queue(world.fund, round);
  expect([waiting.words, waiting.cumulativeMinor, waiting.agree, more.length]).toEqual(['A cooker', 70_00, 'two', 0]);
  // Whoever asked sees the page that they saw before; the person sees that it goes on.
  expect(await look(token)).toEqual({ ...plain, isLate: true });
  expect(await look(own)).toMatchObject({ held: null, isLate: false, askedAt: world.clock.now.toISOString(), agree: 'two' });
  for (const who of ['administrator', 'administrator2'] as const) await must(yes(who, waiting.id));
  expect([(await look(token)).state, (await look(own)).state, (await look(token)).reference]).toEqual(['awarded', 'awarded', waiting.reference]);
});

it('has room as soon as something else is declined or taken back, and ends when its round takes no more', async () => {
  const round = await openGrants(world.fund);
  const number = newNumber();
  const large = await must(ask(world, round, { number, amountMinor: 180_00 }));
  const small = await must(ask(world, round, { number, amountMinor: 50_00, mayWrite: true }));
  const kept = await must(ask(world, round, { number, amountMinor: 200_00, mayWrite: true }));
  const own = await ownToken(world, small.token);
  expect((await look(own)).held).toEqual({ why: 'over-cap', notBefore: new Date(world.clock.now.getTime() + 30 * DAY * 60_000).toISOString() });
  await must(post('withdraw', large.token));
  expect(await followHolds(world.app.services, world.clock.now)).toBe(1);
  expect((await queue(world.fund, round)).map((each) => each.amountMinor)).toEqual([50_00]);
  // Taken back by the other link: it is one request, whichever link is used.
  await must(post('withdraw', small.token));
  expect((await look(own)).state).toBe('withdrawn');
  expect(await queue(world.fund, round)).toEqual([]);
  for (const to of ['deciding']) await must(world.fund.people.administrator.post(`${round.path}/transitions`, { to }));
  await followHolds(world.app.services, world.clock.now);
  expect((await look(kept.token)).state).toBe('declined');
});

it('nobody moves another to a door, takes their name, or rings their telephone all night', async () => {
  const round = await openGrants(world.fund, { charter: { householdCapMinor: 200_00 } });
  const number = newNumber();
  await must(ask(world, round, { number, amountMinor: 150_00, household: '8 Mill Lane', name: 'Ana' }));
  await tellNews(world.app.services);
  const before = (await messagesOf(world)).length;
  for (let each = 0; each < 6; each += 1) await must(ask(world, round, { number, amountMinor: 100_00, household: '9 Mill Lane', name: 'Nobody', mayWrite: true }));
  await tellNews(world.app.services);
  expect((await messagesOf(world)).length - before).toBe(3);
  const { rows } = await world.superuser(`select count(distinct a.household_hash)::int as doors, count(distinct a.id)::int as people from applicant a join request r on r.applicant_id = a.id join grant_round g on g.id = r.grant_round_id where g.slug = $1`, [round.slug]);
  expect(rows).toEqual([{ doors: 1, people: 1 }]);
  // The other door has its whole cap, and the queue keeps the name.
  await must(ask(world, round, { amountMinor: 200_00, household: '9 Mill Lane' }));
  expect((await queue(world.fund, round)).map((each) => [each.name, each.hints.overDoor])).toEqual([['Ana', false], ['Sam', false]]);
});

it('a helper who does not collect reads no code and names no account; the person does', async () => {
  const round = await openGrants(world.fund);
  const { administrator, resident } = world.fund.people;
  const brought = async (change: object) => {
    const made = await must(resident.post(`${round.path}/requests/for`, { ...asking({ name: 'Bee', mayWrite: true }), consent: 'there', collects: false, ...change }));
    const { id } = (await queue(world.fund, round)).find((each) => each.reference === made.reference);
    await must(yes('administrator', id));
    return { ...made, id } as { token: string; id: string };
  };
  const pay = async (token: string) => (await must(post('payment-look', token))).payment;
  const choose = (token: string) => post('payment-choice', token, { way: 'bank', account: { name: 'Me', number: '11223344556677' } });
  const theirs = await brought({});
  expect((await choose(theirs.token)).body.code).toBe('not-their-address');
  await must(administrator.post(`${at()}/${theirs.id}/payment`));
  expect(await pay(theirs.token)).toMatchObject({ elsewhere: true, voucher: null });
  expect((await pay(await ownToken(world, theirs.token))).voucher).not.toBeNull();
  // Where they agreed that the helper collects, or no message is safe, one link is all there is.
  for (const change of [{ collects: true }, { mayWrite: false }]) {
    const one = await brought(change);
    await must(administrator.post(`${at()}/${one.id}/payment`));
    expect((await pay(one.token)).voucher).not.toBeNull();
  }
});

it('one network sends so many requests an hour, is told whom to ring, and loses nothing that was sent', async () => {
  const round = await openGrants(world.fund);
  const body = asking();
  await must(world.visitor().post(`${round.path}/requests`, body));
  const { limits, config } = world.app.services;
  for (let each = 0; each < config.asksPerHour; each += 1) await limits.requests.wrong('127.0.0.1');
  await must(world.fund.people.administrator.send('PUT', `/funds/${world.fund.slug}/paying-terms`, { place: 'Hall', hours: 'Tuesday', thanksPot: null, thanksLimitMinor: 0, thanksNote: '', hourMinor: 20_00, phone: '0117 496 0000' }));
  const stopped = await ask(world, round);
  expect([stopped.status, stopped.body]).toMatchObject([429, { code: 'too-many-requests', phone: '0117 496 0000' }]);
  expect((await world.visitor().post(`${round.path}/requests`, body)).status).toBe(201);
});
