/** Cash through the API: set aside, handed over by one, witnessed by another, booked once whatever is pressed twice or at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { expireDue } from '@commonpot/server/payouts/jobs';
import { issueCash } from '@commonpot/server/payouts/cash/writes';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { award, brokenInvariants, filledPot, makeRound, must, setAside } from './house.ts';

let world: World;
let potId: string;
let members: Record<string, string>;
beforeAll(async () => {
  world = await makeWorld();
  potId = await filledPot(world.fund, 1_000_000);
  const { members: all } = await must(admin().get(`${path()}/members?limit=200`));
  members = Object.fromEntries(all.map((each: { name: string; id: string }) => [each.name, each.id]));
  await fetchBox(50_000);
});
afterAll(() => world.close());

const path = () => `/funds/${world.fund.slug}`;
const admin = () => world.fund.people.administrator;
const second = () => world.fund.people.administrator2;

async function fetchBox(amountMinor: number): Promise<void> {
  await must(admin().post(`${path()}/cash-box`, { name: 'Tuesday evening', amountMinor }));
  await must(second().post(`${path()}/cash-box/check`, { amountMinor }));
}

/** Money awarded to a person: its reservation. */
async function awarded(amountMinor: number): Promise<string> {
  const round = await makeRound(world.fund);
  const reservationId = await setAside(world, { fundId: world.fund.id, roundId: round.id, potId, amountMinor });
  const made = await award(world, { fundId: world.fund.id, roundId: round.id, reservationId, awards: [{ subjectKind: 'person', subjectId: newId(), title: 'Heating', amountMinor, recipientName: 'Heron 7' }] });
  if (made instanceof Refusal) throw new Error(made.code);
  return made[0]?.reservationId as string;
}

const form = (reservation: string, more: object = {}) => ({
  reservation, title: 'Heating', amountMinor: 4000, lastDay: '2026-12-05', place: 'Community hall', hours: 'Tuesday, 5 to 7 pm', recipient: members.resident, ...more,
});

/** Cash for the resident: its id and the code on their page. */
async function ready(amountMinor = 4000): Promise<{ id: string; code: string; reservation: string }> {
  const reservation = await awarded(amountMinor);
  const { id } = await must(admin().post(`${path()}/cash`, form(reservation, { amountMinor })));
  const { payments } = await must(world.fund.people.resident.get('/my/cash'));
  return { id, code: payments.find((each: { id: string }) => each.id === id).code, reservation };
}

const read = (code: string, who: Visitor = admin()) => who.post(`${path()}/cash-desk`, { code });
const hand = async (code: string, who: Visitor = admin(), headers: Record<string, string> = {}) =>
  who.post(`${path()}/cash-desk/hand-overs`, { ticket: (await must(read(code, who))).ticket }, headers);
const move = (id: string, body: object, who: Visitor = second(), headers: Record<string, string> = {}) => who.post(`${path()}/cash/${id}/transitions`, body, headers);
const witness = (id: string, who: Visitor = second(), amountMinor = 4000) => move(id, { to: 'collected', amountMinor }, who);
const outside = async () => Number((await world.superuser(`select coalesce(sum(amount_minor), 0) as n from transfer where kind = 'cash-collected'`)).rows[0].n);
const level = async (account: string) => Number((await world.superuser('select balance_minor from ledger_level where account_id = $1', [account])).rows[0].balance_minor);

describe('cash', () => {
  it('is handed over by one, witnessed by another, and only then booked', async () => {
    const { id, code } = await ready();
    const before = await outside();
    expect(await must(read(code.toLowerCase()))).toMatchObject({ recipient: 'resident', amountMinor: 4000, title: 'Heating' });
    await must(hand(code));
    expect(await outside()).toBe(before);
    expect((await witness(id, admin())).body.code).toBe('same-person');
    expect((await witness(id, second(), 3500)).body.code).toBe('amount-differs');
    expect((await must(admin().get(`${path()}/cash`))).waiting).toMatchObject([{ id, state: 'handed-over', handedByYou: true }]);
    await must(witness(id));
    expect(await outside()).toBe(before + 4000);
    expect((await witness(id)).body).toMatchObject({ code: 'already-decided', state: 'collected' });
    expect((await read(code)).body.code).toBe('already-decided');
    expect((await must(admin().get(`${path()}/cash/${id}`))).changes.map((each: { state: string; by: string }) => [each.state, each.by]))
      .toEqual([['ready', 'administrator'], ['handed-over', 'administrator'], ['collected', 'administrator2']]);
    const { payments } = await must(world.fund.people.resident.get('/my/cash'));
    expect(payments.find((each: { id: string }) => each.id === id)).toMatchObject({ state: 'collected', code: null });
  });

  it('is booked once, whatever is pressed twice or at the same instant', async () => {
    const { id, code } = await ready();
    const before = await outside();
    const { ticket } = await must(read(code));
    const { ticket: theirs } = await must(read(code, second()));
    const desk = `${path()}/cash-desk/hand-overs`;
    const handed = await Promise.all([
      ...Array.from({ length: 4 }, () => admin().post(desk, { ticket })), ...Array.from({ length: 4 }, () => admin().post(desk, { ticket }, { 'idempotency-key': 'pressed-twice' })),
      ...Array.from({ length: 4 }, () => second().post(desk, { ticket: theirs })),
    ]);
    const states = (await world.superuser('select handed_by from cash_payment where id = $1', [id])).rows[0].handed_by;
    const witnessing = states === second().accountId ? admin() : second();
    expect(handed.filter((each) => each.status >= 300).every((each) => each.body.code === 'already-decided')).toBe(true);
    const witnessed = await Promise.all([
      ...Array.from({ length: 4 }, () => witness(id, witnessing)), ...Array.from({ length: 4 }, () => move(id, { to: 'collected', amountMinor: 4000 }, witnessing, { 'idempotency-key': 'witness-twice' })),
      move(id, { to: 'disputed', note: 'Short?' }, witnessing),
    ]);
    expect(witnessed.filter((each) => each.status >= 300).every((each) => each.body.code === 'already-decided')).toBe(true);
    // Called short last of all, it waits for the witness to say that it was not.
    if ((await must(admin().get(`${path()}/cash/${id}`))).state === 'disputed') await must(witness(id, witnessing));
    expect(await outside()).toBe(before + 4000);
  });

  it('goes to nobody’s own hands, and past nobody with an interest', async () => {
    const reservation = await awarded(10_000);
    expect((await admin().post(`${path()}/cash`, form(reservation, { recipient: members.administrator }))).body.code).toBe('own-cash');
    const { id } = await must(second().post(`${path()}/cash`, form(reservation, { recipient: members.administrator })));
    const [mine] = (await must(admin().get('/my/cash'))).payments;
    expect((await read(mine.code)).body.code).toBe('own-cash');
    expect((await move(id, { to: 'cancelled', note: 'x' }, admin())).body.code).toBe('own-cash');
    await must(move(id, { to: 'cancelled', note: 'By bank' }));
    const { app, clock, fund } = world;
    const issued = await within(app.services.db, { fund: fund.id }, (tx) => issueCash(tx, app.services.secrets, {
      fundId: fund.id, reservationId: reservation, recipient: { accountId: fund.people.resident.accountId as string }, title: 'Rent', amountMinor: 4000, lastDay: '2026-12-05',
      place: 'Hall', hours: '5 pm', barred: [admin().accountId as string], actorId: second().accountId as string, at: clock.now,
    }));
    if (issued instanceof Refusal) throw new Error(issued.code);
    expect((await read(issued.code)).body.code).toBe('interest-declared');
  });

  it('short stays written down until two people agree what became of it', async () => {
    const { id, code, reservation } = await ready();
    const before = await outside();
    await must(hand(code));
    await must(move(id, { to: 'disputed', note: 'Five pounds were missing', shortMinor: 500 }));
    expect(await outside()).toBe(before);
    expect(await must(admin().get(`${path()}/cash/${id}`))).toMatchObject({ state: 'disputed', shortMinor: 500, changes: [{}, {}, { note: 'Five pounds were missing' }] });
    expect((await move(id, { to: 'cancelled', note: 'x' })).body.code).toBe('same-person');
    expect((await witness(id, admin())).body.code).toBe('same-person');
    const left = (await must(admin().get(`${path()}/cash`))).box.leftMinor;
    await must(move(id, { to: 'cancelled', note: 'Nothing was handed over after all' }, admin()));
    expect([await outside(), await level(reservation), (await must(admin().get(`${path()}/cash`))).box.leftMinor]).toEqual([before, 4000, left + 4000]);

    const other = await ready();
    await must(hand(other.code));
    await must(move(other.id, { to: 'disputed', note: 'Was there all of it?' }));
    await must(witness(other.id));
    expect(await outside()).toBe(before + 4000);
  });

  it('that is cancelled or not collected goes back to where it was set aside', async () => {
    const cancelled = await ready();
    await must(move(cancelled.id, { to: 'cancelled', note: 'Paid by bank instead' }, admin()));
    expect(await level(cancelled.reservation)).toBe(4000);
    const late = await ready();
    const handed = await ready();
    await must(hand(handed.code));
    world.clock.forward(15 * 24 * 60);
    expect((await read(late.code)).status).toBe(401);
    for (const each of [admin(), second(), world.fund.people.resident]) await freshSession(each);
    expect((await read(late.code)).body.code).toBe('cash-expired');
    expect((await move(late.id, { to: 'cancelled', note: 'x' }, admin())).body.code).toBe('cash-expired');
    const ended = await Promise.all([expireDue(world.app.services, world.clock.now), expireDue(world.app.services, world.clock.now)]);
    // The late one, and the one that the person with an interest could not hand over; each once.
    expect(ended.reduce((sum, each) => sum + each)).toBe(2);
    expect(await level(late.reservation)).toBe(4000);
    await must(witness(handed.id));
  });

  it('comes only out of an award, only in time, only to an address of theirs, and is no matter of anybody else', async () => {
    const round = await makeRound(world.fund);
    const open = await setAside(world, { fundId: world.fund.id, roundId: round.id, potId, amountMinor: 4000 });
    const issue = (body: object, who = admin()) => who.post(`${path()}/cash`, body);
    const last = { lastDay: '2026-12-31' };
    expect((await issue(form(open, last))).body.code).toBe('not-found');
    const reservation = await awarded(4000);
    expect((await issue(form(reservation, { ...last, amountMinor: 4001 }))).body.code).toBe('not-enough-money');
    expect((await issue(form(reservation, { lastDay: '2026-11-01' }))).body.code).toBe('date-passed');
    expect((await issue(form(reservation, { ...last, tell: { channel: 'email', address: 'thief@example.org' } }))).body.code).toBe('not-their-address');
    for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) await freshSession(world.fund.people[person]);
    for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) expect((await issue(form(reservation, last), world.fund.people[person])).status).toBe(403);
    await freshSession(world.otherFund.people.administrator);
    const { id } = await must(issue(form(reservation, { ...last, tell: { channel: 'email', address: 'Resident@tanner-hill.example', language: 'ar' } })));
    expect((await world.otherFund.people.administrator.get(`/funds/${world.otherFund.slug}/cash/${id}`)).status).toBe(404);
    const { code } = (await must(world.fund.people.resident.get('/my/cash'))).payments[0];
    for (let wrong = 0; wrong < 10; wrong += 1) expect((await read('ABCD-EFGH-J')).body.code).toBe('cash-not-found');
    expect((await read(code)).body.code).toBe('too-many-tries');
    expect((await second().post(`${path()}/cash-desk/hand-overs`, { ticket: 'made-up' })).body.code).toBe('ticket-over');
    await must(read(code, second()));
  });
});

describe('the box', () => {
  it('is counted out and counted back by two people, and says what is short', async () => {
    const box = (step: string, amountMinor: number, who: Visitor) => who.post(`${path()}/cash-box${step}`, { amountMinor });
    const { leftMinor } = (await must(admin().get(`${path()}/cash`))).box;
    expect((await admin().post(`${path()}/cash-box`, { name: 'Another', amountMinor: 1 })).body.code).toBe('already-exists');
    const { id, code } = await readyLater(second());
    await must(hand(code, second()));
    expect((await box('/count', 1, admin())).body.code).toBe('cash-waits');
    await must(witness(id, admin()));
    expect(await must(box('/count', leftMinor - 4000 - 700, admin()))).toEqual({ shortMinor: 700 });
    expect(await must(box('/count', leftMinor - 4000 - 500, admin()))).toEqual({ shortMinor: 500 });
    const next = await readyLater(second());
    expect((await hand(next.code, second())).body.code).toBe('no-cash-box');
    expect((await box('/close', leftMinor - 4000 - 500, admin())).body.code).toBe('same-person');
    expect((await box('/close', leftMinor - 4000, second())).body.code).toBe('amount-differs');
    await must(box('/close', leftMinor - 4000 - 500, second()));
    const { totals, boxes, box: none } = await must(admin().get(`${path()}/cash`));
    expect([totals.shortMinor, boxes[0].shortMinor, none]).toEqual([500, 500, null]);
    expect(totals.issuedMinor).toBe(totals.collectedMinor + totals.returnedMinor + totals.outstandingMinor);

    expect((await hand(next.code, second())).body.code).toBe('no-cash-box');
    await must(second().post(`${path()}/cash-box`, { name: 'Thursday', amountMinor: 3000 }));
    await must(second().post(`${path()}/cash-box`, { name: 'Thursday', amountMinor: 3999 }));
    expect((await hand(next.code, second())).body.code).toBe('no-cash-box');
    expect((await box('/check', 3999, second())).body.code).toBe('same-person');
    expect((await box('/check', 3000, admin())).body.code).toBe('amount-differs');
    await must(box('/check', 3999, admin()));
    expect((await hand(next.code, second())).body).toMatchObject({ code: 'not-enough-cash', leftMinor: 3999 });
  });

  it('leaves every promise of the ledger in place', async () => {
    expect(await brokenInvariants(world)).toEqual([]);
  });
});

async function readyLater(who: Visitor) {
  const reservation = await awarded(4000);
  const { id } = await must(who.post(`${path()}/cash`, form(reservation, { lastDay: '2026-12-31' })));
  const { payments } = await must(world.fund.people.resident.get('/my/cash'));
  return { id, code: payments.find((each: { id: string }) => each.id === id).code as string };
}

/** Signs somebody in again: the clock went past their session. */
async function freshSession(who: Visitor): Promise<void> {
  const { createSession } = await import('@commonpot/server/people/writes');
  const { app, clock } = world;
  const session = await within(app.services.db, {}, (tx) => createSession(tx, { accountId: who.accountId as string }, 60 * 24 * 30, clock.now));
  who.cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(clock.now.getTime() / 1000) }));
}
