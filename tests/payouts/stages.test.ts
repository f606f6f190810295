/** Awards, and paying a project's award in stages: two people, a published update, and at most once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@commonpot/server/platform/ids';
import { Refusal } from '@commonpot/server/platform/problems';
import { makeWorld, type Visitor, type World } from '../lib/world.ts';
import { award, brokenInvariants, filledPot, makeRound, must, setAside } from './house.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(async () => {
  expect(await brokenInvariants(world)).toEqual([]);
  await world.close();
});

const fund = () => `/funds/${world.fund.slug}`;
const project = (amountMinor: number, title = 'Bike repair van') => ({ subjectKind: 'project' as const, subjectId: newId(), title, amountMinor, recipientName: 'Wheels for All' });
const WORDS = 'We have ordered the van; it arrives in March.';

async function awarded(amountMinor: number) {
  const potId = await filledPot(world.fund, amountMinor);
  const round = await makeRound(world.fund);
  const reservationId = await setAside(world, { fundId: world.fund.id, roundId: round.id, potId, amountMinor });
  const made = await award(world, { fundId: world.fund.id, roundId: round.id, reservationId, awards: [project(amountMinor)] });
  if (made instanceof Refusal || !made[0]) throw new Error('no award');
  return { id: made[0].id, reservation: made[0].reservationId, round, potId };
}

async function planned(...amounts: number[]) {
  const made = await awarded(amounts.reduce((a, b) => a + b));
  const { stages } = await must(world.fund.people.administrator.post(`${fund()}/awards/${made.id}/plan`, { stages: amounts.map((amountMinor, index) => ({ title: `Part ${index + 1}`, amountMinor })) }));
  return { ...made, stages: stages as string[] };
}

const publish = (stage: string | undefined) => must(world.fund.people.administrator.post(`${fund()}/disbursements/${stage}/updates`, { words: WORDS }));
const order = (stage: string | undefined) => world.fund.people.administrator.post(`${fund()}/disbursements/${stage}/payouts`, { reference: 'VAN 1' });
const move = (payout: string, body: object, who: 'administrator' | 'administrator2' = 'administrator2', headers?: Record<string, string>) =>
  world.fund.people[who].post(`${fund()}/payouts/${payout}/transitions`, body, headers);
const read = (id: string) => must(world.fund.people.administrator.get(`${fund()}/awards/${id}`));

/** Told and ordered: its payout waits for the second person. */
async function ordered(amountMinor: number) {
  const plan = await planned(amountMinor);
  await publish(plan.stages[0]);
  const { id } = await must(order(plan.stages[0]));
  return { ...plan, stage: plan.stages[0] as string, payout: id as string };
}

describe('awards', () => {
  it('are made once, however often and however many at once the count calls', async () => {
    const potId = await filledPot(world.fund, 11_000);
    const { id: roundId, slug } = await makeRound(world.fund);
    const reservationId = await setAside(world, { fundId: world.fund.id, roundId, potId, amountMinor: 11_000 });
    const awards = [project(6000, 'One'), project(3000, 'Two'), { subjectKind: 'person' as const, subjectId: newId(), title: 'Boiler', amountMinor: 1000, recipientName: 'A neighbour' }];
    const given = { fundId: world.fund.id, roundId, reservationId, awards };
    const made = await Promise.all(Array.from({ length: 6 }, () => award(world, given)));
    expect(new Set(made.map((each) => (each instanceof Refusal ? each.code : each.map((one) => one.id).join()))).size).toBe(1);
    const { rows } = await world.superuser(`select l.balance_minor from pot p join ledger_level l on l.account_id = p.account_id where p.id = $1`, [potId]);
    // What the winners left of the round's money is back in the pot.
    expect(Number(rows[0].balance_minor)).toBe(1000);
    const { body } = await world.visitor().get(`${fund()}/rounds/${slug}/awards`);
    expect(body.awards.map((each: { title: string }) => each.title)).toEqual(['One', 'Two']);
    expect(JSON.stringify(body)).not.toMatch(/Boiler|neighbour|Wheels/);
  });

  it('are made together or not at all', async () => {
    const potId = await filledPot(world.fund, 5000);
    const { id: roundId } = await makeRound(world.fund);
    const reservationId = await setAside(world, { fundId: world.fund.id, roundId, potId, amountMinor: 5000 });
    const made = await award(world, { fundId: world.fund.id, roundId, reservationId, awards: [project(3000), project(2001)] });
    expect(made).toMatchObject({ code: 'not-enough-money' });
    const { rows } = await world.superuser(`select count(*)::int as n from award where round_id = $1`, [roundId]);
    expect(rows[0].n).toBe(0);
  });

  it('are listed with their persons for administrators of the fund alone', async () => {
    for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) expect((await world.fund.people[person].get(`${fund()}/awards`)).status).toBe(403);
    expect((await world.otherFund.people.administrator.get(`${fund()}/awards`)).status).toBe(403);
    expect((await world.otherFund.people.administrator.get(`/funds/${world.otherFund.slug}/awards`)).body.awards).toEqual([]);
    expect(JSON.stringify((await world.fund.people.administrator.get(`${fund()}/awards`)).body)).toContain('Boiler');
  });
});

describe('a plan', () => {
  it('sums exactly to its award, in the API and in the database', async () => {
    const { id } = await awarded(10_000);
    const plan = (...amounts: number[]) => world.fund.people.administrator.post(`${fund()}/awards/${id}/plan`, { stages: amounts.map((amountMinor) => ({ title: 'Part', amountMinor })) });
    expect((await plan(5000, 4999)).body).toMatchObject({ code: 'plan-differs', planMinor: 9999, heldMinor: 10_000 });
    expect((await plan(5000, 5001)).body.code).toBe('plan-differs');
    expect((await plan(5000, 5000)).status).toBe(201);
    expect((await plan(2500, 7500)).status).toBe(201);
    expect((await read(id)).stages.map((stage: { amountMinor: number }) => stage.amountMinor)).toEqual([2500, 7500]);
    await expect(world.superuser(`
      insert into disbursement (fund_id, id, kind, plan_id, stage_number, title, source_account_id, recipient_name, amount_minor, created_by, created_at)
      select fund_id, gen_random_uuid(), kind, plan_id, 9, title, source_account_id, recipient_name, 1, created_by, created_at from disbursement where plan_id is not null limit 1`)).rejects.toThrow(/the stages sum to/);
  });

  it('stands once somebody has acted on it, and a replaced one releases nothing', async () => {
    const { id, stages } = await planned(600, 400);
    const replace = () => world.fund.people.administrator.post(`${fund()}/awards/${id}/plan`, { stages: [{ title: 'All', amountMinor: 1000 }] });
    const { stages: [fresh] } = await must(replace());
    expect((await world.fund.people.administrator.post(`${fund()}/disbursements/${stages[0]}/updates`, { words: WORDS })).body.code).toBe('not-found');
    expect((await order(stages[0])).body.code).toBe('not-found');
    await publish(fresh);
    expect((await replace()).body.code).toBe('frozen');
  });

  it('and vouchers do not share one reservation', async () => {
    const { reservation } = await planned(1000);
    const voucher = { from: { reservation }, title: 'x', valueMinor: 1, lastDay: '2027-03-31', holder: null };
    expect((await world.fund.people.administrator.post(`${fund()}/vouchers`, voucher)).body.code).toBe('already-planned');
    const other = await awarded(1000);
    await must(world.fund.people.administrator.post(`${fund()}/vouchers`, { ...voucher, from: { reservation: other.reservation } }));
    expect((await world.fund.people.administrator.post(`${fund()}/awards/${other.id}/plan`, { stages: [{ title: 'All', amountMinor: 1000 }] })).body).toMatchObject({ code: 'plan-differs', heldMinor: 999 });
  });
});

describe('a stage', () => {
  it('is released against a published update, which everybody can read', async () => {
    const { stages, round } = await planned(700, 300);
    expect((await order(stages[0])).body.code).toBe('update-missing');
    await publish(stages[1]);
    expect((await order(stages[0])).body.code).toBe('update-missing');
    await publish(stages[0]);
    const { id } = await must(order(stages[0]));
    await must(move(id, { to: 'paid', amountMinor: 700 }));
    const { body } = await world.visitor().get(`${fund()}/rounds/${round.slug}/awards`);
    expect(body.awards).toMatchObject([{ amountMinor: 1000, paidMinor: 700, stages: [{ paid: true, updates: [{ words: WORDS }] }, { paid: false }] }]);
  });

  it('is paid at most once under twenty confirmations at once', async () => {
    const { payout, id } = await ordered(5000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => move(payout, { to: 'paid', amountMinor: 5000 })));
    expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    expect(answers.filter((each) => each.body.code === 'already-decided')).toHaveLength(19);
    expect((await read(id)).heldMinor).toBe(0);
  });

  it('is ordered at most once under twenty orders at once, and one key gives one answer', async () => {
    const { stages } = await planned(5000);
    await publish(stages[0]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(stages[0])));
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    const { id } = answers.find((each) => each.status === 201)?.body;
    const headers = { 'idempotency-key': newId() };
    const paid = await Promise.all(Array.from({ length: 5 }, () => move(id, { to: 'paid', amountMinor: 5000 }, 'administrator2', headers)));
    expect(paid.map((each) => each.body.state)).toEqual(['paid', 'paid', 'paid', 'paid', 'paid']);
    expect((await order(stages[0])).body.code).toBe('already-decided');
  });

  it('is confirmed by a second person who types the same amount', async () => {
    const { payout, id } = await ordered(5000);
    expect((await move(payout, { to: 'paid', amountMinor: 5000 }, 'administrator')).body.code).toBe('same-person');
    expect((await move(payout, { to: 'paid', amountMinor: 50_00_0 })).body.code).toBe('amount-differs');
    expect((await move(payout, { to: 'paid' })).body.code).toBe('wrong-shape');
    expect((await read(id)).heldMinor).toBe(5000);
    expect((await move(payout, { to: 'paid', amountMinor: 5000 })).status).toBe(200);
    await expect(world.superuser(`update payout set confirmed_by = recorded_by where id = $1`, [payout])).rejects.toThrow();
  });

  it('may be tried again after it failed', async () => {
    const { payout, id, stage } = await ordered(5000);
    expect((await order(stage)).body.code).toBe('already-decided');
    expect((await move(payout, { to: 'failed' }, 'administrator')).body.code).toBe('wrong-shape');
    await must(move(payout, { to: 'failed', note: 'The account number was wrong.' }, 'administrator'));
    expect((await move(payout, { to: 'paid', amountMinor: 5000 })).body).toMatchObject({ code: 'already-decided', state: 'failed' });
    expect((await read(id)).heldMinor).toBe(5000);
    expect((await order(stage)).status).toBe(201);
  });

  it('whose end nobody knows stays reserved, is shown, and is not tried again until a second person says so', async () => {
    const { payout, id, stage } = await ordered(5000);
    await must(move(payout, { to: 'unknown', note: 'The bank does not answer.' }, 'administrator'));
    expect((await order(stage)).body.code).toBe('already-decided');
    expect((await read(id)).heldMinor).toBe(5000);
    const { payouts } = await must(world.fund.people.administrator.get(`${fund()}/payouts`));
    expect(payouts.find((each: { id: string }) => each.id === payout)).toMatchObject({ state: 'unknown', recipient: 'Wheels for All', recordedByYou: true });
    expect((await move(payout, { to: 'failed', note: 'I think so.' }, 'administrator')).body.code).toBe('same-person');
    await must(move(payout, { to: 'failed', note: 'The bank says it never left.' }));
    expect((await order(stage)).status).toBe(201);
  });

  it('that the bank sent back is set aside again, and may be paid again', async () => {
    const { payout, id, stage } = await ordered(5000);
    await must(move(payout, { to: 'paid', amountMinor: 5000 }));
    expect((await move(payout, { to: 'failed', note: 'x' })).body.code).toBe('already-decided');
    expect((await move(payout, { to: 'returned', amountMinor: 4000 })).body.code).toBe('amount-differs');
    const { administrator, administrator2 } = world.fund.people;
    const back = (who: Visitor, note: string) => who.post(`${fund()}/payouts/${payout}/transitions`, { to: 'returned', amountMinor: 5000, note });
    expect(await must(back(administrator, 'On the statement'))).toEqual({ state: 'paid' });
    expect((await back(administrator, 'Again')).body.code).toBe('same-person');
    expect(await read(id)).toMatchObject({ heldMinor: 0, stages: [{ payouts: [{ state: 'paid', returnAsked: { note: 'On the statement', by: 'administrator' } }] }] });
    expect(await must(back(administrator2, 'Account closed'))).toEqual({ state: 'returned' });
    expect(await read(id)).toMatchObject({ heldMinor: 5000, stages: [{ payouts: [{ state: 'returned', changes: [{ state: 'open' }, { state: 'paid' }, { state: 'returned', note: 'Account closed' }] }] }] });
    const { id: again } = await must(order(stage));
    await must(move(again, { to: 'paid', amountMinor: 5000 }));
    expect((await read(id)).heldMinor).toBe(0);
  });

  it('is no matter of another fund or another role', async () => {
    const { payout, stage } = await ordered(5000);
    for (const person of ['resident', 'reviewer', 'officer', 'shop'] as const) {
      expect((await world.fund.people[person].post(`${fund()}/payouts/${payout}/transitions`, { to: 'paid', amountMinor: 5000 })).status).toBe(403);
    }
    const foreign = world.otherFund.people.administrator;
    const elsewhere = `/funds/${world.otherFund.slug}`;
    expect((await foreign.post(`${elsewhere}/payouts/${payout}/transitions`, { to: 'paid', amountMinor: 5000 })).status).toBe(404);
    expect((await foreign.post(`${elsewhere}/disbursements/${stage}/updates`, { words: WORDS })).status).toBe(404);
    expect((await foreign.post(`${elsewhere}/disbursements/${stage}/payouts`, { reference: 'x' })).status).toBe(404);
    expect((await world.visitor().post(`${fund()}/payouts/${payout}/transitions`, { to: 'paid', amountMinor: 5000 })).status).toBe(401);
  });
});
