/** A parent's consent: a young person prepares, a parent answers, and only then a ballot goes in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetDueConsents } from '@commonpot/server/rounds/consent/jobs';
import { standingOf } from '@commonpot/server/rounds/consent/rules';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { draftRound, inHours, move, must, type TestRound } from '../rounds/set-up.ts';
import { newcomer as makeNewcomer } from './newcomer.ts';
import { draw } from '../votes/voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const newcomer = async (): Promise<Visitor> => (await makeNewcomer(world)).visitor;

/** What an address was sent last. Jobs do not run here: what waits in the queue is opened. */
async function message(recipient: string): Promise<string> {
  const { rows } = await world.superuser(`select data from pgboss.job where name = 'people.send-message' order by created_on desc`);
  const sent = rows.map((row) => JSON.parse(world.app.services.secrets.open('message', Buffer.from(row.data.sealed, 'base64'))) as { recipient: string; body: string });
  return sent.find((each) => each.recipient === recipient)?.body ?? '';
}

const tokenIn = (body: string) => /\/consent\/([\w-]{22})/.exec(body)?.[1] ?? '';
const ballot = () => {
  const { voidKey: _, ...drawn } = draw('1');
  return { ...drawn, replaces: null, oldVoidKey: null };
};
const cast = (who: Visitor, round: TestRound) => who.post(`${round.path}/ballot`, ballot());
const code = (answer: { body: { code?: string } }) => answer.body.code;

/** How many consents a round has left once it is in this phase and the job has run. */
async function left(round: TestRound, phase: string): Promise<number> {
  await world.superuser(`set session_replication_role = replica; update round set phase = '${phase}' where id = '${round.id}'`);
  await forgetDueConsents(world.app.services, world.clock.now);
  return (await world.superuser(`select count(*)::int as n from consent where round_id = $1`, [round.id])).rows[0].n;
}

async function votingRound(change: object = {}): Promise<TestRound> {
  const round = await draftRound(world, { consentBelowAge: 16, ...change });
  await move(world, round, 'notice', 'voting');
  return round;
}

describe('a parent’s consent', () => {
  it('is asked for by a message, given by a link, taken back, and gone with the round', async () => {
    const round = await votingRound();
    const { visitor: child, address } = await makeNewcomer(world);
    expect((await child.post(`${round.path}/join`, { credential: 'sign-in' })).body).toMatchObject({ code: 'wrong-shape', fields: ['needsConsent'] });
    await must(child.post(`${round.path}/join`, { credential: 'sign-in', needsConsent: true }));
    // Prepared, not cast.
    expect((await child.get(`${round.path}/ballot`)).body).toMatchObject({ current: null });
    expect(code(await cast(child, round))).toBe('consent-missing');
    expect((await child.get(`${round.path}/consent`)).body).toMatchObject({ state: 'needed', belowAge: 16, asksLeft: 3 });

    expect(code(await child.post(`${round.path}/consent`, { by: 'email', address }))).toBe('same-person');
    const asked = await must(child.post(`${round.path}/consent`, { by: 'email', address: 'parent@example.org', name: 'Łucja', language: 'pl' }));
    expect(asked.asksLeft).toBe(2);
    const body = await message('parent@example.org');
    expect(body).toContain('Łucja');
    const token = tokenIn(body);
    const { rows: [row] } = await world.superuser(`select * from consent`);
    expect(JSON.stringify(row)).not.toMatch(/parent@|Łucja/);
    expect(JSON.stringify(row)).not.toContain(token);

    const parent = world.visitor();
    expect((await parent.post(`${round.path}/consent/look`, { token })).body).toMatchObject({ state: 'needed', belowAge: 16 });
    expect(await must(parent.post(`${round.path}/consent/answer`, { token, answer: 'no' }))).toEqual({ state: 'refused' });
    expect(code(await cast(child, round))).toBe('consent-missing');
    expect(await must(parent.post(`${round.path}/consent/answer`, { token, answer: 'yes' }))).toEqual({ state: 'given' });
    expect((await cast(child, round)).status).toBe(200);
    expect(code(await child.post(`${round.path}/consent`, { by: 'paper' }))).toBe('already-decided');
    expect(await must(parent.post(`${round.path}/consent/answer`, { token, answer: 'no' }))).toEqual({ state: 'withdrawn' });
    // What was cast stays; it cannot be changed any more.
    const current = (await child.get(`${round.path}/ballot`)).body.current;
    expect(current).toMatch(/^[0-9a-f]{64}$/);
    expect(code(await child.post(`${round.path}/ballot`, { ...ballot(), replaces: current }))).toBe('consent-missing');

    const events = (await world.superuser(`select name, subject, actor_id from event where name like 'consent.%' order by id`)).rows;
    expect(events.map((each) => each.name)).toEqual(['consent.refused', 'consent.given', 'consent.withdrawn']);
    expect(events.every((each) => each.actor_id === null && Object.keys(each.subject).join() === 'round')).toBe(true);

    // Voting is over by the clock, a little later by its phase; on its last day everything about parents is gone.
    const start = world.clock.now;
    world.clock.forward(9 * 60);
    expect(code(await parent.post(`${round.path}/consent/answer`, { token, answer: 'yes' }))).toBe('voting-closed');
    expect(await left(round, 'counting')).toBe(1);
    world.clock.forward(29 * 24 * 60);
    expect([await left(round, 'voting'), await left(round, 'counting'), await left(round, 'counting')]).toEqual([1, 0, 0]);
    world.clock.now = start;
  });

  it('is not asked of those who are old enough, and neither link nor number opens another round', async () => {
    const [round, other] = [await votingRound(), await votingRound()];
    const [adult, child] = [await newcomer(), await newcomer()];
    await must(adult.post(`${round.path}/join`, { credential: 'sign-in', needsConsent: false }));
    expect((await cast(adult, round)).status).toBe(200);
    expect(code(await adult.post(`${round.path}/consent`, { by: 'paper' }))).toBe('consent-not-asked');
    await must(child.post(`${round.path}/join`, { credential: 'sign-in', needsConsent: true }));
    // Three messages, the newest link alone opens it.
    for (const at of [1, 2, 3]) expect((await must(child.post(`${round.path}/consent`, { by: 'email', address: `p${at}@example.org` }))).asksLeft).toBe(3 - at);
    expect(code(await child.post(`${round.path}/consent`, { by: 'email', address: 'p4@example.org' }))).toBe('asked-enough');
    const parent = world.visitor();
    const [first, last] = [tokenIn(await message('p1@example.org')), tokenIn(await message('p3@example.org'))];
    expect(code(await parent.post(`${round.path}/consent/answer`, { token: first, answer: 'yes' }))).toBe('wrong-code');
    expect(code(await parent.post(`${other.path}/consent/answer`, { token: last, answer: 'yes' }))).toBe('wrong-code');
    expect(code(await parent.post(`/funds/${world.otherFund.slug}/rounds/${round.slug}/consent/answer`, { token: last, answer: 'yes' }))).toBe('wrong-code');
    // Both parents at once: one answer stands, whole.
    const both = await Promise.all([parent.post(`${round.path}/consent/answer`, { token: last, answer: 'yes' }), parent.post(`${round.path}/consent/answer`, { token: last, answer: 'yes' })]);
    expect(both.map((each) => each.body.state)).toEqual(['given', 'given']);

    const { administrator, reviewer } = world.fund.people;
    const { reference } = await must(child.get(`${round.path}/consent`));
    expect((await reviewer.post(`${round.path}/consents`, { reference })).status).toBe(403);
    expect(code(await administrator.post(`${other.path}/consents`, { reference }))).toBe('not-found');
    expect(code(await administrator.post(`${round.path}/consents`, { reference: 'ABCD-EFGH' }))).toBe('not-found');
    expect(code(await world.visitor().get(`${round.path}/consent`))).toBe('signed-out');
    expect(code(await (await newcomer()).get(`${round.path}/consent`))).toBe('not-on-roll');
    // With the results they go at once.
    expect(await left(round, 'results')).toBe(0);
  });

  it('is seen on paper by its reference, by a name, or when a school’s list is uploaded', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { consentBelowAge: 16, credentials: ['roll', 'code'] });
    expect(code(await administrator.post(`${round.path}/codes`, { count: 3 }))).toBe('codes-need-names');
    await must(administrator.post(`${round.path}/roll`, { entries: [
      { name: 'Ada', bornYear: 2015, consentSeen: true }, { name: 'Bo', bornYear: 2015 }, { name: 'Cy', bornYear: 1980 }, { name: 'Di' },
    ] }));
    const { codes } = await must(administrator.post(`${round.path}/codes`, { forRoll: true }));
    await move(world, round, 'notice').catch(() => undefined);
    const missing = async () => (await must(administrator.get(`${round.path}/preflight`))).items.filter((item: { ok: boolean }) => !item.ok).map((item: { code: string }) => item.code);
    expect(await missing()).toEqual(['consents-known']);
    const roll = await must(administrator.get(`${round.path}/roll`));
    const entry = (name: string) => roll.entries.find((each: { name: string }) => each.name === name);
    expect(['Ada', 'Bo', 'Cy', 'Di'].map((name) => entry(name).consent)).toEqual(['given', 'needed', 'not-needed', 'needed']);
    await must(administrator.post(`${round.path}/consents`, { elector: entry('Di').elector }));
    expect(await missing()).toEqual([]);
    await move(world, round, 'notice', 'voting');
    const phone = async (name: string) => {
      const visitor = world.visitor();
      await must(visitor.post(`${round.path}/enter-code`, { code: codes.find((each: { name: string }) => each.name === name).code }));
      return visitor;
    };
    expect((await cast(await phone('Ada'), round)).status).toBe(200);
    expect((await cast(await phone('Cy'), round)).status).toBe(200);
    expect((await cast(await phone('Di'), round)).status).toBe(200);
    const bo = await phone('Bo');
    expect(code(await cast(bo, round))).toBe('consent-missing');
    const { reference } = await must(bo.post(`${round.path}/consent`, { by: 'paper' }));
    // Typed in small letters, without its hyphen.
    await must(administrator.post(`${round.path}/consents`, { reference: reference.toLowerCase().replace('-', ' ') }));
    expect((await cast(bo, round)).status).toBe(200);
    await must(administrator.post(`${round.path}/consents`, { elector: entry('Bo').elector, seen: false }));
    expect((await bo.get(`${round.path}/consent`)).body.state).toBe('withdrawn');
    expect(code(await administrator.post(`${round.path}/consents`, { elector: entry('Cy').elector }))).toBe('consent-not-asked');
    expect(await must(administrator.get(`${round.path}/consents`))).toEqual({ belowAge: 16, needed: 0, given: 2, refused: 1 });
  });

  it('is settled while the round is a draft, and the database holds what it holds', async () => {
    const { administrator } = world.fund.people;
    const round = await draftRound(world, { consentBelowAge: 16, noticeAt: inHours(world, 0) });
    await move(world, round, 'notice');
    expect(code(await administrator.send('PUT', round.path, { consentBelowAge: null }))).toBe('wrong-phase');
    await expect(world.superuser(`update round set consent_below_age = 12 where id = $1`, [round.id])).rejects.toThrow(/does not change/);
    const child = await newcomer();
    await must(child.post(`${round.path}/join`, { credential: 'sign-in', needsConsent: true }));
    await expect(world.superuser(`update consent set state = 'given' where round_id = '${round.id}'`)).rejects.toThrow(/check/);
    await expect(world.superuser(`update consent set state = 'given', how = 'paper', decided_on = '2026-01-01' where round_id = '${round.id}'`)).rejects.toThrow(/check/);
    await expect(world.superuser(`update consent set reference = 'XXXX' where round_id = '${round.id}'`)).rejects.toThrow(/before voting closes/);
    await world.superuser(`set session_replication_role = replica; update round set phase = 'closed', frozen_at = created_at where id = '${round.id}'`);
    await expect(world.superuser(`update consent set asks = 1 where round_id = '${round.id}'`)).rejects.toThrow(/before voting closes/);
  });
});

it('asks whoever nothing is known of, and nobody where the round asks nobody', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const unknown = { state: null, bornYear: null, hasJoined: false };
  expect(standingOf(16, unknown, now)).toBe('needed');
  expect(standingOf(null, unknown, now)).toBe('not-needed');
  expect(standingOf(16, { ...unknown, hasJoined: true }, now)).toBe('not-needed');
  expect([2009, 2010, 2011].map((bornYear) => standingOf(16, { ...unknown, bornYear }, now))).toEqual(['not-needed', 'not-needed', 'needed']);
  expect(standingOf(16, { state: 'withdrawn', bornYear: 1980, hasJoined: true }, now)).toBe('withdrawn');
});
