/** Money in a pot and a round that lacks nothing, set up through the API. */
import { presets } from '@commonpot/server/votes/counting/presets';
import type { Answer, TestFund, World } from '../lib/world.ts';

export const BUDGET_MINOR = 2_000_000;

/** The answer's body; throws with the problem when there is one. */
export async function must(answer: Promise<Answer>): Promise<any> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

export const inHours = (world: World, hours: number) => new Date(world.clock.now.getTime() + hours * 3_600_000).toISOString();

/** A pot with money in it; the answer is its id. */
export async function fillPot(fund: TestFund, name: string, amountMinor = BUDGET_MINOR): Promise<string> {
  const { administrator, administrator2, officer } = fund.people;
  const path = `/funds/${fund.slug}`;
  const pot = await must(administrator.post(`${path}/pots`, { name, purpose: '', restriction: { theme: '', area: '', people: '' } }));
  const pledge = await must(officer.post(`${path}/pledges`, { amountMinor, potId: pot.id }));
  const entry = await must(administrator.post(`${path}/contributions`, { pledgeId: pledge.id, agencyId: null, potId: pot.id, amountMinor, receivedOn: '2026-11-20', reference: pledge.reference }));
  await must(administrator2.post(`${path}/contributions/${entry.id}/confirm`, { amountMinor }));
  return pot.id;
}

let made = 0;

export interface TestRound {
  id: string;
  slug: string;
  /** Below `/api/v1`. */
  path: string;
  potId: string;
}

/** A draft that lacks nothing but, where codes are used, the codes. `change` goes over the set-up. */
export async function draftRound(world: World, change: object = {}, fund: TestFund = world.fund): Promise<TestRound> {
  const { administrator } = fund.people;
  made += 1;
  const potId = await fillPot(fund, `Pot ${made}`);
  const { id, slug } = await must(administrator.post(`/funds/${fund.slug}/rounds`, {
    title: `Round ${made}`, potId, budgetMinor: BUDGET_MINOR, ballotForm: { kind: 'knapsack' }, rule: presets.greedy, credentials: ['sign-in'],
    votingOpensAt: inHours(world, 1), votingClosesAt: inHours(world, 8), resultsAt: inHours(world, 10), objectionDays: 0, ...change,
  }));
  const path = `/funds/${fund.slug}/rounds/${slug}`;
  await must(administrator.post(`${path}/projects/bulk`, { projects: [
    { title: 'Warm Thursdays', costMinor: 900_000, delivererName: 'The Old Bakery' }, { title: 'Benches on Kiln Street', costMinor: 500_000, delivererName: 'Kiln Street Friends' },
  ] }));
  await must(administrator.post(`${path}/accept-no-recovery-sheet`));
  return { id, slug, path, potId };
}

/** Moves a round by hand through these phases. */
export async function move(world: World, round: TestRound, ...phases: string[]): Promise<void> {
  for (const to of phases) await must(world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'Because the test says so' }));
}
