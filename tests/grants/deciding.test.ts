/** Asking and deciding through the API: the charter's bands and caps, two people at once, the same thing twice, and who must not decide. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { within } from '@commonpot/db/client';
import { giveAgreed } from '@commonpot/server/grants/decisions/jobs';
import { declareInterest } from '@commonpot/server/grants/decisions/writes';
import type { Request } from '@commonpot/server/grants/requests/reads';
import { makeWorld, type World } from '../lib/world.ts';
import { must, brokenInvariants } from '../payouts/house.ts';
import { ask, asking, messagesOf, newNumber, openGrants, ownToken, publish, queue, type OpenGrants } from './granting.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

const decide = (who: 'administrator' | 'administrator2', id: string, body: object = { verdict: 'yes' }) => world.fund.people[who].post(`/funds/${world.fund.slug}/requests/${id}/decisions`, body);
const idOf = async (round: OpenGrants, reference: string) => (await queue(world.fund, round)).find((each) => each.reference === reference).id as string;
const DAY = 24 * 60;
interface Asked { id: string; token: string }
const inPot = async (round: OpenGrants) => (await must(world.fund.people.administrator.get(`/funds/${world.fund.slug}/pots`))).pots.find((each: { id: string }) => each.id === round.potId).inPotMinor as number;

describe('a round', () => {
  it('opens only with a charter and with what was checked about its pot, and keeps the version it opened with', async () => {
    const { administrator } = world.otherFund.people;
    const at = `/funds/${world.otherFund.slug}`;
    const { id: potId } = await must(administrator.post(`${at}/pots`, { name: 'Empty', purpose: '', restriction: { theme: '', area: '', people: '' } }));
    const { slug } = await must(administrator.post(`${at}/grants`, { title: 'Winter', kind: 'rolling', potId }));
    expect((await administrator.post(`${at}/grants/${slug}/transitions`, { to: 'open' })).body.code).toBe('charter-missing');
    await publish(world.otherFund);
    expect((await administrator.post(`${at}/grants/${slug}/transitions`, { to: 'open' })).body.code).toBe('charter-missing');
    // Whoever publishes a charter opens nothing under it: not by the page, nor in the database, nor under another version than was read.
    await must(administrator.post(`${at}/pots/${potId}/statements`, { publicFunds: 'no', benefits: 'Not counted.', adviser: 'Law centre', checkedOn: '2026-11-01' }));
    const open = (who: 'administrator' | 'administrator2', charter?: number) => world.otherFund.people[who].post(`${at}/grants/${slug}/transitions`, { to: 'open', charter });
    expect([(await open('administrator')).body.code, (await open('administrator2', 9)).body.code]).toEqual(['same-person', 'already-decided']);
    expect((await must(administrator.get(`${at}/grant-desks`))).takes).toEqual({ version: 1, publishedBy: 'administrator', needsOther: true });
    await expect(world.superuser(`update grant_round g set phase = 'open', phase_version = 1, charter_id = c.id, opened_by = c.published_by from charter c where c.fund_id = g.fund_id and g.slug = $1`, [slug])).rejects.toThrow(/nobody opens/);
    await must(open('administrator2', 1));
    const round = await openGrants(world.otherFund);
    const opened = (await must(world.visitor().get(round.path))).charter;
    await publish(world.otherFund, { answerDays: 9 });
    expect((await must(world.visitor().get(round.path))).charter).toEqual(opened);
  });

  it('whose window opens sets its money aside, and gives back what is left', async () => {
    const round = await openGrants(world.fund, { potMinor: 100_00, window: { budgetMinor: 80_00, closesAt: '2026-12-01T10:00:00Z' } });
    expect(await inPot(round)).toBe(20_00);
    const { reference } = await must(ask(world, round, { amountMinor: 30_00 }));
    await must(decide('administrator', await idOf(round, reference)));
    const { administrator } = world.fund.people;
    for (const to of ['deciding', 'paying', 'closed']) await must(administrator.post(`${round.path}/transitions`, { to }));
    expect(await inPot(round)).toBe(70_00);
  });
});

describe('asking', () => {
  it('needs no account, and the same request sent twice, or twice at once, is one', async () => {
    const round = await openGrants(world.fund);
    const body = asking();
    const answers = await Promise.all([1, 2, 3].map(() => world.visitor().post(`${round.path}/requests`, body)));
    expect(answers.map((each) => each.status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map((each) => JSON.stringify(each.body))).size).toBe(1);
    expect(await queue(world.fund, round)).toHaveLength(1);
    expect((await world.visitor().post(`${round.path}/requests`, { ...body, amountMinor: 1 })).body.code).toBe('already-exists');
  });

  it('stops at the cap of a person, however many requests come at once', async () => {
    const round = await openGrants(world.fund);
    const number = newNumber();
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(world, round, { number, amountMinor: 60_00 })));
    expect(answers.map((each) => [each.status, each.body.state])).toEqual(Array(6).fill([201, 'asked']));
    expect(await queue(world.fund, round)).toHaveLength(3);
    // Beyond what anybody is given it is said at once: that says nothing of this number.
    expect((await ask(world, round, { number, amountMinor: 200_01 })).body).toMatchObject({ code: 'over-cap', leftMinor: 200_00 });
    expect((await ask(world, round, { amountMinor: 200_01 })).body).toMatchObject({ code: 'over-cap', leftMinor: 200_00 });
  });

  it('holds a yes against what a door was given, and not against what somebody there only asked for', async () => {
    const round = await openGrants(world.fund, { charter: { bands: [{ upToMinor: 100_00, agree: 'one', proofOfAddress: false }], householdCapMinor: 120_00 } });
    const [household, number] = ['1 Sluice Row', newNumber()];
    const asks = async (amountMinor: number, by = number) => idOf(round, (await must(ask(world, round, { household, amountMinor, number: by }))).reference);
    const [large, small, neighbour] = [await asks(60_00), await asks(30_00), await asks(40_00, newNumber())];
    for (const each of [neighbour, small]) expect((await must(decide('administrator', each))).state).toBe('awarded');
    expect((await decide('administrator', large)).body.code).toBe('over-household-cap');
  });

  it('stops at the cap of an address, and holds somebody who stands apart to nobody else’s', async () => {
    const round = await openGrants(world.fund, { charter: { householdCapMinor: 200_00 } });
    const household = 'Flat 3, 12 Kiln Street';
    expect((await ask(world, round, { amountMinor: 150_00 })).body).toMatchObject({ code: 'wrong-shape', fields: ['household'] });
    const both = await Promise.all([1, 2].map(() => ask(world, round, { household, amountMinor: 150_00 })));
    const said = both.map((each) => [each.status, Object.keys(each.body), each.body.state]);
    expect(said[0]).toEqual(said[1]);
    // On the telephone an administrator is told, and no sum.
    const phoned = await world.fund.people.administrator.post(`${round.path}/requests/for`, { ...asking({ household, amountMinor: 150_00 }), consent: 'phone', collects: false });
    expect(phoned.body.code).toBe('over-household-cap');
    expect(phoned.body).not.toHaveProperty('leftMinor');
    const ids = await Promise.all(both.map((each) => idOf(round, each.body.reference)));
    for (const each of ids) await must(decide('administrator', each));
    // Both of the door at the same instant: one.
    const second = await Promise.all(ids.map((each) => decide('administrator2', each)));
    expect(second.map((each) => each.body.code ?? each.body.state).sort()).toEqual(['awarded', 'over-household-cap']);
    const number = newNumber();
    const small = await must(ask(world, round, { household: 'flat 3 — 12 KILN street', amountMinor: 10_00, number }));
    expect((await queue(world.fund, round)).map((each) => [each.amountMinor, each.hints.overDoor])).toEqual([[150_00, true], [10_00, false]]);
    const apart = (who: 'administrator' | 'administrator2') => world.fund.people[who].post(`/funds/${world.fund.slug}/requests/${id}/apart`);
    const id = await idOf(round, small.reference);
    await expect(world.superuser('update applicant set stands_apart = true where id = (select applicant_id from request where id = $1)', [id])).rejects.toThrow(/two/);
    expect((await must(apart('administrator'))).stands).toBe(false);
    expect((await apart('administrator')).body.code).toBe('same-person');
    const large = await idOf(round, (await must(ask(world, round, { household, amountMinor: 150_00, number }))).reference);
    await must(decide('administrator', large));
    expect((await decide('administrator2', large)).body.code).toBe('over-household-cap');
    expect((await must(apart('administrator2'))).stands).toBe(true);
    expect((await must(decide('administrator2', large))).state).toBe('awarded');
  });

  it('within a band that is paid at once, sets the money aside at once, up to the day’s sum', async () => {
    const charter = { bands: [{ upToMinor: 50_00, agree: 'at-once' as const, proofOfAddress: false }], atOnceDailyMinor: 100_00 };
    const round = await openGrants(world.fund, { charter });
    const before = (await messagesOf(world)).length;
    const asked = await Promise.all(Array.from({ length: 4 }, () => must(ask(world, round, { amountMinor: 40_00, mayWrite: true }))));
    // Whoever typed a number is given nothing for it: whoever holds the number is.
    expect(asked.map((each) => each.state)).toEqual(Array(4).fill('asked'));
    const confirm = (token: string) => world.visitor().post(`/funds/${world.fund.slug}/requests/confirm`, { token });
    expect((await confirm(asked[0].token)).body.code).toBe('not-their-address');
    const own = (await messagesOf(world)).slice(before).map((each) => each.body.match(/asked\/([\w-]{22})/)?.[1] as string);
    const states = await Promise.all([...own, ...own].map(async (token) => (await must(confirm(token))).state));
    expect(states.sort()).toEqual([...Array(4).fill('asked'), ...Array(4).fill('awarded')]);
    expect(await inPot(round)).toBe(920_00);
    const left = await queue(world.fund, round);
    expect(left).toHaveLength(2);
    expect((await must(decide('administrator', left[0].id))).state).toBe('awarded');
  });

  it('is refused in words when the queue is closed for a night, the way is not offered, or it is too soon', async () => {
    const round = await openGrants(world.fund, { charter: { cooldownDays: 7, ways: ['voucher'] } });
    const { administrator } = world.fund.people;
    expect((await ask(world, round, { way: 'cash' })).body.code).toBe('way-not-offered');
    const number = newNumber();
    const { reference } = await must(ask(world, round, { number, amountMinor: 10_00 }));
    await must(decide('administrator', await idOf(round, reference)));
    expect((await ask(world, round, { number, amountMinor: 10_00 })).status).toBe(201);
    expect(await queue(world.fund, round)).toEqual([]);
    const phoned = await administrator.post(`${round.path}/requests/for`, { ...asking({ number, amountMinor: 10_00 }), consent: 'phone', collects: false });
    expect(phoned.body).toMatchObject({ code: 'too-soon', againAt: '2026-11-28T10:00:00.000Z' });
    expect((await administrator.send('PUT', `${round.path}/pause`, { until: '2026-11-21T09:00:00Z' })).body.code).toBe('date-passed');
    await must(administrator.send('PUT', `${round.path}/pause`, { until: '2026-11-22T08:00:00Z' }));
    expect((await must(world.visitor().get(round.path))).pausedUntil).toBe('2026-11-22T08:00:00.000Z');
    expect((await ask(world, round)).body.code).toBe('not-asking-now');
  });
});

describe('deciding', () => {
  it('takes as many people as the amount asks for, counted together with what was given before', async () => {
    const round = await openGrants(world.fund);
    const number = newNumber();
    const first = await idOf(round, (await must(ask(world, round, { number, amountMinor: 40_00 }))).reference);
    expect((await must(decide('administrator', first))).state).toBe('awarded');
    const second = await idOf(round, (await must(ask(world, round, { number, amountMinor: 40_00 }))).reference);
    expect((await must(decide('administrator', second))).state).toBe('half');
    expect((await decide('administrator', second)).body.code).toBe('same-person');
    expect(await inPot(round)).toBe(960_00);
    expect((await must(decide('administrator2', second))).state).toBe('awarded');
    expect(await inPot(round)).toBe(920_00);
  });

  it('by two in the same instant, or by one twice, awards once', async () => {
    const round = await openGrants(world.fund);
    const id = await idOf(round, (await must(ask(world, round))).reference);
    const answers = await Promise.all((['administrator', 'administrator2', 'administrator'] as const).map((who) => decide(who, id)));
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409, 409]);
    expect(await inPot(round)).toBe(960_00);
  });

  it('of one’s own request, of somebody one knows, or of a request one brought is refused, by the database too', async () => {
    const round = await openGrants(world.fund);
    const own = await idOf(round, (await must(world.visitor().post(`${round.path}/requests`, asking({ contact: { channel: 'email', address: 'Administrator@tanner-hill.example ' } })))).reference);
    expect((await decide('administrator', own)).body.code).toBe('knows-applicant');
    const known = await idOf(round, (await must(ask(world, round))).reference);
    await must(world.fund.people.administrator.post(`/funds/${world.fund.slug}/requests/${known}/interest`));
    expect((await decide('administrator', known)).body.code).toBe('knows-applicant');
    expect((await queue(world.fund, round)).map((each) => each.notYou)).toEqual(['your-own', 'your-interest']);
    for (const id of [own, known]) {
      await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(
        `insert into request_decision values ('${world.fund.id}', gen_random_uuid(), '${id}', 'first', 'yes', null, '${world.fund.people.administrator.accountId}', now())`))).rejects.toThrow();
      expect((await must(decide('administrator2', id))).state).toBe('awarded');
    }
  });

  it('waits for what the same person is just declaring of somebody', async () => {
    const round = await openGrants(world.fund);
    const id = await idOf(round, (await must(ask(world, round))).reference);
    const { rows: [{ applicant_id: known }] } = await world.superuser('select applicant_id from request where id = $1', [id]);
    let decided: Promise<{ body: { code?: string } }> | undefined;
    await within(world.app.services.db, { fund: world.fund.id }, async (tx) => {
      await declareInterest(tx, { fundId: world.fund.id, applicantId: known } as Request, { actorId: world.fund.people.administrator.accountId as string, at: world.clock.now });
      decided = decide('administrator', id);
      await vi.waitFor(async () => expect((await world.superuser(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount).toBe(1));
    });
    expect((await decided)?.body.code).toBe('knows-applicant');
  });

  it('does not give what the pot does not hold: what was agreed to waits in its turn, is told so, and is given by itself when there is money', async () => {
    const round = await openGrants(world.fund, { potMinor: 50_00 });
    const { administrator, administrator2 } = world.fund.people;
    const asked = [];
    for (const amountMinor of [40_00, 40_00, 120_00, 10_00]) {
      const { reference, token } = await must(ask(world, round, { amountMinor }));
      asked.push({ id: await idOf(round, reference), token });
    }
    const [one, two, large, small] = asked as [Asked, Asked, Asked, Asked];
    const first = await Promise.all([one, two].map(({ id }) => decide('administrator', id)));
    expect(first.map((each) => each.body.state).sort()).toEqual(['awarded', 'listed']);
    const next = first[0]?.body.state === 'listed' ? one : two;
    world.clock.forward(1);
    await must(decide('administrator', large.id));
    expect((await must(decide('administrator2', large.id))).state).toBe('listed');
    // There is money for this one, and others were agreed to before.
    world.clock.forward(1);
    expect((await must(decide('administrator', small.id))).state).toBe('listed');
    expect((await decide('administrator2', small.id)).body.code).toBe('already-decided');
    expect(await queue(world.fund, round)).toEqual([]);
    const look = async ({ token }: Asked) => must(world.visitor().post(`/funds/${world.fund.slug}/requests/look`, { token }));
    const money = async () => Promise.all([next, large, small].map(async (each) => (await look(each)).money));
    expect(await money()).toEqual([{ place: 1 }, { place: 2 }, { place: 3 }]);
    const desk = async () => (await must(administrator.get(`/funds/${world.fund.slug}/grant-desks`))).desks.find((each: { slug: string }) => each.slug === round.slug);
    expect(await desk()).toMatchObject({ listed: 0, agreed: 3, agreedMinor: 170_00 });
    const give = () => Promise.all([giveAgreed(world.app.services, world.clock.now), giveAgreed(world.app.services, world.clock.now)]);
    const states = async () => Promise.all([next, large, small].map(async (each) => (await look(each)).state));
    expect(await give()).toEqual([0, 0]);
    const refill = async (amountMinor: number) => {
      const { id } = await must(administrator.post(`/funds/${world.fund.slug}/contributions`, { pledgeId: null, agencyId: null, potId: round.potId, amountMinor, receivedOn: '2026-11-21', reference: 'Refill' }));
      await must(administrator2.post(`/funds/${world.fund.slug}/contributions/${id}/confirm`, { amountMinor }));
    };
    await refill(50_00);
    await give();
    // Nobody is passed over for being smaller.
    expect(await states()).toEqual(['awarded', 'listed', 'listed']);
    expect(await money()).toEqual([null, { place: 1 }, { place: 2 }]);
    await must(world.visitor().post(`/funds/${world.fund.slug}/requests/withdraw`, { token: large.token }));
    await give();
    expect(await states()).toEqual(['awarded', 'withdrawn', 'awarded']);
    expect(await inPot(round)).toBe(10_00);
    expect(await desk()).toMatchObject({ agreed: 0, agreedMinor: 0 });
    world.clock.forward(-2);
  });

  it('tells whoever waits for money when their round closes without any', async () => {
    const round = await openGrants(world.fund, { potMinor: 30_00, window: { budgetMinor: 30_00, closesAt: '2026-12-01T10:00:00Z' } });
    const { reference, token } = await must(ask(world, round));
    expect((await must(decide('administrator', await idOf(round, reference)))).state).toBe('listed');
    for (const to of ['deciding', 'paying', 'closed']) await must(world.fund.people.administrator.post(`${round.path}/transitions`, { to }));
    for (let again = 0; again < 2; again += 1) expect(await giveAgreed(world.app.services, world.clock.now)).toBe(0);
    const { state, reason } = await must(world.visitor().post(`/funds/${world.fund.slug}/requests/look`, { token }));
    expect([state, reason]).toEqual(['declined', 'no-money-left']);
  });

  it('tells whoever decides of another name under the same number, and of others at the same door', async () => {
    const round = await openGrants(world.fund, { charter: { householdCapMinor: 300_00 } });
    const number = newNumber();
    const household = '1 Mill Lane';
    await must(ask(world, round, { number, name: 'Zoë', amountMinor: 10_00, household }));
    await must(ask(world, round, { number, name: 'zoe', amountMinor: 10_00, household }));
    await must(ask(world, round, { number, name: 'Peter', amountMinor: 10_00, household }));
    await must(ask(world, round, { amountMinor: 10_00, household: '1, mill lane' }));
    expect((await queue(world.fund, round)).map((each) => each.hints)).toEqual([
      { otherName: false, sameHousehold: 1, overDoor: false }, { otherName: false, sameHousehold: 1, overDoor: false }, { otherName: true, sameHousehold: 1, overDoor: false }, { otherName: false, sameHousehold: 1, overDoor: false }]);
    expect((await queue(world.fund, round)).map((each) => each.name)).toEqual(['Zoë', 'Zoë', 'Peter', 'Sam']);
  });
});

describe('a door', () => {
  it('keeps whoever lives behind it from deciding, reading or vouching for others there, by the database too', async () => {
    const round = await openGrants(world.fund, { charter: { householdCapMinor: 400_00 } });
    const { administrator } = world.fund.people;
    expect((await must(administrator.get(`/funds/${world.fund.slug}/my-door`))).until).toBeNull();
    await must(administrator.send('PUT', `/funds/${world.fund.slug}/my-door`, { household: '9 Weir Row' }));
    expect((await must(administrator.get(`/funds/${world.fund.slug}/my-door`))).until).toBe('2027-11-21T10:00:00.000Z');
    const declared = await idOf(round, (await must(ask(world, round, { household: '9, weir row', name: 'Ines', words: 'Please do not tell them', purpose: null }))).reference);
    // Somebody who asked from a door themselves lives behind it.
    await must(world.visitor().post(`${round.path}/requests`, asking({ household: '4 Weir Row', contact: { channel: 'email', address: 'administrator@tanner-hill.example' } })));
    const lived = await idOf(round, (await must(ask(world, round, { household: '4 Weir Row' }))).reference);
    const rows = (await queue(world.fund, round)).filter((each) => [declared, lived].includes(each.id));
    expect(rows.map(({ notYou, name, reference, contact, words, beside }) => ({ notYou, hidden: name === reference, contact, words, beside }))).toEqual(Array(2).fill({ notYou: 'your-door', hidden: true, contact: null, words: null, beside: [] }));
    for (const id of [declared, lived]) {
      expect((await decide('administrator', id)).body.code).toBe('knows-applicant');
      for (const what of ['proof', 'apart']) expect((await administrator.post(`/funds/${world.fund.slug}/requests/${id}/${what}`, { how: 'seen' })).body.code).toBe('knows-applicant');
      for (const insert of [
        `insert into request_decision values ('${world.fund.id}', gen_random_uuid(), '${id}', 'first', 'yes', null, '${administrator.accountId}', '2026-11-21T10:00:00Z')`,
        `insert into apart_word select fund_id, gen_random_uuid(), applicant_id, '${administrator.accountId}', '2026-11-21T10:00:00Z' from request where id = '${id}'`,
      ]) await expect(within(world.app.services.db, { fund: world.fund.id }, (tx) => tx.execute(insert))).rejects.toThrow();
      expect((await must(decide('administrator2', id))).state).toBe('awarded');
    }
  });
});

describe('a proof of address', () => {
  it('is seen once by a person, or they are met after tries that failed, and only then is the money given', async () => {
    const charter = { bands: [{ upToMinor: 50_00, agree: 'one' as const, proofOfAddress: false }, { upToMinor: 200_00, agree: 'one' as const, proofOfAddress: true }] };
    const round = await openGrants(world.fund, { charter });
    const number = newNumber();
    const { reference, token } = await must(ask(world, round, { number, amountMinor: 60_00, mayWrite: true }));
    const id = await idOf(round, reference);
    const own = await ownToken(world, token);
    // Whoever decides can reach them; the person reads that somebody will, and a link that is not theirs never says that a proof was seen.
    const told = async (by: string) => (await must(world.visitor().post(`/funds/${world.fund.slug}/requests/look`, { token: by }))).proof?.how ?? null;
    expect((await queue(world.fund, round)).find((each) => each.id === id).contact).toEqual({ channel: 'sms', address: `+44${number.replace(/\s/g, '').slice(1)}`, mayWrite: true });
    expect([await told(own), await told(token)]).toEqual(['look', 'look']);
    const { administrator, administrator2 } = world.fund.people;
    const look = (how: string, who = administrator) => who.post(`/funds/${world.fund.slug}/requests/${id}/proof`, { how });
    const proof = async () => (await queue(world.fund, round)).find((each) => each.id === id).proof;
    expect(await proof()).toBe('missing');
    expect((await decide('administrator', id)).body.code).toBe('proof-missing');
    for (let tries = 0; tries < 2; tries += 1) await must(look('unclear'));
    expect([await proof(), await told(own), await told(token)]).toEqual(['offer-meeting', 'meet', 'look']);
    expect((await Promise.all([look('met'), look('met', administrator2)])).map((each) => each.status).sort()).toEqual([201, 409]);
    expect([await proof(), await told(own), await told(token)]).toEqual(['met', null, 'look']);
    await must(decide('administrator', id));
    // Once: the next request of the same person has it.
    const next = await must(ask(world, round, { number, amountMinor: 60_00 }));
    await must(decide('administrator', await idOf(round, next.reference)));
  });
});

describe('a batch', () => {
  const batch = (round: OpenGrants, requests: string[], headers = {}) => world.fund.people.administrator.post(`${round.path}/batches`, { requests }, headers);

  it('gives each its own outcome, twice the same, and never more than the pot holds or than one may agree to', async () => {
    const round = await openGrants(world.fund, { potMinor: 100_00 });
    const [one, two, three, large, known] = await Promise.all([{}, {}, {}, { amountMinor: 90_00 }, {}]
      .map(async (change) => idOf(round, (await must(world.visitor().post(`${round.path}/requests`, asking(change)))).reference))) as [string, string, string, string, string];
    await must(world.fund.people.administrator.post(`/funds/${world.fund.slug}/requests/${known}/interest`));
    expect((await queue(world.fund, round)).filter((each) => each.inBatch).map((each) => each.id).sort()).toEqual([one, two, three].sort());
    const sent = [one, one, large, known, crypto.randomUUID(), two, three];
    const key = { 'idempotency-key': 'batch-of-an-evening' };
    const [first, again] = await Promise.all([batch(round, sent, key), batch(round, sent, key)]);
    const told = (answer: typeof first) => answer.body.outcomes.map((each: { state: string | null; problem: string | null }) => each.problem ?? each.state);
    expect(told(first)).toEqual(['awarded', 'batches-not-allowed', 'knows-applicant', 'not-found', 'awarded', 'listed']);
    expect(told(again)).toEqual(told(first));
    expect(await inPot(round)).toBe(20_00);
    // Kept in a drawer and sent again days later, it says nothing of an earlier day.
    const proved = await openGrants(world.fund, { charter: { bands: [{ upToMinor: 50_00, agree: 'one', proofOfAddress: true }] } });
    const late = await idOf(proved, (await must(ask(world, proved))).reference);
    const drawer = { 'idempotency-key': 'batch-in-a-drawer' };
    expect(told(await batch(proved, [late], drawer))).toEqual(['proof-missing']);
    world.clock.forward(DAY);
    await must(world.fund.people.administrator2.post(`/funds/${world.fund.slug}/requests/${late}/proof`, { how: 'seen' }));
    expect(told(await batch(proved, [late], drawer))).toEqual(['awarded']);
    expect((await world.superuser('select at from request_decision where request_id = $1', [late])).rows).toEqual([{ at: world.clock.now }]);
    world.clock.forward(-DAY);
  });

  it('is refused where the charter wants each looked at by itself', async () => {
    const round = await openGrants(world.fund, { charter: { batches: false } });
    const id = await idOf(round, (await must(ask(world, round))).reference);
    expect((await queue(world.fund, round)).map((each) => each.inBatch)).toEqual([false]);
    expect((await batch(round, [id])).body.code).toBe('batches-not-allowed');
  });
});

describe('the promised dates', () => {
  it('are counted as kept or not, and how many were late is not told of fewer than ten', async () => {
    await world.superuser(`update session set expires_at = '2030-01-01'`);
    const round = await openGrants(world.fund, { potMinor: 100_00, window: { budgetMinor: 100_00, closesAt: '2026-12-20T10:00:00Z' } });
    const { administrator, officer } = world.fund.people;
    await Promise.all(Array.from({ length: 10 }, () => must(ask(world, round, { amountMinor: 10_00 }))));
    const [last, ...others] = (await queue(world.fund, round)).map((each) => each.id as string);
    world.clock.forward(2 * DAY);
    await must(administrator.post(`${round.path}/batches`, { requests: others }));
    const trust = async () => (await must(officer.get(`/funds/${world.fund.slug}/trust`))).promises;
    const before = await trust();
    world.clock.forward(2 * DAY);
    await must(decide('administrator', last as string));
    expect((await trust()).answers.of).toBeGreaterThan(before.answers?.of ?? 0);
    world.clock.forward(4 * DAY);
    for (const to of ['deciding', 'paying', 'closed']) await must(administrator.post(`${round.path}/transitions`, { to }));
    expect((await must(world.visitor().get(`${round.path}/figures`))).promises).toEqual({ answers: { of: 10, late: null }, money: { of: 10, late: 10 } });
    world.clock.forward(-8 * DAY);
  });
});

describe('another charter', () => {
  it('is tried on a round’s requests before it is published', async () => {
    const round = await openGrants(world.fund);
    for (const amountMinor of [20_00, 60_00, 150_00]) await must(ask(world, round, { amountMinor }));
    const { administrator } = world.fund.people;
    const { charter } = await must(administrator.get(`/funds/${world.fund.slug}/charter`));
    const content = { ...charter.content, bands: [{ upToMinor: 100_00, agree: 'one', proofOfAddress: false }] };
    const compared = await must(administrator.post(`${round.path}/compare`, { content }));
    expect(compared).toMatchObject({ requests: 3, now: { one: 1, two: 2, 'over-cap': 0 }, then: { one: 2, two: 0, 'over-cap': 1 } });
    const wrong = { ...content, bands: [...content.bands, { upToMinor: 200_00, agree: 'at-once', proofOfAddress: false }], atOnceDailyMinor: 1 };
    expect((await administrator.post(`/funds/${world.fund.slug}/charter`, { content: wrong, note: 'Less for more', after: charter.version })).status).toBe(400);
  });
});
