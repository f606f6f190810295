/** Vouchers from issue to till, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireDue } from '@commonpot/server/payouts/jobs';
import { newCode } from '@commonpot/server/platform/codes';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { makeWorld, makeVisitor, type World } from '../lib/world.ts';
import { award, brokenInvariants, filledPot, issuePaper, lookUp, makeRound, must, setAside, take } from './house.ts';

let world: World;
let potId: string;
let vouchers: string;
let till: string;
beforeAll(async () => {
  world = await makeWorld();
  potId = await filledPot(world.fund, 1_000_000);
  vouchers = `/funds/${world.fund.slug}/vouchers`;
  till = `/funds/${world.fund.slug}/till`;
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

const balanceOf = async (id: string) => (await must(world.fund.people.administrator.get(`${vouchers}/${id}`))).balanceMinor;
const paper = (valueMinor: number, lastDay?: string) => issuePaper(world.fund, potId, valueMinor, lastDay);
/** A till that has made no wrong try yet: limits count by membership and outlive a test. */
const freshTill = async (name: string) => {
  const { administrator } = world.fund.people;
  const address = `${name}@example.org`;
  await must(administrator.post(`/funds/${world.fund.slug}/members`, { channel: 'email', address, role: 'shop', name, organisation: name }));
  const { rows: [row] } = await world.superuser(`select account_id from membership where name = $1`, [name]);
  const visitor = makeVisitor(world.app, row.account_id);
  const id = crypto.randomUUID();
  await world.superuser(`insert into session (id, account_id, created_at, expires_at) values ($1, $2, $3, $4)`, [id, row.account_id, world.clock.now, new Date('2030-01-01')]);
  visitor.cookies.set('__Host-session', world.app.jwt.sign({ sid: id, iat: Math.floor(world.clock.now.getTime() / 1000) }));
  return visitor;
};

describe('a voucher', () => {
  it('is issued from a pot, taken in two parts by two shops, and each is owed its part', async () => {
    const { shop, shop2 } = world.fund.people;
    const { id, code } = await paper(3500);
    expect((await must(lookUp(world.fund, shop, code))).balanceMinor).toBe(3500);
    expect((await take(world.fund, shop, code, 1260)).body).toMatchObject({ amountMinor: 1260, leftMinor: 2240 });
    expect((await take(world.fund, shop2, code, 2240)).body).toMatchObject({ leftMinor: 0 });
    expect(await balanceOf(id)).toBe(0);
    expect((await must(lookUp(world.fund, shop, code))).balanceMinor).toBe(0);
    expect((await take(world.fund, shop, code, 1)).body).toMatchObject({ code: 'voucher-too-small', balanceMinor: 0 });
    const { shops } = await must(world.fund.people.administrator.get(`/funds/${world.fund.slug}/shops`));
    expect(shops.map((each: { owedMinor: number }) => each.owedMinor).sort()).toEqual([1260, 2240]);
  });

  it('keeps its code to a keyed hash and a sealed copy, and out of every list, answer record and event', async () => {
    const { administrator } = world.fund.people;
    const { code } = await paper(500);
    await take(world.fund, world.fund.people.shop, code, 100);
    const { rows } = await world.superuser(`select row_to_json(v)::text as text from voucher v union all select row_to_json(e)::text from event e union all select row_to_json(i)::text from idempotent_answer i`);
    const stored = rows.map((row) => row.text).join('\n');
    for (const secret of [code, Buffer.from(code).toString('hex')]) expect(stored).not.toContain(secret);
    expect(JSON.stringify((await administrator.get(vouchers)).body)).not.toContain(code);
  });

  it('is printed once, and only by whoever issued it', async () => {
    const { administrator, administrator2 } = world.fund.people;
    const { id } = await must(administrator.post(vouchers, { from: { pot: potId }, title: 'Winter food', valueMinor: 100, lastDay: '2027-03-31', holder: null }));
    // One person alone makes no paper out of a pot, by no way: it would be as good as cash.
    expect((await administrator.post(`${vouchers}/${id}/print`)).body.code).toBe('not-released');
    expect((await administrator.post(`${vouchers}/${id}/release`)).body.code).toBe('same-person');
    await expect(world.superuser(`update voucher set printed_at = issued_at where id = '${id}'`)).rejects.toThrow(/second person/);
    await must(administrator2.post(`${vouchers}/${id}/release`));
    expect((await administrator2.post(`${vouchers}/${id}/print`)).body.code).toBe('not-allowed');
    const printed = await must(administrator.post(`${vouchers}/${id}/print`));
    expect(printed.link).toBe(`http://localhost:3000/v/${printed.code}`);
    expect(printed.qr.runs.length).toBeGreaterThan(100);
    expect((await administrator.post(`${vouchers}/${id}/print`)).body.code).toBe('already-printed');
  });

  it('is shown to its holder, and to no other resident', async () => {
    const { administrator, administrator2, resident, reviewer } = world.fund.people;
    const { members } = await must(administrator.get(`/funds/${world.fund.slug}/members`));
    const holder = members.find((each: { role: string }) => each.role === 'resident').id;
    const { id } = await must(administrator.post(vouchers, { from: { pot: potId }, title: 'For Rosa', valueMinor: 2000, lastDay: '2027-03-31', holder }));
    expect((await must(resident.get('/my/vouchers'))).vouchers).toMatchObject([{ title: 'For Rosa', waits: true, face: null }]);
    await must(administrator2.post(`${vouchers}/${id}/release`));
    const { vouchers: mine } = await must(resident.get('/my/vouchers'));
    expect(mine).toMatchObject([{ title: 'For Rosa', balanceMinor: 2000, state: 'good', shops: ['Khan’s Food Store', 'The Old Bakery'] }]);
    expect((await take(world.fund, world.fund.people.shop, mine[0].face.code, 2000)).status).toBe(201);
    expect((await must(resident.get('/my/vouchers'))).vouchers).toMatchObject([{ state: 'spent', face: null }]);
    expect((await must(reviewer.get('/my/vouchers'))).vouchers).toEqual([]);
    expect((await world.visitor().get('/my/vouchers')).status).toBe(401);
  });

  it('out of an award is nobody’s to spend, named or not, before a second person who is not its holder agrees', async () => {
    const { fund } = world;
    const { administrator, administrator2, reviewer, shop } = fund.people;
    const round = await makeRound(fund);
    const reservationId = await setAside(world, { fundId: fund.id, roundId: round.id, potId, amountMinor: 1000 });
    const made = await award(world, { fundId: fund.id, roundId: round.id, reservationId, awards: [{ subjectKind: 'project', subjectId: newId(), title: 'Wheels', amountMinor: 1000, recipientName: 'Wheels on Kiln Street' }] });
    if (made instanceof Refusal) throw new Error(made.code);
    const { members } = await must(administrator.get(`/funds/${fund.slug}/members?limit=200`));
    const issue = (role: string, name = role) => must(administrator.post(vouchers, {
      from: { reservation: made[0]?.reservationId }, title: 'Tools', valueMinor: 300, lastDay: '2027-03-31', holder: members.find((each: { role: string; name: string }) => each.role === role && each.name === name).id,
    }));
    const { id } = await issue('reviewer');
    const mine = async () => (await must(reviewer.get('/my/vouchers'))).vouchers.find((each: { id: string }) => each.id === id);
    expect(await mine()).toMatchObject({ waits: true, face: null });
    const { rows: [row] } = await world.superuser(`select sealed_code from voucher where id = $1`, [id]);
    const code = world.app.services.secrets.open('voucher', row.sealed_code);
    expect((await shop.post(`/funds/${fund.slug}/till/vouchers`, { code })).body.code).toBe('not-released');
    await expect(world.superuser(`insert into redemption (fund_id, id, voucher_id, shop_id, payable_account_id, amount_minor, transfer_id, taken_by, taken_at)
      select v.fund_id, gen_random_uuid(), v.id, s.id, v.account_id, 1, gen_random_uuid(), v.issued_by, now() from voucher v join shop s on s.fund_id = v.fund_id where v.id = '${id}' limit 1`)).rejects.toThrow(/second person/);
    expect((await administrator.post(`${vouchers}/${id}/release`)).body.code).toBe('same-person');
    await must(administrator2.post(`${vouchers}/${id}/release`));
    expect(await mine()).toMatchObject({ waits: false, face: { code } });
    expect((await shop.post(`/funds/${fund.slug}/till/vouchers`, { code })).status).toBe(200);
    const { id: theirs } = await issue('administrator', 'administrator2');
    expect((await administrator2.post(`${vouchers}/${theirs}/release`)).body.code).toBe('same-person');
  });

  it('is not issued beyond the pot, for a day that is over, or to somebody of another fund', async () => {
    const { administrator } = world.fund.people;
    const small = await filledPot(world.fund, 1000);
    const given = { from: { pot: small }, title: 'x', valueMinor: 1001, lastDay: '2027-03-31', holder: null };
    expect((await administrator.post(vouchers, given)).body.code).toBe('not-enough-money');
    expect((await administrator.post(vouchers, { ...given, valueMinor: 1, lastDay: '2026-11-20' })).body.code).toBe('date-passed');
    expect((await administrator.post(vouchers, { ...given, valueMinor: 1, lastDay: '2041-11-20' })).body.code).toBe('date-passed');
    expect((await administrator.post(vouchers, { ...given, valueMinor: 1, holder: crypto.randomUUID() })).body.code).toBe('not-found');
    expect((await administrator.post(vouchers, { ...given, valueMinor: 1, from: { pot: await filledPot(world.otherFund, 1000) } })).body.code).toBe('not-found');
  });

  it('ends with its last day at the till, and gives back what is left when the job comes by', async () => {
    const { shop } = world.fund.people;
    const { id, code } = await paper(900, '2026-11-21');
    const before = world.clock.now;
    world.clock.now = new Date('2026-11-21T23:59:00Z');
    const looked = await must(lookUp(world.fund, shop, code));
    const taken = await take(world.fund, shop, code, 300);
    expect(taken.status).toBe(201);
    world.clock.now = new Date('2026-11-22T00:00:00Z');
    expect((await lookUp(world.fund, shop, code)).body.code).toBe('voucher-expired');
    expect((await shop.post(`${till}/redemptions`, { ticket: looked.ticket, amountMinor: 1 })).body).toMatchObject({ code: 'voucher-expired', lastDay: '2026-11-21' });
    expect(await expireDue(world.app.services, world.clock.now)).toBe(0);
    expect((await shop.post(`${till}/redemptions/${taken.body.id}/undo`)).status).toBe(200);
    world.clock.forward(10);
    expect(await expireDue(world.app.services, world.clock.now)).toBe(1);
    expect(await expireDue(world.app.services, world.clock.now)).toBe(0);
    expect(await must(world.fund.people.administrator.get(`${vouchers}/${id}`))).toMatchObject({ state: 'expired', balanceMinor: 0 });
    const { rows } = await world.superuser(`select returned_minor from voucher where id = $1`, [id]);
    expect(Number(rows[0].returned_minor)).toBe(900);
    world.clock.now = before;
  });

  it('is cancelled once; what is left goes back to its reservation, and the tills say so', async () => {
    const { administrator, shop } = world.fund.people;
    const { id, code } = await paper(800);
    const taken = await take(world.fund, shop, code, 300);
    expect((await administrator.post(`${vouchers}/${id}/cancel`)).body).toEqual({ returnedMinor: 500 });
    expect((await administrator.post(`${vouchers}/${id}/cancel`)).body.code).toBe('voucher-cancelled');
    expect((await lookUp(world.fund, shop, code)).body.code).toBe('voucher-cancelled');
    expect((await shop.post(`${till}/redemptions/${taken.body.id}/undo`)).body.code).toBe('voucher-cancelled');
    const { rows } = await world.superuser(`select l.balance_minor from voucher v join ledger_level l on l.account_id = v.reservation_id where v.id = $1`, [id]);
    expect(Number(rows[0].balance_minor)).toBe(500);
  });
});

describe('a till', () => {
  it('takes once with one key, however often it is sent', async () => {
    const { shop } = world.fund.people;
    const { id, code } = await paper(1000);
    const { ticket } = await must(lookUp(world.fund, shop, code));
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => shop.post(`${till}/redemptions`, { ticket, amountMinor: 400 }, headers)));
    expect(new Set(answers.map((each) => JSON.stringify(each.body))).size).toBe(1);
    expect(await balanceOf(id)).toBe(600);
    expect((await shop.post(`${till}/redemptions`, { ticket, amountMinor: 401 }, headers)).body.code).toBe('idempotency-key-reused');
    expect((await shop.post(`${till}/redemptions`, { ticket, amountMinor: 401 }, { 'idempotency-key': '' })).body.code).toBe('idempotency-key-missing');
  });

  it('and another one taking everything at once: exactly one wins', async () => {
    const { shop, shop2 } = world.fund.people;
    for (let round = 0; round < 10; round += 1) {
      const { id, code } = await paper(700);
      const answers = await Promise.all([take(world.fund, shop, code, 700), take(world.fund, shop2, code, 700)]);
      expect(answers.map((each) => each.status).sort()).toEqual([201, 409]);
      expect(answers.find((each) => each.status === 409)?.body.code).toBe('voucher-too-small');
      expect(await balanceOf(id)).toBe(0);
    }
  });

  it('and many others taking parts at once: the exact sum is split', async () => {
    const { shop, shop2 } = world.fund.people;
    const { id, code } = await paper(1000);
    const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => take(world.fund, index % 2 ? shop : shop2, code, 90)));
    expect(answers.filter((each) => each.status === 201)).toHaveLength(11);
    expect(await balanceOf(id)).toBe(10);
  });

  it('undoes within ten minutes, once, and only what its own shop took', async () => {
    const { shop, shop2 } = world.fund.people;
    const { id, code } = await paper(1000);
    const { body } = await take(world.fund, shop, code, 400);
    const path = `${till}/redemptions/${body.id}`;
    expect((await shop2.post(`${path}/undo`)).body.code).toBe('not-found');
    expect((await shop2.get(path)).body.code).toBe('not-found');
    const answers = await Promise.all(Array.from({ length: 6 }, () => shop.post(`${path}/undo`)));
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect((await shop.post(`${path}/undo`)).body.code).toBe('already-decided');
    expect(await balanceOf(id)).toBe(1000);
    expect(await must(shop.get(path))).toMatchObject({ undone: true, mayUndo: false });
  });

  it('undoes nothing after ten minutes', async () => {
    const { shop } = world.fund.people;
    const { code } = await paper(1000);
    const { body } = await take(world.fund, shop, code, 400);
    world.clock.forward(9.9);
    expect((await must(shop.get(`${till}/redemptions/${body.id}`))).mayUndo).toBe(true);
    world.clock.forward(0.1);
    expect((await shop.post(`${till}/redemptions/${body.id}/undo`)).body.code).toBe('too-late-to-undo');
    expect((await must(shop.get(`${till}/redemptions/${body.id}`)))).toMatchObject({ mayUndo: false, undone: false, leftMinor: 600 });
  });

  it('has to read the code again after fifteen minutes, and cannot use another till’s ticket', async () => {
    const { shop, shop2 } = world.fund.people;
    const { code } = await paper(1000);
    const { ticket } = await must(lookUp(world.fund, shop, code));
    expect((await shop2.post(`${till}/redemptions`, { ticket, amountMinor: 1 })).body.code).toBe('ticket-over');
    expect((await shop.post(`${till}/redemptions`, { ticket: 'nonsense', amountMinor: 1 })).body.code).toBe('ticket-over');
    world.clock.forward(15);
    expect((await shop.post(`${till}/redemptions`, { ticket, amountMinor: 1 })).body.code).toBe('ticket-over');
  });

  it('of another fund finds nothing, and nobody else is at a till at all', async () => {
    const { code } = await paper(1000);
    const foreign = world.otherFund.people.shop;
    expect((await lookUp(world.otherFund, foreign, code)).body.code).toBe('voucher-not-found');
    expect((await lookUp(world.fund, foreign, code)).body.code).toBe('not-allowed');
    expect((await lookUp(world.fund, world.visitor(), code)).body.code).toBe('signed-out');
    for (const person of ['resident', 'administrator', 'reviewer', 'officer'] as const) expect((await lookUp(world.fund, world.fund.people[person], code)).body.code).toBe('not-allowed');
  });

  it('reads codes as people type them', async () => {
    const { code } = await paper(1000);
    const typed = ` ${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`.replaceAll('0', 'o').replaceAll('1', 'l');
    expect((await lookUp(world.fund, world.fund.people.shop, typed)).body.balanceMinor).toBe(1000);
  });

  it('is refused after ten wrong codes, even when they come all at once, and others are not', async () => {
    const guesser = await freshTill('Guesser');
    const { code } = await paper(1000);
    // Well formed, so that each is looked for.
    const guess = () => lookUp(world.fund, guesser, newCode(8));
    for (let index = 0; index < 8; index += 1) expect((await guess()).body.code).toBe('voucher-not-found');
    const codes = (await Promise.all(Array.from({ length: 20 }, guess))).map((each) => each.body.code);
    expect(codes.filter((each) => each === 'voucher-not-found')).toHaveLength(2);
    expect(codes.filter((each) => each === 'too-many-tries')).toHaveLength(18);
    expect((await lookUp(world.fund, guesser, code)).body.code).toBe('too-many-tries');
    expect((await lookUp(world.fund, world.fund.people.shop, code)).status).toBe(200);
  });
});

describe('settling', () => {
  it('covers what a till can no longer undo, once, and takes two people', async () => {
    const { administrator, administrator2 } = world.fund.people;
    const corner = await freshTill('Corner');
    const shops = `/funds/${world.fund.slug}/shops`;
    const { id } = (await must(administrator.get(shops))).shops.find((each: { name: string }) => each.name === 'Corner');
    const { code } = await paper(5000);
    await take(world.fund, corner, code, 1000);
    expect((await administrator.post(`${shops}/${id}/settlements`, { reference: 'VCH 1' })).body.code).toBe('nothing-due');
    world.clock.forward(10);
    const fresh = await take(world.fund, corner, code, 50);
    expect(await must(administrator.get(`${shops}/${id}`))).toMatchObject({ owedMinor: 1050, dueMinor: 1000, freshMinor: 50 });

    const answers = await Promise.all(Array.from({ length: 5 }, () => administrator.post(`${shops}/${id}/settlements`, { reference: 'VCH 1' })));
    expect(answers.map((each) => each.status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { payouts: [payout] } = answers.find((each) => each.status === 201)?.body;
    expect(payout.amountMinor).toBe(1000);
    const move = `/funds/${world.fund.slug}/payouts/${payout.id}/transitions`;
    expect((await administrator.post(move, { to: 'paid', amountMinor: 1000 })).body.code).toBe('same-person');
    expect((await administrator2.post(move, { to: 'paid', amountMinor: 100 })).body.code).toBe('amount-differs');
    expect((await administrator2.post(move, { to: 'paid', amountMinor: 1000 })).status).toBe(200);
    expect(await must(corner.get(till))).toMatchObject({ owedMinor: 50, payouts: [{ amountMinor: 1000, state: 'paid' }] });

    expect((await corner.post(`${till}/redemptions/${fresh.body.id}/undo`)).status).toBe(200);
    expect((await must(corner.get(till))).owedMinor).toBe(0);
  });
});
