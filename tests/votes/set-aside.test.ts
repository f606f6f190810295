/** A sealed result that two people set aside: still published, marked, its unpaid awards back in the pot, and the vote started again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { within } from '@commonpot/db/client';
import { projectAwards } from '@commonpot/server/rounds/awards/reads';
import { makeWorld, type Answer, type World } from '../lib/world.ts';
import { brokenInvariants } from '../payouts/house.ts';
import { cast, countAndSeal, draw, openVoting, phoneWith, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const reason = 'The roll held people from another borough.';
const must = async (answer: Promise<Answer>): Promise<any> => {
  const { status, body } = await answer;
  expect(body, JSON.stringify(body)).not.toHaveProperty('code');
  expect(status).toBeLessThan(300);
  return body;
};
const move = (round: VotingRound, to: string) => must(world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'test' }));
const listed = async (): Promise<string[]> => (await must(world.visitor().get(`/funds/${world.fund.slug}/set-aside`))).rounds;
const asked = async (round: VotingRound) => (await world.visitor().get(`${round.path}/set-aside`)).body;
const potOf = async (round: VotingRound): Promise<number> => Number((await world.superuser(
  'select l.balance_minor from round r join pot p on p.id = r.pot_id join ledger_level l on l.account_id = p.account_id where r.id = $1', [round.id])).rows[0].balance_minor);

async function sealed(): Promise<VotingRound> {
  const round = await openVoting(world, { codes: 3 });
  for (const code of round.codes) await cast(await phoneWith(world, round, code), round, draw('1', '2', '3'));
  await move(round, 'counting');
  expect((await world.fund.people.administrator.post(`${round.path}/set-aside`, { reason })).body.code).toBe('wrong-phase');
  await countAndSeal(world);
  return round;
}

it('takes two people, keeps the result as it is, and gives back what was neither paid nor ordered', async () => {
  const { administrator, administrator2, resident } = world.fund.people;
  const round = await sealed();
  await move(round, 'results');
  const before = (await world.visitor().get(`${round.path}/tally`)).body;
  const awards = await within(world.app.services.db, { fund: world.fund.id }, (tx) => projectAwards(tx, world.fund.id, round.id));
  const [first, second, third] = awards;
  // The first is paid in part, of the second a transfer is under way, nobody touched the third.
  const fund = `/funds/${world.fund.slug}`;
  const stagesOf = async (id: string | undefined, amounts: number[]) => (await must(administrator.post(`${fund}/awards/${id}/plan`, { stages: amounts.map((amountMinor) => ({ title: 'Part', amountMinor })) }))).stages as string[];
  const order = async (stage: string | undefined) => {
    await must(administrator.post(`${fund}/disbursements/${stage}/updates`, { words: 'It is ordered.' }));
    return administrator.post(`${fund}/disbursements/${stage}/payouts`, { reference: 'VAN 1' });
  };
  const stages = await stagesOf(first?.id, [100_000, (first?.amountMinor ?? 0) - 100_000]);
  const { id: paid } = await must(order(stages[0]));
  await must(administrator2.post(`${fund}/payouts/${paid}/transitions`, { to: 'paid', amountMinor: 100_000 }));
  const { id: underWay } = await must(order((await stagesOf(second?.id, [200_000, (second?.amountMinor ?? 0) - 200_000]))[0]));

  for (const [person, code] of [[resident, 'not-allowed'], [world.visitor(), 'signed-out'], [world.otherFund.people.administrator, 'not-allowed']] as const) {
    expect((await person.post(`${round.path}/set-aside`, { reason })).body.code).toBe(code);
  }
  await must(administrator.post(`${round.path}/set-aside`, { reason }));
  expect((await administrator2.post(`${round.path}/set-aside`, { reason: 'another' })).body.code).toBe('already-exists');
  expect((await administrator.post(`${round.path}/set-aside/confirm`)).body.code).toBe('same-person');
  expect(await asked(round)).toMatchObject({ setAside: null, proposed: null });
  expect(await listed()).toEqual([]);
  expect((await administrator.post(`${round.path}/vote-again`, { title: 'Too early' })).body.code).toBe('wrong-phase');
  await must(administrator2.post(`${round.path}/set-aside/drop`));
  await must(administrator.post(`${round.path}/set-aside`, { reason }));

  const potBefore = await potOf(round);
  const answers = await Promise.all([1, 2, 3].map(() => administrator2.post(`${round.path}/set-aside/confirm`)));
  expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([200, 'already-decided', 'already-decided']);
  const back = awards.reduce((sum, each) => sum + each.amountMinor, 0) - 300_000;
  expect((await potOf(round)) - potBefore).toBe(back);
  const shown = await asked(round);
  expect(shown.setAside).toMatchObject({ reason, at: world.clock.now.toISOString() });
  expect(await listed()).toEqual([round.path.split('/').at(-1)]);
  expect(shown.setAside.awards.map((each: { releasedMinor: number; paidMinor: number }) => [each.releasedMinor, each.paidMinor]))
    .toEqual([[(first?.amountMinor ?? 0) - 100_000, 100_000], [(second?.amountMinor ?? 0) - 200_000, 200_000], [third?.amountMinor, 0]]);
  // The result stands where it stood.
  expect((await world.visitor().get(`${round.path}/tally`)).body).toEqual(before);
  // What was under way may still be confirmed; nothing new is ordered.
  expect((await order(stages[1])).body.code).toBe('not-enough-money');
  await must(administrator2.post(`${fund}/payouts/${underWay}/transitions`, { to: 'paid', amountMinor: 200_000 }));
  // What the bank sends back after it goes on into the pot, and is ordered by nobody again.
  const atLast = await potOf(round);
  for (const who of [administrator, administrator2]) await must(who.post(`${fund}/payouts/${paid}/transitions`, { to: 'returned', amountMinor: 100_000, note: 'The account is closed' }));
  expect((await potOf(round)) - atLast).toBe(100_000);
  expect((await order(stages[0])).body.code).toBe('not-enough-money');

  // Held by the database, whatever the code does.
  for (const text of ["update set_aside set reason = 'x'", 'delete from set_aside', 'delete from set_aside_award', 'truncate set_aside cascade']) await expect(world.superuser(text)).rejects.toThrow();
  await expect(world.superuser(`insert into payout (fund_id, id, disbursement_id, kind, amount_minor, rail, reference, state, recorded_by, recorded_at)
    select fund_id, gen_random_uuid(), id, kind, amount_minor, 'bank', 'x', 'open', created_by, created_at from disbursement where id = $1`, [stages[1]])).rejects.toThrow('set aside');

  const again = await must(administrator.post(`${round.path}/vote-again`, { title: 'The same again' }));
  const { body } = await administrator.get(`${fund}/rounds/${again.slug}`);
  expect(body).toMatchObject({ phase: 'draft', isPractice: false, projects: 4, budgetMinor: 6_000_000, frozenAt: null, votingOpensAt: null });
  expect((await administrator.get(`${fund}/rounds/${again.slug}/projects`)).body.projects.map((each: { title: string }) => each.title)).toContain('New floor for the boxing gym');
  expect(await brokenInvariants(world)).toEqual([]);
});

it('before anything was awarded: nothing is, and all of the money goes back', async () => {
  const { administrator, administrator2 } = world.fund.people;
  const round = await sealed();
  await must(administrator.post(`${round.path}/set-aside`, { reason }));
  await must(administrator2.post(`${round.path}/set-aside/confirm`));
  await move(round, 'results');
  expect(await potOf(round)).toBe(6_000_000);
  expect((await world.visitor().get(`${round.path}/awards`)).body.awards).toEqual([]);
  expect((await asked(round)).setAside.awards).toEqual([]);
  expect(await brokenInvariants(world)).toEqual([]);
});
