/** Money that is still the agency's: a body adopts by a date, refuses only for a published reason, swaps nothing; silence adopts, and nothing is paid before. Windows and pauses end on their dates. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adoptionInvariants } from '@commonpot/server/grants/adoption/checks';
import { adoptDue, tellOfficers } from '@commonpot/server/grants/adoption/jobs';
import { settlePayments } from '@commonpot/server/grants/payments/jobs';
import { keepDates } from '@commonpot/server/grants/rounds/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, must } from '../payouts/house.ts';
import { ask, messagesOf, openGrants, publish, type OpenGrants } from './granting.ts';
import { choose, look, makeAward, start, type Awarded } from './paying.ts';

const REASONS = ['The law does not let this money be spent on it.', 'The same request was awarded twice.'];
const route = { kind: 'agency-adopts' as const, body: 'Grants committee', agency: 'Ashbourne Public Health', withinDays: 10, reasons: REASONS };
const DAY = 24 * 60;

let world: World;
let window: OpenGrants;
let rolling: OpenGrants;
let at: string;
let awards: Awarded[];
const officer = () => world.fund.people.officer;
const lists = async () => (await must(officer().get(`${at}/adoptions`))).lists;
const listOf = async (round: OpenGrants) => (await lists()).find((each: { round: { slug: string } }) => each.round.slug === round.slug);
const refuse = (list: string, award: string, reason = REASONS[0]) => officer().post(`${at}/adoptions/${list}/refusals`, { award, reason });
/** The dates as the private page says them. */
const dates = async ({ token }: Awarded) => (({ payBy, body }) => [payBy, body])(await must(world.visitor().post(`${at}/requests/look`, { token })));
const daysAfter = (iso: string, days: number) => new Date(new Date(iso).getTime() + days * DAY * 60_000).toISOString();
const desk = async (round: OpenGrants) => (await must(world.fund.people.administrator.get(`${at}/grant-desks`))).desks.find((each: { slug: string }) => each.slug === round.slug);
const inPot = async (round: OpenGrants) => (await must(world.fund.people.administrator.get(`${at}/pots`))).pots.find((each: { id: string }) => each.id === round.potId).inPotMinor;

beforeAll(async () => {
  world = await makeWorld();
  await world.superuser(`update session set expires_at = '2030-01-01'`);
  at = `/funds/${world.fund.slug}`;
});
afterAll(() => world.close());

it('opens only where somebody speaks for the body', async () => {
  const { administrator, administrator2 } = world.fund.people;
  rolling = await openGrants(world.fund, { charter: { route } });
  await publish(world.fund, { route: { ...route, agency: 'An agency nobody speaks for' } });
  const { slug } = await must(administrator.post(`${at}/grants`, { title: 'Nobody speaks', potId: rolling.potId, kind: 'rolling' }));
  expect((await administrator2.post(`${at}/grants/${slug}/transitions`, { to: 'open' })).body.code).toBe('body-missing');
});

it('a window closes on its date and a pause ends on its own, once however many look', async () => {
  const { administrator } = world.fund.people;
  window = await openGrants(world.fund, { charter: { route }, window: { budgetMinor: 300_00, closesAt: '2026-11-24T10:00:00Z' } });
  await must(administrator.send('PUT', `${window.path}/pause`, { until: '2026-11-22T10:00:00Z' }));
  expect((await ask(world, window)).body.code).toBe('not-asking-now');
  expect(await keepDates(world.app.services, world.clock.now)).toEqual({ closed: 0, reopened: 0 });
  world.clock.forward(DAY);
  expect((await Promise.all([keepDates(world.app.services, world.clock.now), keepDates(world.app.services, world.clock.now)])).reduce((sum, each) => sum + each.reopened, 0)).toBe(1);
  awards = [];
  for (let each = 0; each < 3; each += 1) awards.push(await makeAward(world, window));
  world.clock.forward(2 * DAY);
  expect((await Promise.all([keepDates(world.app.services, world.clock.now), keepDates(world.app.services, world.clock.now)])).reduce((sum, each) => sum + each.closed, 0)).toBe(1);
  expect((await must(world.visitor().get(window.path))).phase).toBe('deciding');
  const { rows } = await world.superuser(`select name, count(*)::int from event where name in ('grant-round.reopened', 'grant-round.paused') group by name order by name`);
  expect(rows.map((row) => row.count)).toEqual([1, 1]);
});

it('what was decided is set aside, stands before the body whole, and is not paid', async () => {
  const { administrator } = world.fund.people;
  const [one] = awards as [Awarded, Awarded, Awarded];
  expect(await look(world, one)).toMatchObject({ turn: 'body', until: null });
  expect(await dates(one)).toEqual([null, { name: 'Grants committee', until: null }]);
  expect(await lists()).toEqual([]);
  await must(administrator.post(`${window.path}/transitions`, { to: 'paying' }));
  const list = await listOf(window);
  expect(list).toMatchObject({ awards: 3, amountMinor: 120_00, endedAs: null, body: 'Grants committee', reasons: REASONS });
  expect(JSON.stringify(list)).not.toContain('Sam');
  expect(new Date(list.dueAt).getTime() - world.clock.now.getTime()).toBe(10 * DAY * 60_000);
  expect(await look(world, one)).toMatchObject({ turn: 'body', until: list.dueAt });
  expect(await dates(one)).toEqual([daysAfter(list.dueAt, 3), { name: 'Grants committee', until: list.dueAt }]);
  expect((await start(world, one)).body.code).toBe('not-adopted');
  expect((await desk(window))).toMatchObject({ withBody: 3, toPay: 0, toDecide: 0, next: 'closed' });
  // The lock beneath: nobody's code pays what was not adopted.
  await expect(world.superuser(`insert into award_payment (fund_id, id, award_id, request_id, way, voucher_id, started_by, started_at)
    select a.fund_id, gen_random_uuid(), a.id, a.subject_id, 'voucher', gen_random_uuid(), a.made_by, a.made_at from award a where a.subject_id = '${one.id}'`)).rejects.toThrow('not adopted');
});

it('one award is refused for a published reason and by nobody else, its money comes back, and nothing takes its place', async () => {
  const [, two] = awards as [Awarded, Awarded, Awarded];
  const list = await listOf(window);
  const { award } = list.rows.find((each: { reference: string }) => each.reference === two.reference);
  for (const who of ['administrator', 'resident', 'reviewer'] as const) expect((await world.fund.people[who].post(`${at}/adoptions/${list.id}/refusals`, { award, reason: REASONS[0] })).status).toBe(403);
  expect((await world.otherFund.people.officer.post(`/funds/${world.otherFund.slug}/adoptions/${list.id}/refusals`, { award, reason: REASONS[0] })).status).toBe(404);
  // Somebody of another agency sees nothing of it.
  await world.superuser(`update agency set name = 'Another agency' where name = 'Ashbourne Public Health' and fund_id = '${world.fund.id}'`);
  expect(await lists()).toEqual([]);
  expect((await refuse(list.id, award)).status).toBe(404);
  await world.superuser(`update agency set name = 'Ashbourne Public Health' where fund_id = '${world.fund.id}'`);
  expect((await refuse(list.id, award, 'We would rather give it to somebody else.')).body.code).toBe('reason-not-published');
  await expect(world.superuser(`insert into award_refusal values ('${world.fund.id}', '${award}', 'Another', '${officer().accountId}', '${world.clock.now.toISOString()}')`)).rejects.toThrow('published');
  await expect(world.superuser(`insert into award_refusal values ('${world.fund.id}', '${award}', '${REASONS[0]}', '${world.fund.people.administrator.accountId}', '${world.clock.now.toISOString()}')`)).rejects.toThrow('only the body');
  const answers = await Promise.all([refuse(list.id, award), refuse(list.id, award)]);
  expect(answers.map((each) => each.status).sort()).toEqual([201, 409]);
  expect((await must(world.visitor().post(`${at}/requests/look`, { token: two.token })))).toMatchObject({ state: 'returned', reason: 'not-adopted' });
  expect(await look(world, two)).toMatchObject({ turn: 'nobody', refusedFor: REASONS[0] });
  expect((await must(world.visitor().get(window.path))).leftMinor).toBe(300_00 - 80_00);
  expect((await start(world, two)).body.code).toBe('nothing-awarded');
  const shown = await must(world.visitor().get(`${window.path}/adoptions`));
  expect(shown.lists[0]).toMatchObject({ awards: null, amountMinor: null, endedAs: null, refusals: [{ reason: REASONS[0], count: 1 }] });
  expect(JSON.stringify(shown)).not.toContain(two.reference);
});

it('adopted before its date it is paid; a list ends once, and nothing slips onto it', async () => {
  const [one, two, three] = awards as [Awarded, Awarded, Awarded];
  const list = await listOf(window);
  const adopt = () => officer().post(`${at}/adoptions/${list.id}/adopt`);
  expect((await world.fund.people.administrator.post(`${at}/adoptions/${list.id}/adopt`)).status).toBe(403);
  const answers = await Promise.all([adopt(), adopt()]);
  expect(answers.map((each) => each.status).sort()).toEqual([200, 409]);
  const { award } = list.rows.find((each: { reference: string }) => each.reference === three.reference);
  expect((await refuse(list.id, award)).body.code).toBe('already-decided');
  expect((await look(world, one)).turn).toBe('fund');
  expect(await dates(one)).toEqual([daysAfter(world.clock.now.toISOString(), 3), null]);
  expect(await desk(window)).toMatchObject({ withBody: 0, toPay: 2 });
  await must(start(world, one));
  expect(await desk(window)).toMatchObject({ withBody: 0, toPay: 1 });
  expect((await start(world, two)).body.code).toBe('nothing-awarded');
  await expect(world.superuser(`insert into adoption (fund_id, id, grant_round_id, number, awards, presented_at, due_at) select fund_id, gen_random_uuid(), grant_round_id, 9, 1, presented_at, due_at from adoption limit 1`)).rejects.toThrow('whole');
  await expect(world.superuser(`update adoption set due_at = due_at + interval '1 day'`)).rejects.toThrow('ends once');
});

it('a rolling round puts its awards before the body once a day, and silence on the date adopts; nobody’s days run meanwhile', async () => {
  const one = await makeAward(world, rolling, { way: 'bank' });
  const before = await inPot(rolling);
  expect(await adoptDue(world.app.services, world.clock.now)).toEqual({ ended: 0, presented: 1 });
  const late = await makeAward(world, rolling);
  expect(await adoptDue(world.app.services, world.clock.now)).toEqual({ ended: 0, presented: 0 });
  await must(choose(world, late, 'cash'));
  world.clock.forward(DAY);
  expect(await adoptDue(world.app.services, world.clock.now)).toEqual({ ended: 0, presented: 1 });
  const first = (await lists()).find((each: { round: { slug: string }; number: number }) => each.round.slug === rolling.slug && each.number === 1);
  world.clock.forward(9 * DAY);
  // On the date it is too late, whether or not the job has run.
  expect((await refuse(first.id, first.rows[0].award)).body.code).toBe('date-passed');
  expect((await officer().post(`${at}/adoptions/${first.id}/adopt`)).body.code).toBe('date-passed');
  expect((await look(world, one)).turn).toBe('body');
  expect((await Promise.all([adoptDue(world.app.services, world.clock.now), adoptDue(world.app.services, world.clock.now)])).reduce((sum, each) => sum + each.ended, 0)).toBe(1);
  const person = await look(world, one);
  expect(person.turn).toBe('person');
  expect(new Date(person.until).getTime() - world.clock.now.getTime()).toBe(28 * DAY * 60_000);
  await settlePayments(world.app.services, world.clock.now);
  expect((await look(world, one)).turn).toBe('person');
  expect(await inPot(rolling)).toBe(before - 40_00);
  expect((await must(world.visitor().get(`${rolling.path}/adoptions`))).lists.at(-1)).toMatchObject({ number: 1, endedAs: 'silence', refusals: [] });
});

it('tells officers of the agency when a list comes and shortly before its date, once each, at an address of their own', async () => {
  const tell = (address: string | null) => officer().send('PUT', `${at}/my-adoptions`, { tell: address && { channel: 'email', address } });
  expect((await tell('somebody@example.org')).body.code).toBe('not-their-address');
  expect((await world.fund.people.resident.send('PUT', `${at}/my-adoptions`, { tell: null })).status).toBe(403);
  await must(tell('officer@tanner-hill.example'));
  expect((await must(officer().get(`${at}/adoptions`))).isTold).toBe(true);
  const told = async () => (await messagesOf(world)).filter((each) => each.body.includes('/adoptions'));
  const wake = () => Promise.all([1, 2].map(() => tellOfficers(world.app.services, world.clock.now)));
  await world.superuser(`update account set language = 'pl' where id = $1`, [officer().accountId]);
  const other = await openGrants(world.fund, { charter: { route } });
  await makeAward(world, other);
  await wake();
  const earlier = (await told()).length;
  await adoptDue(world.app.services, world.clock.now);
  for (let again = 0; again < 2; again += 1) await wake();
  expect((await told()).slice(earlier).map((each) => [each.recipient, each.subject])).toEqual([['officer@tanner-hill.example', 'Lista do zatwierdzenia']]);
  const before = world.clock.now;
  world.clock.forward(7 * DAY);
  await wake();
  expect(await told()).toHaveLength(earlier + 1);
  world.clock.forward(DAY);
  for (let again = 0; again < 2; again += 1) await wake();
  expect((await told()).slice(earlier).map((each) => /as it stands|jak jest/.test(each.body))).toEqual([false, true]);
  await must(tell(null));
  expect((await world.superuser('select sealed_contact from officer_notice')).rows).toEqual([{ sealed_contact: null }]);
  await must(officer().post(`${at}/adoptions/${(await listOf(other)).id}/adopt`));
  world.clock.now = before;
});

it('the desk keeps apart what a draw comes before', async () => {
  const order = { kind: 'draw' as const, firstTimeTickets: 2, missedTickets: 1, mostTickets: 5, reservePercent: 0 };
  const drawing = await openGrants(world.fund, { charter: { order }, window: { budgetMinor: 100_00, closesAt: '2027-01-10T10:00:00Z' } });
  await must(ask(world, drawing));
  expect(await desk(drawing)).toMatchObject({ draws: true, beforeDraw: 1, toDecide: 0, late: 0, listed: 0 });
  expect(await desk(rolling)).toMatchObject({ draws: false, beforeDraw: 0 });
});

/** What breaks each, and nothing that a constraint would still stop; every one is undone again. */
const breaks: Record<string, string> = {
  'paid-once-adopted': `update adoption set ended_at = null, ended_as = null, ended_by = null`,
  'refused-by-the-list': `update award_refusal set reason = 'We changed our minds.'`,
  'lists-put-whole': `delete from adoption_award where award_id not in (select award_id from award_refusal)`,
  'adoption-constraints': 'alter table adoption drop constraint adoption_by_date',
  'adoption-triggers': 'alter table award_payment disable trigger award_payment_adopted',
  'adoption-privileges': 'grant update (due_at) on adoption to commonpot_app',
  'adoption-scoped': 'alter table adoption no force row level security',
};

it.each([...adoptionInvariants])('is watched: $sentence', async ({ name, sql }) => {
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

it('keeps every promise about awards', async () => {
  expect(await brokenInvariants(world)).toEqual([]);
});
