/** Money in, as people do it: pledged by an officer, entered by one administrator, confirmed by another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { reserve } from '@commonpot/server/money/ledger';
import { createAccount, createMembership, createSession } from '@commonpot/server/people/writes';
import { newId } from '@commonpot/server/platform/ids';
import { makeVisitor, makeWorld, type PersonName, type Visitor, type World } from '../lib/world.ts';
import { fillPot, givePot, unbound } from './pots.ts';

let world: World;
let people: Record<PersonName, Visitor>;
let potId: string;
let otherPotId: string;
const at = (path: string) => `/funds/${world.fund.slug}${path}`;

beforeAll(async () => {
  world = await makeWorld();
  people = world.fund.people;
  potId = await givePot(world.fund, 'Warm homes', { theme: 'Heating', area: 'Tanner Hill', people: '' });
  otherPotId = await givePot(world.fund, 'Anything');
});
afterAll(() => world.close());

const line = (more: object = {}) => ({ pledgeId: null, agencyId: null, potId, amountMinor: 5000, receivedOn: '2026-11-20', reference: newId(), ...more });
const pledge = async (body: object = {}) => (await people.officer.post(at('/pledges'), { amountMinor: 100_00, potId, ...body })).body as { id: string; reference: string };
const enter = async (more: object = {}) => (await people.administrator.post(at('/contributions'), line(more))).body.id as string;
const potOf = async (id: string) => (await world.visitor().get(at('/pots'))).body.pots.find((each: { id: string }) => each.id === id);
const stateOf = async (id: string) => (await people.administrator2.get(at(`/contributions/${id}`))).body.state;
const pledgeOf = async (id: string) => (await people.officer.get(at('/agency'))).body.pledges.find((each: { id: string }) => each.id === id);
const transfersFor = async (subjectId: string) => (await world.superuser('select * from transfer where subject_id = $1', [subjectId])).rows;

describe('a pot', () => {
  it('is made by an administrator, with its restriction in words, and is public', async () => {
    expect(await potOf(potId)).toMatchObject({ name: 'Warm homes', restriction: { theme: 'Heating', area: 'Tanner Hill', people: '' } });
    expect((await people.administrator.post(at('/pots'), { name: 'Warm homes', purpose: '', restriction: unbound })).body.code).toBe('already-exists');
    expect((await people.administrator.post(at('/pots'), { name: ' ', purpose: '', restriction: unbound })).body).toMatchObject({ code: 'wrong-shape', fields: ['name'] });
  });

  it('of one fund is not seen in another', async () => {
    const { body } = await world.visitor().get(`/funds/${world.otherFund.slug}/pots`);
    expect(body.pots).toEqual([]);
  });
});

describe('from a pledge to the pot', () => {
  it('money is pledged, entered, confirmed, and then it is there', async () => {
    const before = (await potOf(potId)).inPotMinor;
    const { id: pledgeId, reference } = await pledge({ amountMinor: 60_000_00 });
    expect(reference).toMatch(/^CP-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect((await people.administrator.get(at('/money'))).body.pledges.find((each: { id: string }) => each.id === pledgeId)).toMatchObject({ reference, agency: 'Ashbourne Public Health', pot: 'Warm homes' });

    const id = await enter({ pledgeId, amountMinor: 60_000_00, reference });
    expect((await pledgeOf(pledgeId)).state).toBe('checking');
    expect((await potOf(potId)).inPotMinor).toBe(before);

    // The second person does not see the amount that they are to type.
    const waiting = async (who: Visitor) => (await who.get(at('/money'))).body.waiting.contributions.find((each: { id: string }) => each.id === id);
    expect(await waiting(people.administrator)).toMatchObject({ amountMinor: 60_000_00, byYou: true });
    expect(await waiting(people.administrator2)).toMatchObject({ amountMinor: null, byYou: false, enteredBy: 'administrator', agency: 'Ashbourne Public Health' });

    expect((await people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor: 60_000_00 })).status).toBe(200);
    expect((await potOf(potId)).inPotMinor).toBe(before + 60_000_00);
    expect(await waiting(people.administrator2)).toBeUndefined();
    expect((await pledgeOf(pledgeId))).toMatchObject({ state: 'arrived', arrivedMinor: 60_000_00 });
    const { body } = await people.officer.get(at('/agency'));
    expect(body).toMatchObject({ agency: 'Ashbourne Public Health', arrivedMinor: 60_000_00, pots: [{ id: potId, yoursMinor: 60_000_00 }] });
    expect(await transfersFor(id)).toMatchObject([{ kind: 'contribution', amount_minor: 60_000_00, actor_id: people.administrator2.accountId }]);
  });

  it('part of a pledge is shown as part', async () => {
    const { id: pledgeId } = await pledge();
    const id = await enter({ pledgeId, amountMinor: 40_00 });
    await people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor: 40_00 });
    expect(await pledgeOf(pledgeId)).toMatchObject({ state: 'partly', arrivedMinor: 40_00 });
  });

  it('a pledge to wherever it is needed may go into any pot, and one to a pot only into that', async () => {
    const free = await pledge({ potId: null });
    expect((await people.administrator.post(at('/contributions'), line({ pledgeId: free.id, potId: otherPotId }))).status).toBe(201);
    const bound = await pledge();
    expect((await people.administrator.post(at('/contributions'), line({ pledgeId: bound.id, potId: otherPotId }))).body.code).toBe('pledged-for-another-pot');
  });

  it('is refused for pots, pledges and agencies of elsewhere, and for a day to come', async () => {
    const theirs = await givePot(world.otherFund, newId());
    expect((await people.officer.post(at('/pledges'), { amountMinor: 1, potId: theirs })).status).toBe(404);
    expect((await people.administrator.post(at('/contributions'), line({ potId: theirs }))).status).toBe(404);
    expect((await people.administrator.post(at('/contributions'), line({ pledgeId: newId() }))).status).toBe(404);
    expect((await people.administrator.post(at('/contributions'), line({ agencyId: newId() }))).status).toBe(404);
    expect((await people.administrator.post(at('/contributions'), line({ receivedOn: '2026-11-22' }))).body).toMatchObject({ code: 'wrong-shape', fields: ['receivedOn'] });
    // A day that the shape knows and no calendar does.
    expect((await people.administrator.post(at('/contributions'), line({ receivedOn: '0000-01-01' }))).body.code).toBe('wrong-shape');
    expect((await people.administrator.post(at('/contributions'), line({ amountMinor: 0 }))).body).toMatchObject({ code: 'wrong-shape', fields: ['amountMinor'] });
  });

  it('one line of the statement is entered once, also by two at once, until it is dropped or reversed', async () => {
    const same = line();
    const both = await Promise.all([people.administrator.post(at('/contributions'), same), people.administrator2.post(at('/contributions'), same)]);
    expect(both.map((each) => each.status).toSorted()).toEqual([201, 409]);
    const id = both.find((each) => each.status === 201)?.body.id;
    expect((await people.administrator.post(at('/contributions'), same)).body.code).toBe('already-exists');
    expect((await people.administrator.post(at(`/contributions/${id}/drop`), { reason: 'Wrong pot' })).status).toBe(200);
    expect((await people.administrator.post(at('/contributions'), same)).status).toBe(201);
  });
});

describe('the second person', () => {
  it('is never the first, in whatever role', async () => {
    const id = await enter();
    await within(world.app.services.db, { fund: world.fund.id }, (tx) =>
      createMembership(tx, world.fund.id, { accountId: people.administrator.accountId as string, role: 'officer', name: 'Also an officer', organisation: 'Ashbourne Public Health' }, world.clock.now));
    expect((await people.administrator.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 })).body.code).toBe('same-person');
    expect(await stateOf(id)).toBe('entered');
  });

  it('types the same amount', async () => {
    const id = await enter();
    for (const amountMinor of [4999, 5001]) expect((await people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor })).body.code).toBe('amount-differs');
    expect(await transfersFor(id)).toEqual([]);
  });

  it('is held to it by the tables themselves', async () => {
    const id = await enter();
    const confirm = (decidedBy: string | null, amountMinor: number | null) => world.superuser(
      `insert into contribution_decision values ($1, $2, 'confirmed', $3, $4, null, $5, now())`, [world.fund.id, id, people.administrator.accountId, amountMinor, decidedBy]);
    await expect(confirm(people.administrator.accountId, 5000)).rejects.toMatchObject({ constraint: 'contribution_two_people' });
    await expect(confirm(people.administrator2.accountId, 5001)).rejects.toMatchObject({ constraint: 'contribution_same_amount' });
    await expect(confirm(people.administrator2.accountId, null)).rejects.toMatchObject({ constraint: 'contribution_two_people' });
  });

  it('decides once, also when two confirm in the same instant', async () => {
    const third = await inviteAdministrator();
    for (let round = 0; round < 5; round += 1) {
      const id = await enter();
      const both = await Promise.all([people.administrator2, third].map((who) => who.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 })));
      expect(both.map((each) => each.status).toSorted()).toEqual([200, 409]);
      expect(both.find((each) => each.status === 409)?.body.code).toBe('already-decided');
      expect(await transfersFor(id)).toHaveLength(1);
    }
  });

  it('and somebody who drops it in the same instant: one of both happens', async () => {
    const id = await enter();
    const [confirmed, dropped] = await Promise.all([
      people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 }), people.administrator.post(at(`/contributions/${id}/drop`), { reason: 'A mistake' })]);
    expect([confirmed.status, dropped.status].toSorted()).toEqual([200, 409]);
    expect(await transfersFor(id)).toHaveLength(confirmed.status === 200 ? 1 : 0);
  });

  it('gets the same answer to the same key, and 409 to the same key with another body', async () => {
    const id = await enter();
    const headers = { 'idempotency-key': newId() };
    const confirm = (amountMinor: number) => people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor }, headers);
    const both = await Promise.all([confirm(5000), confirm(5000)]);
    expect([...both, await confirm(5000)].map((each) => [each.status, each.body])).toEqual(Array(3).fill([200, { done: true }]));
    expect((await confirm(5001)).body.code).toBe('idempotency-key-reused');
    expect(await transfersFor(id)).toHaveLength(1);
    expect((await people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 })).body.code).toBe('already-decided');
    expect((await people.administrator2.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 }, { 'idempotency-key': '' })).body.code).toBe('idempotency-key-missing');
  });

  it('is needed in the fund of the contribution', async () => {
    const id = await enter();
    expect((await world.otherFund.people.administrator.post(at(`/contributions/${id}/confirm`), { amountMinor: 5000 })).status).toBe(403);
    expect((await world.otherFund.people.administrator.post(`/funds/${world.otherFund.slug}/contributions/${id}/confirm`, { amountMinor: 5000 })).status).toBe(404);
  });
});

describe('a pledge', () => {
  it('is withdrawn before it is entered, once, and by its own agency', async () => {
    const { id } = await pledge();
    expect((await world.otherFund.people.officer.post(`/funds/${world.otherFund.slug}/pledges/${id}/withdraw`)).status).toBe(404);
    expect((await people.officer.post(at(`/pledges/${id}/withdraw`))).status).toBe(200);
    expect((await people.officer.post(at(`/pledges/${id}/withdraw`))).body.code).toBe('already-decided');
    expect((await people.administrator.post(at('/contributions'), line({ pledgeId: id }))).body.code).toBe('pledge-withdrawn');
    expect(await pledgeOf(id)).toMatchObject({ state: 'withdrawn' });
  });

  it('stands once money for it is entered, until that entry is dropped', async () => {
    const { id } = await pledge();
    const entry = await enter({ pledgeId: id });
    expect((await people.officer.post(at(`/pledges/${id}/withdraw`))).body.code).toBe('pledge-entered');
    await people.administrator.post(at(`/contributions/${entry}/drop`), { reason: 'Another pledge' });
    expect((await people.officer.post(at(`/pledges/${id}/withdraw`))).status).toBe(200);
  });

  it('entered and withdrawn in the same instant is one of both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await pledge();
      const [entered, withdrawn] = await Promise.all([people.administrator.post(at('/contributions'), line({ pledgeId: id })), people.officer.post(at(`/pledges/${id}/withdraw`))]);
      expect([entered.body.code ?? 'done', withdrawn.body.code ?? 'done'].toSorted()).toEqual(['done', entered.status === 201 ? 'pledge-entered' : 'pledge-withdrawn']);
    }
  });

  it('sent twice with one key is one pledge', async () => {
    const headers = { 'idempotency-key': newId() };
    const both = await Promise.all([1, 2].map(() => people.officer.post(at('/pledges'), { amountMinor: 7, potId: null }, headers)));
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect((await people.officer.post(at('/pledges'), { amountMinor: 8, potId: null }, headers)).body.code).toBe('idempotency-key-reused');
  });
});

describe('a mistake found after confirming', () => {
  it('is reversed with a reason, by two people, once', async () => {
    const id = await fillPot(world.fund, potId, 5000);
    const before = await potOf(potId);
    const asked = await people.administrator2.post(at(`/contributions/${id}/reversals`), { reason: 'Belongs to the library' });
    expect(asked.status).toBe(201);
    expect(await stateOf(id)).toBe('reversal-asked');
    expect((await people.administrator.post(at(`/contributions/${id}/reversals`), { reason: 'Again' })).body.code).toBe('already-exists');
    expect((await people.administrator2.post(at(`/reversals/${asked.body.id}/confirm`))).body.code).toBe('same-person');
    expect((await potOf(potId)).inPotMinor).toBe(before.inPotMinor);

    const { body } = await people.administrator.get(at('/money'));
    expect(body.waiting.reversals).toMatchObject([{ id: asked.body.id, reason: 'Belongs to the library', amountMinor: 5000, byYou: false }]);
    expect((await people.administrator.post(at(`/reversals/${asked.body.id}/confirm`))).status).toBe(200);
    expect(await stateOf(id)).toBe('reversed');
    expect(await potOf(potId)).toMatchObject({ inPotMinor: before.inPotMinor - 5000, arrivedMinor: before.arrivedMinor - 5000, paidOutMinor: before.paidOutMinor });
    expect((await people.administrator.post(at(`/reversals/${asked.body.id}/confirm`))).body.code).toBe('already-decided');
    expect((await people.administrator.post(at(`/contributions/${id}/reversals`), { reason: 'Again' })).body.code).toBe('already-decided');
  });

  it('is left as it is when the second person says so, and can be asked again', async () => {
    const id = await fillPot(world.fund, potId, 5000);
    const ask = async () => (await people.administrator2.post(at(`/contributions/${id}/reversals`), { reason: 'Why' })).body.id;
    expect((await people.administrator.post(at(`/reversals/${await ask()}/drop`))).status).toBe(200);
    expect(await stateOf(id)).toBe('confirmed');
    expect((await people.administrator.post(at(`/reversals/${await ask()}/confirm`))).status).toBe(200);
  });

  it('is not reversed when the money has moved on, and the request stays', async () => {
    const emptied = await givePot(world.fund, 'Emptied');
    const id = await fillPot(world.fund, emptied, 5000);
    await within(world.app.services.db, { fund: world.fund.id }, (tx) => reserve(tx, { fundId: world.fund.id, potId: emptied, amountMinor: 1, subjectId: newId(), actorId: null, at: world.clock.now }));
    const asked = await people.administrator2.post(at(`/contributions/${id}/reversals`), { reason: 'Why' });
    expect((await people.administrator.post(at(`/reversals/${asked.body.id}/confirm`))).body.code).toBe('not-enough-money');
    expect(await stateOf(id)).toBe('reversal-asked');
  });

  it('was never one before confirming', async () => {
    const id = await enter();
    expect((await people.administrator.post(at(`/contributions/${id}/reversals`), { reason: 'Why' })).body.code).toBe('not-confirmed');
    expect((await people.administrator.post(at(`/contributions/${newId()}/reversals`), { reason: 'Why' })).status).toBe(404);
    expect((await people.administrator.post(at(`/contributions/${id}/drop`), { reason: ' ' })).body).toMatchObject({ code: 'wrong-shape', fields: ['reason'] });
  });
});

describe('history', () => {
  it('lists transfers and contributions page by page, newest first', async () => {
    for (let n = 0; n < 3; n += 1) await fillPot(world.fund, potId, 100 + n);
    for (const [path, key] of [['/transfers', 'transfers'], ['/contributions', 'contributions']] as const) {
      const all = (await people.administrator.get(at(`${path}?limit=200`))).body[key];
      const paged = [];
      let cursor = '';
      do {
        const { body } = await people.administrator.get(at(`${path}?limit=2${cursor ? `&cursor=${cursor}` : ''}`));
        paged.push(...body[key]);
        cursor = body.nextCursor;
      } while (cursor);
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(3);
    }
    expect((await people.administrator.get(at('/transfers?limit=1'))).body.transfers[0]).toMatchObject({ kind: 'contribution', from: { kind: 'outside', pot: null }, to: { kind: 'pot', pot: 'Warm homes' }, by: 'administrator2', amountMinor: 102 });
  });
});

describe('who may', () => {
  const routes = () => [
    ['GET', '/money', undefined, 'administrator'], ['GET', '/contributions', undefined, 'administrator'], ['GET', `/contributions/${newId()}`, undefined, 'administrator'], ['GET', '/transfers', undefined, 'administrator'],
    ['POST', '/pots', { name: newId(), purpose: '', restriction: unbound }, 'administrator'], ['POST', '/contributions', line(), 'administrator'],
    ['POST', `/contributions/${newId()}/confirm`, { amountMinor: 1 }, 'administrator'], ['POST', `/contributions/${newId()}/drop`, { reason: 'x' }, 'administrator'],
    ['POST', `/contributions/${newId()}/reversals`, { reason: 'x' }, 'administrator'], ['POST', `/reversals/${newId()}/confirm`, undefined, 'administrator'], ['POST', `/reversals/${newId()}/drop`, undefined, 'administrator'],
    ['GET', '/agency', undefined, 'officer'], ['POST', '/pledges', { amountMinor: 1, potId: null }, 'officer'], ['POST', `/pledges/${newId()}/withdraw`, undefined, 'officer'],
  ] as const;

  it('is the role named, signed in, in this fund', async () => {
    for (const [method, path, body, role] of routes()) {
      expect([path, (await world.visitor().send(method, at(path), body)).status]).toEqual([path, 401]);
      expect([path, (await world.otherFund.people[role].send(method, at(path), body)).status]).toEqual([path, 403]);
      for (const wrong of (['resident', 'reviewer', 'shop', role === 'officer' ? 'administrator2' : 'officer'] as const)) {
        expect([path, wrong, (await people[wrong].send(method, at(path), body)).status]).toEqual([path, wrong, 403]);
      }
      expect([path, [200, 201, 404]]).toEqual([path, expect.arrayContaining([(await people[role].send(method, at(path), body)).status])]);
    }
  });
});

async function inviteAdministrator(): Promise<Visitor> {
  return within(world.app.services.db, { fund: world.fund.id }, async (tx) => {
    const accountId = await createAccount(tx, world.clock.now);
    await createMembership(tx, world.fund.id, { accountId, role: 'administrator', name: 'Third' }, world.clock.now);
    const session = await createSession(tx, { accountId }, 60, world.clock.now);
    const visitor = makeVisitor(world.app, accountId);
    visitor.cookies.set('__Host-session', world.app.jwt.sign({ sid: session.id, iat: Math.floor(world.clock.now.getTime() / 1000) }));
    return visitor;
  });
}
