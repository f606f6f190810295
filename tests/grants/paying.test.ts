/** An award is paid by voucher, cash or bank at most once; what fails is chosen again, and what nobody claims goes back. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { grantInvariants } from '@commonpot/server/grants/payments/checks';
import { settlePayments } from '@commonpot/server/grants/payments/jobs';
import { returnUnused } from '@commonpot/server/grants/thanks/jobs';
import { expireDue } from '@commonpot/server/payouts/jobs';
import { makeWorld, type World } from '../lib/world.ts';
import { brokenInvariants, filledPot, must, take } from '../payouts/house.ts';
import { openGrants, type OpenGrants } from './granting.ts';
import { choose, look, makeAward, start, stateTerms, type Awarded } from './paying.ts';

let world: World;
let round: OpenGrants;
let at: string;
const kept: Record<string, Awarded> = {};
const DAY = 24 * 60;
const account = { name: 'Sam Heron', number: '20-00-00 55779911' };

beforeAll(async () => {
  world = await makeWorld();
  // The story goes on for months.
  await world.superuser(`update session set expires_at = '2030-01-01'`);
  round = await openGrants(world.fund);
  at = `/funds/${world.fund.slug}`;
});
afterAll(() => world.close());

const pays = async (id: string) => (await must(world.fund.people.administrator.get(`${round.path}/payments?limit=200`))).payments.find((each: { request: string }) => each.request === id);
const inPot = async () => (await must(world.fund.people.administrator.get(`${at}/pots`))).pots.find((each: { id: string }) => each.id === round.potId).inPotMinor as number;
const settleAll = async () => {
  await expireDue(world.app.services, world.clock.now);
  // One step at a time: a try that ended, then what follows from it.
  while ((await settlePayments(world.app.services, world.clock.now)) > 0);
};

it('a voucher opens on the private page, once however often and by how many it is begun', async () => {
  const one = (kept.voucher = await makeAward(world, round));
  expect(await look(world, one)).toMatchObject({ turn: 'fund', voucher: null });
  const pressed = await Promise.all([start(world, one), start(world, one, 'administrator2'), start(world, one)]);
  expect(pressed.map((each) => each.status).sort()).toEqual([201, 409, 409]);
  const { voucher, turn } = await look(world, one);
  expect([turn, voucher.balanceMinor]).toEqual(['try', 40_00]);
  expect((await choose(world, one, 'cash')).body.code).toBe('already-decided');
  await must(take(world.fund, world.fund.people.shop, voucher.code, 40_00));
  expect((await look(world, one)).turn).toBe('paid');
  await settleAll();
  expect((await start(world, one)).body.code).toBe('already-decided');
  expect((await world.fund.people.resident.post(`${at}/requests/${one.id}/payment`)).status).toBe(403);
  expect((await world.otherFund.people.administrator.post(`/funds/${world.otherFund.slug}/requests/${one.id}/payment`)).status).toBe(404);
});

it('cash waits behind a code for a reference, handed over by two', async () => {
  const one = (kept.cash = await makeAward(world, round, { way: 'cash' }));
  expect((await start(world, one)).body.code).toBe('terms-missing');
  await stateTerms(world.fund);
  await must(start(world, one));
  const { administrator, administrator2 } = world.fund.people;
  await must(administrator.post(`${at}/cash-box`, { name: 'Tuesday', amountMinor: 80_00 }));
  await must(administrator2.post(`${at}/cash-box/check`, { amountMinor: 80_00 }));
  const { cash } = await look(world, one);
  expect(cash).toMatchObject({ state: 'ready', place: 'Hall' });
  const found = await must(administrator.post(`${at}/cash-desk`, { code: cash.code }));
  expect(found.recipient).toBe(one.reference);
  await must(administrator.post(`${at}/cash-desk/hand-overs`, { ticket: found.ticket }));
  await must(administrator2.post(`${at}/cash/${found.id}/transitions`, { to: 'collected', amountMinor: 40_00 }));
  expect(await look(world, one)).toMatchObject({ turn: 'paid', cash: { state: 'collected', code: null } });
});

it('a transfer needs to know where to, two people, and forgets where to once it is paid; a failed one is chosen again', async () => {
  const one = (kept.bank = await makeAward(world, round, { way: 'bank' }));
  const { administrator, administrator2 } = world.fund.people;
  expect((await look(world, one)).turn).toBe('person');
  expect((await start(world, one)).body.code).toBe('already-decided');
  await must(choose(world, one, 'bank', account));
  await must(start(world, one));
  expect(await must(administrator.get(`${at}/requests/${one.id}/account`))).toEqual(account);
  const order = async () => must(administrator.post(`${at}/disbursements/${(await pays(one.id)).last.disbursement}/payouts`, { reference: 'CP-9' }));
  const { id } = await order();
  expect((await administrator.post(`${at}/payouts/${id}/transitions`, { to: 'paid', amountMinor: 40_00 })).body.code).toBe('same-person');
  await must(administrator2.post(`${at}/payouts/${id}/transitions`, { to: 'unknown', note: 'The bank does not answer' }));
  await settleAll();
  world.clock.forward(60 * DAY);
  await settleAll();
  // Nobody can say: it stays, visible, and is not tried again.
  expect(await look(world, one)).toMatchObject({ turn: 'try', bank: 'in-doubt' });
  expect((await choose(world, one, 'voucher')).body.code).toBe('already-decided');
  await must(administrator2.post(`${at}/payouts/${id}/transitions`, { to: 'failed', note: 'No such account' }));
  await settleAll();
  expect(await look(world, one)).toMatchObject({ turn: 'person', failed: true });
  expect((await administrator.post(`${at}/disbursements/${(await pays(one.id)).last.disbursement}/payouts`, { reference: 'CP-9' })).body.code).toBe('already-decided');
  await must(choose(world, one, 'bank', account));
  await must(start(world, one));
  const second = await order();
  await must(administrator2.post(`${at}/payouts/${second.id}/transitions`, { to: 'paid', amountMinor: 40_00 }));
  await settleAll();
  expect((await world.superuser('select sealed_account from payment_bank where request_id = $1', [one.id])).rows).toEqual([{ sealed_account: null }]);
  expect((await administrator.get(`${at}/requests/${one.id}/account`)).status).toBe(404);
});

it('whoever knows the person has no hand in it, and no other door leads to the money', async () => {
  const one = await makeAward(world, round, { way: 'bank' });
  const { administrator, administrator2 } = world.fund.people;
  await must(choose(world, one, 'bank', account));
  await must(administrator2.post(`${at}/requests/${one.id}/interest`));
  expect((await start(world, one, 'administrator2')).body.code).toBe('knows-applicant');
  const { rows: [held] } = await world.superuser('select reservation_id as id from award where subject_id = $1', [one.id]);
  const past = await administrator.post(`${at}/vouchers`, { from: { reservation: held.id }, title: 'Past the desk', valueMinor: 40_00, lastDay: world.clock.now.toISOString().slice(0, 10), holder: null });
  expect(past.body.code).toBe('award-of-person');
  const members = (await must(administrator.get(`${at}/members`))).members as { id: string; role: string }[];
  const inCash = { reservation: held.id, title: 'Past the desk', amountMinor: 40_00, lastDay: world.clock.now.toISOString().slice(0, 10), place: 'Hall', hours: '5 pm', recipient: members.find((each) => each.role === 'resident')?.id };
  expect((await administrator.post(`${at}/cash`, inCash)).body.code).toBe('award-of-person');
  expect((await world.superuser('select reservation_id from voucher where reservation_id = $1 union all select reservation_id from cash_payment where reservation_id = $1', [held.id])).rowCount).toBe(0);
  await must(start(world, one));
  expect((await administrator2.get(`${at}/requests/${one.id}/account`)).body.code).toBe('knows-applicant');
  expect((await administrator2.post(`${at}/disbursements/${(await pays(one.id)).last.disbursement}/payouts`, { reference: 'CP-9' })).body.code).toBe('interest-declared');
  const { id } = await must(administrator.post(`${at}/disbursements/${(await pays(one.id)).last.disbursement}/payouts`, { reference: 'CP-9' }));
  expect((await administrator2.post(`${at}/payouts/${id}/transitions`, { to: 'paid', amountMinor: 40_00, note: '' })).body.code).toBe('interest-declared');
});

it('an interest that is declared after the cash was issued counts all the same, at every step and in the database', async () => {
  const one = await makeAward(world, round, { way: 'cash' });
  const { administrator, administrator2 } = world.fund.people;
  await must(start(world, one));
  const { code } = (await look(world, one)).cash;
  await must(administrator2.post(`${at}/requests/${one.id}/interest`));
  expect((await administrator2.post(`${at}/cash-desk`, { code })).body.code).toBe('interest-declared');
  const { ticket, id } = await must(administrator.post(`${at}/cash-desk`, { code }));
  await must(administrator.post(`${at}/cash-desk/hand-overs`, { ticket }));
  for (const step of [{ to: 'collected', amountMinor: 40_00 }, { to: 'disputed', note: 'Short' }]) expect((await administrator2.post(`${at}/cash/${id}/transitions`, step)).body.code).toBe('interest-declared');
  await expect(world.superuser(`update cash_payment set witnessed_by = $2, witnessed_at = $3 where id = $1`, [id, administrator2.accountId, world.clock.now])).rejects.toThrow('an interest');
});

it('a way that does not work is given up, another is chosen, and what nobody claims goes back to the pot', async () => {
  const before = await inPot();
  const one = await makeAward(world, round);
  await must(start(world, one));
  await must(world.fund.people.administrator.post(`${at}/requests/${one.id}/payment/give-up`, { note: 'The shop is gone' }));
  expect((await look(world, one)).turn).toBe('person');
  await must(choose(world, one, 'cash'));
  await must(start(world, one));
  world.clock.forward(30 * DAY);
  await settleAll();
  expect((await look(world, one)).turn).toBe('person');
  world.clock.forward(29 * DAY);
  // Choosing in the same instant as the money goes back: one of the two happens.
  const [late] = await Promise.all([choose(world, one, 'voucher'), settleAll()]);
  expect(late.status).toBe(409);
  expect([await inPot(), (await look(world, one)).turn]).toEqual([before, 'nobody']);
  expect((await start(world, one)).body.code).toBe('nothing-awarded');
  kept.returned = one;
});

it('a voucher that was half spent is not paid again, and its rest goes back', async () => {
  const before = await inPot();
  const one = (kept.part = await makeAward(world, round));
  await must(start(world, one));
  await must(take(world.fund, world.fund.people.shop, (await look(world, one)).voucher.code, 15_00));
  world.clock.forward(92 * DAY);
  await settleAll();
  expect([await inPot(), (await look(world, one)).turn]).toEqual([before - 15_00, 'paid']);
  expect((await choose(world, one, 'cash')).body.code).toBe('already-decided');
});

it('thanks people for their time out of a pot and a limit of its own, and takes back what nobody chose', async () => {
  const { administrator, resident } = world.fund.people;
  const potId = await filledPot(world.fund, 100_00);
  await stateTerms(world.fund, potId);
  const { members } = await must(administrator.get(`${at}/members?limit=200`));
  const member = (name: string) => members.find((each: { name: string }) => each.name === name).id;
  const thank = (amountMinor: number, name = 'resident') => administrator.post(`${at}/thanks`, { member: member(name), what: 'panel', amountMinor });
  // One alone raises the limit for nobody: not who stated it, nor by saying it again.
  const state = (thanksLimitMinor: number, thanksPot = potId) => administrator.send('PUT', `${at}/paying-terms`, { place: 'Hall', hours: 'Tuesday', thanksPot, thanksLimitMinor, thanksNote: 'Ask an adviser about cash.', hourMinor: 20_00 });
  const agree = (limitMinor: number, who = administrator, pot = potId) => who.post(`${at}/paying-terms/limit`, { limitMinor, pot });
  const limit = async () => (await must(administrator.get(`${at}/paying-terms`))).thanksLimit;
  for (let again = 0; again < 2; again += 1) await must(state(90_00));
  expect(await limit()).toEqual({ agreedMinor: 30_00, agreedPot: potId, waiting: { minor: 90_00, pot: potId, byYou: true } });
  expect((await agree(90_00)).body.code).toBe('same-person');
  expect((await agree(80_00, world.fund.people.administrator2)).body.code).toBe('amount-differs');
  expect((await thank(31_00)).body).toMatchObject({ code: 'over-thanks', leftMinor: 30_00 });
  const inDatabase = (statement: string) => within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(statement));
  await expect(inDatabase(`insert into thanks_limit_word select fund_id, id, stated_by, stated_at from paying_terms order by id desc limit 1`)).rejects.toThrow();
  await must(agree(90_00, world.fund.people.administrator2));
  expect(await limit()).toEqual({ agreedMinor: 90_00, agreedPot: potId, waiting: null });
  // A lower one holds at once.
  await must(state(30_00));
  expect(await limit()).toEqual({ agreedMinor: 30_00, agreedPot: potId, waiting: null });
  // Nor does one alone name another pot for them: what they make up people for comes out of the small one.
  const larger = await filledPot(world.fund, 900_00);
  await must(state(30_00, larger));
  expect((await agree(30_00, administrator, larger)).body.code).toBe('same-person');
  expect((await agree(30_00, world.fund.people.administrator2)).body.code).toBe('amount-differs');
  const levelOf = async (id: string) => (await must(administrator.get(`${at}/pots`))).pots.find((each: { id: string }) => each.id === id).inPotMinor;
  await must(thank(1_00, 'reviewer'));
  expect([await levelOf(larger), await levelOf(potId)]).toEqual([900_00, 99_00]);
  const { id } = await must(thank(20_00));
  expect((await Promise.all([thank(10_00), thank(10_00)])).map((each) => each.body.code ?? 'given').sort()).toEqual(['given', 'over-thanks']);
  expect((await thank(10_00, 'administrator')).body.code).toBe('own-cash');
  const { thanks } = await must(resident.get('/my/thanks'));
  expect(thanks.find((each: { id: string }) => each.id === id)).toMatchObject({ amountMinor: 20_00, way: null, note: expect.stringContaining('adviser') });
  expect((await world.fund.people.reviewer.post(`${at}/thanks/${id}/choice`, { way: 'voucher' })).status).toBe(404);
  expect((await Promise.all([resident.post(`${at}/thanks/${id}/choice`, { way: 'voucher' }), resident.post(`${at}/thanks/${id}/choice`, { way: 'cash' })])).map((each) => each.status).sort()).toEqual([200, 409]);
  world.clock.forward(91 * DAY);
  expect(await returnUnused(world.app.services, world.clock.now)).toBeGreaterThan(0);
  expect((await world.superuser('select amount_minor::int from award where subject_id = $1', [id])).rows).toEqual([]);
});

it('tells how it went only by consent, after a person read it, until it is taken back', async () => {
  const { administrator } = world.fund.people;
  const one = kept.voucher as Awarded;
  const visitor = world.visitor();
  const stories = async (who = visitor) => (await must(who.get(`${round.path}/stories`))).stories;
  await must(visitor.post(`${at}/requests/story`, { token: one.token, words: 'The shop was far.', consents: false }));
  const [read] = await stories(administrator);
  expect((await administrator.send('PUT', `${at}/requests/${one.id}/story`, { publish: true, told: read.told })).body.code).toBe('consent-missing');
  world.clock.forward(1);
  await must(visitor.post(`${at}/requests/story`, { token: one.token, words: 'The shop was far, and the heating works.', consents: true }));
  // What was read is not what stands there now.
  expect((await administrator.send('PUT', `${at}/requests/${one.id}/story`, { publish: true, told: read.told })).status).toBe(404);
  expect(await stories()).toEqual([]);
  // Told anew at the very moment at which it is published: what nobody has read stays unpublished.
  const { told } = (await stories(administrator))[0];
  const teller = new pg.Client({ connectionString: world.database.superuserUrl });
  await teller.connect();
  await teller.query(`begin; update story set told_at = told_at + interval '1 second' where request_id = '${one.id}'`);
  const publishing = administrator.send('PUT', `${at}/requests/${one.id}/story`, { publish: true, told });
  await expect.poll(async () => (await world.superuser(`select count(*)::int as n from pg_locks where not granted`)).rows[0].n).toBeGreaterThan(0);
  await teller.query('commit');
  await teller.end();
  expect((await publishing).status).toBe(404);
  await must(administrator.send('PUT', `${at}/requests/${one.id}/story`, { publish: true, told: (await stories(administrator))[0].told }));
  expect(await stories()).toMatchObject([{ words: 'The shop was far, and the heating works.', request: null }]);
  await must(visitor.post(`${at}/requests/story-withdrawal`, { token: one.token }));
  expect([await stories(), await stories(administrator)]).toEqual([[], []]);
});

it('reports what was lost as two people said, and what checking cost', async () => {
  const { administrator, administrator2, officer } = world.fund.people;
  const { id } = await must(administrator.post(`${at}/incidents`, { kind: 'stolen', amountMinor: 12_00, happenedOn: '2026-11-20' }));
  expect((await must(officer.get(`${at}/trust`))).lostMinor).toBe(0);
  expect((await administrator.post(`${at}/incidents/${id}/confirm`, { amountMinor: 12_00 })).body.code).toBe('same-person');
  await must(administrator2.post(`${at}/incidents/${id}/confirm`, { amountMinor: 12_00 }));
  const report = await must(officer.get(`${at}/trust`));
  expect(report).toMatchObject({ lostMinor: 12_00, lost: [{ kind: 'stolen', count: 1, amountMinor: 12_00 }], waiting: [], awards: null, thanked: null });
  expect(report.checks.costMinor).toBe(Math.round((report.checks.minutes * 20_00) / 60));
  expect((await world.fund.people.resident.get(`${at}/trust`)).status).toBe(403);
  // Everybody reads the sum with the next month's figures.
  const lost = async () => (await must(world.visitor().get(`${round.path}/figures`))).lostMinor;
  expect(await lost()).toBe(0);
  world.clock.forward(31 * 24 * 60);
  expect(await lost()).toBe(12_00);
});

it('breaks no invariant', async () => expect(await brokenInvariants(world)).toEqual([]));

/** What breaks each, and nothing that a constraint would still stop; every one is undone again. */
const breaks: Record<string, () => string> = {
  'grants-awarded': () => `update request set state = 'withdrawn' where id = '${kept.voucher?.id}'`,
  'grants-paid-once': () => `drop index award_paid_once; update award_payment set ended_as = null, ended_at = null where request_id = '${kept.bank?.id}'`,
  'grants-paid-from-their-own': () => `update award_payment set request_id = '${kept.cash?.id}' where request_id = '${kept.voucher?.id}'`,
  'grants-returned-empty': () => `update request set state = 'returned' where id = '${kept.voucher?.id}'`,
  'thanks-apart': () => `update thank_you set amount_minor = amount_minor + 1`,
  'erased-is-gone': () => `update request set erased_at = null; update applicant set erased_at = made_at, contact_hash = null, sealed_contact = null, sealed_name = null, household_hash = null, household_until = null`,
  'grant-indexes': () => 'drop index award_paid_once',
  'grant-constraints': () => 'alter table thank_you drop constraint thank_you_not_oneself',
  'grant-triggers': () => 'alter table award_payment disable trigger award_payment_hold',
  'grant-privileges': () => 'grant update (way) on award_payment to commonpot_app',
  'grant-scoped': () => 'alter table payment_bank no force row level security',
};

it.each([...grantInvariants])('$name: $sentence', async ({ name, sql }) => {
  const client = new pg.Client({ connectionString: world.database.superuserUrl });
  await client.connect();
  try {
    await client.query(`begin; set local session_replication_role = replica; set local commonpot.fund = '${world.fund.id}'`);
    expect((await client.query(sql)).rows).toEqual([]);
    await client.query(breaks[name]?.() ?? 'nothing here breaks it');
    expect((await client.query(sql)).rows.length).toBeGreaterThan(0);
  } finally {
    await client.query('rollback');
    await client.end();
  }
});
