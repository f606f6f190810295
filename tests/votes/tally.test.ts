/** From closed boxes to awards: counted once, with a reason for every project, and the winners' money set aside. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorld, type World } from '../lib/world.ts';
import { BUDGET_MINOR, cast, countAndSeal, draw, openVoting, phoneWith, PROJECTS, type VotingRound } from './voting-round.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const move = (round: VotingRound, to: string) => world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'test' });
const tally = (round: VotingRound) => world.visitor().get(`${round.path}/tally`);

/** Every ballot is cast by somebody of their own; then voting closes. */
async function voteAndClose(ballots: readonly (readonly string[])[]): Promise<VotingRound> {
  const round = await openVoting(world, { codes: Math.max(1, ballots.length) });
  for (const [index, projects] of ballots.entries()) {
    const phone = await phoneWith(world, round, round.codes[index] as string);
    expect((await cast(phone, round, draw(...projects))).status).toBe(200);
  }
  expect((await move(round, 'counting')).status).toBe(200);
  return round;
}

describe('a count', () => {
  it('takes the most wanted that fits, skips what does not, and says why for each', async () => {
    // 3: 4 votes, 1: 3, 4: 3 (dearer than 1, and £4,900 short after both), 2: none.
    const round = await voteAndClose([['3', '1'], ['3', '1'], ['3'], ['3', '1'], ['4'], ['4'], ['4'], []]);
    expect((await tally(round)).status).toBe(404);
    await countAndSeal(world);
    const { body } = await tally(round);
    expect(body).toMatchObject({ provisional: false, rule: 'greedy', ballots: 8, budgetMinor: BUDGET_MINOR, spentMinor: 1_200_000 + 1_840_000, ties: [] });
    expect(body.decisions.map(({ project, votes, reason }: { project: string; votes: number; reason: object }) => [project, votes, reason])).toEqual([
      ['3', 4, { kind: 'won', place: 1, through: 'method' }],
      ['1', 3, { kind: 'won', place: 2, through: 'method' }],
      ['4', 3, { kind: 'short', shortMinor: 490_000, afterWinners: 2 }],
      ['2', 0, { kind: 'no-votes' }],
    ]);
  });

  it('happens once, however often and however many at a time it is asked for', async () => {
    const round = await voteAndClose([['1'], ['2']]);
    await Promise.all([1, 2, 3].map(() => countAndSeal(world)));
    const first = (await tally(round)).body;
    world.clock.forward(5);
    await countAndSeal(world);
    expect((await tally(round)).body).toEqual(first);
    expect((await world.superuser('select count(*)::int as n from event where name = $1 and subject ->> $2 = $3', ['round.counted', 'round', round.id])).rows[0].n).toBe(1);
  });

  it('of no ballots at all has no winners', async () => {
    const round = await voteAndClose([]);
    await countAndSeal(world);
    expect((await tally(round)).body).toMatchObject({ ballots: 0, spentMinor: 0 });
    expect((await move(round, 'results')).status).toBe(200);
  });

  it('counts the newest ballot of each person, and none that paper replaced', async () => {
    const round = await openVoting(world, { codes: 3 });
    const [one, two] = [await phoneWith(world, round, round.codes[0] as string), await phoneWith(world, round, round.codes[1] as string)];
    const { body } = await cast(one, round, draw('1'));
    await cast(one, round, draw('2'), body.current);
    const struck = await cast(two, round, draw('3'));
    await world.superuser('update ballot_open set struck = true where mark = $1', [Buffer.from(struck.body.current, 'hex')]);
    await move(round, 'counting');
    await countAndSeal(world);
    const { decisions, ballots } = (await tally(round)).body;
    expect([ballots, ...decisions.map(({ project, votes }: { project: string; votes: number }) => `${project}:${votes}`).sort()]).toEqual([1, '1:0', '2:1', '3:0', '4:0']);
  });
});

describe('the results', () => {
  it('wait for the count, then set each winner’s money aside, once', async () => {
    const { administrator } = world.fund.people;
    const round = await voteAndClose([['1', '3'], ['3']]);
    expect((await move(round, 'results')).body.code).toBe('not-ready');
    await countAndSeal(world);
    const answers = await Promise.all([move(round, 'results'), move(round, 'results'), move(round, 'results')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
    expect((await tally(round)).body.provisional).toBe(false);
    const { awards } = (await administrator.get(`${round.path}/awards`)).body;
    expect(awards.map((award: { title: string; amountMinor: number }) => [award.title, award.amountMinor])).toEqual([[PROJECTS[2]?.title, 1_200_000], [PROJECTS[0]?.title, 1_840_000]]);
    const { rows } = await world.superuser(
      `select sum(balance_minor)::bigint as n from ledger_level l join ledger_account a on a.fund_id = l.fund_id and a.id = l.account_id join award w on w.reservation_id = a.id where w.round_id = $1`, [round.id]);
    expect(rows[0].n).toBe(3_040_000);
  });

  it('of another fund’s round are not found here', async () => {
    const round = await voteAndClose([['1']]);
    await countAndSeal(world);
    const slug = round.path.split('/').at(-1);
    expect((await world.visitor().get(`/funds/${world.otherFund.slug}/rounds/${slug}/tally`)).status).toBe(404);
  });
});

describe('the money of a round', () => {
  const pot = async (round: VotingRound) => {
    const { potId } = (await world.fund.people.administrator.get(round.path)).body;
    return (await world.visitor().get(`/funds/${world.fund.slug}/pots`)).body.pots.find((each: { id: string }) => each.id === potId);
  };

  it('is set aside when voting opens, so that nothing else can spend it; what the winners leave goes back', async () => {
    const { administrator } = world.fund.people;
    const round = await voteAndClose([['3']]);
    expect(await pot(round)).toMatchObject({ inPotMinor: 0, setAsideMinor: BUDGET_MINOR });
    const voucher = await administrator.post(`/funds/${world.fund.slug}/vouchers`, { from: { pot: (await pot(round)).id }, title: 'Thanks', valueMinor: 100, lastDay: '2027-03-01', holder: null });
    expect(voucher.body.code).toBe('not-enough-money');
    const { rows } = await world.superuser(`select id from ledger_account where kind = 'reservation' and subject_id = $1`, [round.id]);
    const aside = await administrator.post(`/funds/${world.fund.slug}/vouchers`, { from: { reservation: rows[0].id }, title: 'Thanks', valueMinor: 100, lastDay: '2027-03-01', holder: null });
    expect(aside.body.code).toBe('not-found');
    await countAndSeal(world);
    expect((await move(round, 'results')).status).toBe(200);
    expect(await pot(round)).toMatchObject({ inPotMinor: BUDGET_MINOR - 1_200_000, setAsideMinor: 1_200_000 });
  });

  it('all goes back when nobody won', async () => {
    const round = await voteAndClose([[]]);
    await countAndSeal(world);
    await move(round, 'results');
    expect(await pot(round)).toMatchObject({ inPotMinor: BUDGET_MINOR, setAsideMinor: 0 });
  });
});

describe('a round whose key is away', () => {
  it('waits, and is counted when the key is back', async () => {
    const round = await voteAndClose([['1']]);
    const key = (await world.app.services.keys.read(round.id)) as Buffer;
    await world.app.services.keys.destroy(round.id);
    await countAndSeal(world);
    expect((await tally(round)).status).toBe(404);
    writeFileSync(`${world.config.keysFolder}/${round.id}.key`, key);
    await countAndSeal(world);
    expect((await tally(round)).body.ballots).toBe(1);
  });
});
