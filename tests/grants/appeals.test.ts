/** Appeals through the API: by the private link, once, in time, within the limits, and to somebody who did not decide. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eraseDue } from '@commonpot/server/grants/erasure/jobs';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { ask, newNumber, openGrants, ownToken, queue, type OpenGrants } from './granting.ts';
import { makeResidents } from './residents.ts';

let world: World;
let third: Visitor;
let fourth: Visitor;
beforeAll(async () => {
  world = await makeWorld();
  [third, fourth] = [...(await makeResidents(world, 2, 'administrator')).values()] as [Visitor, Visitor];
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

type Decider = 'administrator' | 'administrator2';
const at = () => `/funds/${world.fund.slug}/requests`;
const decide = (who: Decider, id: string, body: object) => world.fund.people[who].post(`${at()}/${id}/decisions`, body);
const no = { verdict: 'no', reason: 'not-reached' };
const appeal = (token: string, words: string | null = null) => world.visitor().post(`${at()}/appeal`, { token, words });

/** Asks, and is declined by the first administrator. */
async function declined(round: OpenGrants, change: Parameters<typeof ask>[2] = {}) {
  const { reference, token } = await must(ask(world, round, change));
  const { id } = (await queue(world.fund, round)).find((each) => each.reference === reference);
  expect((await must(decide('administrator', id, no))).state).toBe('declined');
  return { id: id as string, token: token as string };
}

it('goes once to somebody who did not decide, with what the person wants to add, and what they say stands', async () => {
  const round = await openGrants(world.fund);
  const { id, token } = await declined(round, { words: 'The boiler' });
  const both = await Promise.all([appeal(token, 'I was in hospital'), appeal(token)]);
  expect(both.map((each) => each.body.code ?? each.body.state).sort()).toEqual(['appealed', 'appealed-once']);
  expect((await decide('administrator', id, { verdict: 'yes' })).body.code).toBe('same-person');
  const waiting = (await must(world.fund.people.administrator2.get(`${round.path}/queue`))).requests;
  expect(waiting.map((each: { id: string; state: string; inBatch: boolean }) => [each.id, each.state, each.inBatch])).toEqual([[id, 'appealed', false]]);
  expect((await must(decide('administrator2', id, no))).state).toBe('upheld');
  expect((await appeal(token)).body.code).toBe('appealed-once');
  expect((await decide('administrator2', id, { verdict: 'yes' })).body.code).toBe('already-decided');
});

it('awards what was declined wrongly, and counts against the limits from when it was made', async () => {
  const round = await openGrants(world.fund);
  const number = newNumber();
  const { id, token } = await declined(round, { number, amountMinor: 150_00, mayWrite: true });
  const own = await ownToken(world, token);
  const meanwhile = await must(ask(world, round, { number, amountMinor: 100_00 }));
  expect((await appeal(own)).body).toMatchObject({ code: 'over-cap', leftMinor: 100_00 });
  const other = (await queue(world.fund, round)).find((each) => each.reference === meanwhile.reference).id;
  await must(decide('administrator', other, no));
  expect((await must(appeal(own))).state).toBe('appealed');
  await must(ask(world, round, { number, amountMinor: 100_00 }));
  expect((await queue(world.fund, round)).map((each) => each.id)).toEqual([id]);
  await must(decide('administrator2', id, { verdict: 'yes' }));
  expect((await must(third.post(`${at()}/${id}/decisions`, { verdict: 'yes' }))).state).toBe('awarded');
});

it('and a new request at the same moment keep the limit together', async () => {
  const round = await openGrants(world.fund);
  const number = newNumber();
  const { token } = await declined(round, { number, amountMinor: 150_00 });
  const answers = await Promise.all([appeal(token), ask(world, round, { number, amountMinor: 150_00 }), appeal(token), ask(world, round, { number, amountMinor: 150_00 })]);
  expect(answers.map((each) => each.body.code ?? each.body.state).sort()).toEqual(['appealed', 'appealed-once', 'asked', 'asked']);
  for (const who of [world.fund.people.administrator, world.fund.people.administrator2, third, fourth]) for (const { id } of await queue(world.fund, round)) await who.post(`${at()}/${id}/decisions`, { verdict: 'yes' });
  const given = await world.superuser(`select coalesce(sum(r.amount_minor), 0)::int as minor from request r join grant_round g on g.id = r.grant_round_id where g.slug = $1 and r.state = 'awarded'`, [round.slug]);
  expect(given.rows).toEqual([{ minor: 150_00 }]);
});

it('takes as many as the amount asks for, none of whom decided before, and no yes of an hour ago counts', async () => {
  const round = await openGrants(world.fund);
  const { token } = await must(ask(world, round, { amountMinor: 150_00 }));
  const [{ id }] = await queue(world.fund, round);
  const by = (who: Visitor, body: object = { verdict: 'yes' }) => who.post(`${at()}/${id}/decisions`, body);
  expect((await must(decide('administrator', id, { verdict: 'yes' }))).state).toBe('half');
  expect((await must(decide('administrator2', id, no))).state).toBe('declined');
  await must(appeal(token));
  const looks = async () => (await queue(world.fund, round)).find((each) => each.id === id).again;
  expect(await looks()).toEqual({ yes: 0, needed: 2, left: 2 });
  for (const who of ['administrator', 'administrator2'] as const) expect((await decide(who, id, { verdict: 'yes' })).body.code).toBe('same-person');
  expect((await must(by(third))).state).toBe('appealed');
  expect(await looks()).toEqual({ yes: 1, needed: 2, left: 1 });
  expect((await by(third)).body.code).toBe('same-person');
  await expect(world.superuser(`insert into request_move select fund_id, gen_random_uuid(), id, state_version + 1, state, 'awarded', null, null, now() from request where id = '${id}';
    update request set state = 'awarded', state_version = state_version + 1 where id = '${id}'`)).rejects.toThrow(/fewer agreed/);
  // The last who could look is passed over: the page says that somebody is missing.
  await must(fourth.post(`${at()}/${id}/interest`));
  expect(await looks()).toEqual({ yes: 1, needed: 2, left: 0 });
  const [fifth] = [...(await makeResidents(world, 1, 'administrator')).values()] as [Visitor];
  expect((await must(by(fifth))).state).toBe('awarded');
});

it('is refused for a request that was not declined, for a wrong link or another fund, and when its days are over', async () => {
  const round = await openGrants(world.fund);
  const open = await must(ask(world, round));
  expect((await appeal(open.token)).body.code).toBe('nothing-to-appeal');
  expect((await appeal('A'.repeat(22))).body.code).toBe('wrong-code');
  const { token } = await declined(round);
  expect((await world.visitor().post(`/funds/${world.otherFund.slug}/requests/appeal`, { token })).body.code).toBe('wrong-code');
  const before = world.clock.now;
  world.clock.now = new Date(before.getTime() + 28 * 86_400_000 + 1);
  expect((await appeal(token)).body).toMatchObject({ code: 'appeal-late', until: '2026-12-19T10:00:00.000Z' });
  world.clock.now = new Date(before.getTime() + 28 * 86_400_000);
  expect((await must(appeal(token))).state).toBe('appealed');
  // The charter's days count anew, and the person reads by when.
  expect(await must(world.visitor().post(`/funds/${world.fund.slug}/requests/look`, { token }))).toMatchObject({ answerBy: '2026-12-22T10:00:00.000Z', isLate: false });
  world.clock.now = before;
});

it('is not given by fewer than the band asks for, by what they were given meanwhile', async () => {
  const round = await openGrants(world.fund);
  const number = newNumber();
  const { id, token } = await declined(round, { number });
  const given = await must(ask(world, round, { number, amountMinor: 20_00 }));
  await must(decide('administrator', (await queue(world.fund, round)).find((each) => each.reference === given.reference).id, { verdict: 'yes' }));
  await must(appeal(token));
  expect((await decide('administrator2', id, { verdict: 'yes' })).body).toMatchObject({ code: 'over-cap', leftMinor: 30_00 });
  world.clock.forward(31 * 24 * 60);
  await world.superuser(`update session set expires_at = '2030-01-01'`);
  expect((await must(decide('administrator2', id, { verdict: 'yes' }))).state).toBe('awarded');
});

it('what was given counts from the day it was given, and what is open until it ends, however long ago it was asked for', async () => {
  await world.superuser(`update session set expires_at = '2030-01-01'`);
  const day = 24 * 60;
  const round = await openGrants(world.fund, { charter: { householdCapMinor: 250_00 } });
  const number = newNumber();
  const asks = (amountMinor: number, from = number) => must(ask(world, round, { number: from, amountMinor, household: '3 Long Lane' }));
  const waits = async (reference: string) => (await queue(world.fund, round)).find((each) => each.reference === reference)?.id as string | undefined;
  const first = (await waits((await asks(150_00)).reference)) as string;
  world.clock.forward(31 * day);
  // Open for longer than the period, and it may be given any day.
  expect(await waits((await asks(100_00)).reference)).toBeUndefined();
  await eraseDue(world.app.services, world.clock.now);
  for (const who of ['administrator', 'administrator2'] as const) await must(decide(who, first, { verdict: 'yes' }));
  world.clock.forward(29 * day);
  expect(await waits((await asks(60_00)).reference)).toBeUndefined();
  await eraseDue(world.app.services, world.clock.now);
  const neighbour = (await waits((await asks(110_00, newNumber())).reference)) as string;
  await must(decide('administrator', neighbour, { verdict: 'yes' }));
  expect((await decide('administrator2', neighbour, { verdict: 'yes' })).body.code).toBe('over-household-cap');
  world.clock.forward(2 * day);
  expect((await must(decide('administrator2', neighbour, { verdict: 'yes' }))).state).toBe('awarded');
});
