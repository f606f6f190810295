/** A round that gathers ideas, set up through the API; and people who have some. */
import { within } from '@commonpot/db/client';
import { createAccount, createSession } from '@commonpot/server/people/writes';
import { presets } from '@commonpot/server/votes/counting/presets';
import { makeVisitor, type TestFund, type Visitor, type World } from '../lib/world.ts';
import { BUDGET_MINOR, fillPot, inHours, must } from '../rounds/set-up.ts';

export interface Gathering {
  id: string;
  /** Below `/api/v1`. */
  path: string;
  slug: string;
}

let made = 0;

/** A round in the phase of ideas. */
export async function gather(world: World, change: object = {}, fund: TestFund = world.fund): Promise<Gathering> {
  const { administrator } = fund.people;
  made += 1;
  const potId = await fillPot(fund, `Ideas pot ${made}`);
  const { id, slug } = await must(administrator.post(`/funds/${fund.slug}/rounds`, {
    title: `Ideas ${made}`, potId, budgetMinor: BUDGET_MINOR, ballotForm: { kind: 'knapsack' }, rule: presets.greedy, credentials: ['sign-in'],
    ideasCloseAt: inHours(world, 24), reviewDueAt: inHours(world, 72), noticeAt: inHours(world, 96), votingOpensAt: inHours(world, 120), votingClosesAt: inHours(world, 240), ...change,
  }));
  const path = `/funds/${fund.slug}/rounds/${slug}`;
  await must(administrator.post(`${path}/accept-no-recovery-sheet`));
  await must(administrator.post(`${path}/transitions`, { to: 'ideas' }));
  return { id, slug, path };
}

/** Somebody who signed in and belongs to nothing. */
export async function neighbour(world: World): Promise<Visitor> {
  const { app, clock } = world;
  return within(app.services.db, {}, async (tx) => {
    const accountId = await createAccount(tx, clock.now);
    const session = await createSession(tx, { accountId }, 60 * 24 * 60, clock.now);
    const visitor = makeVisitor(app, accountId);
    visitor.cookies.set('__Host-session', app.jwt.sign({ sid: session.id, iat: Math.floor(clock.now.getTime() / 1000) }));
    return visitor;
  });
}

/** An idea as its proposer types it. */
export const ideaOf = (title: string, change: object = {}) => ({
  title, description: `${title}, because people asked for it. There is more to say.`, roughCostMinor: 50_000, place: 'Kiln Street', name: null, showName: false, contact: null, draft: crypto.randomUUID(), ...change,
});

/** Sends an idea; the answer is its number. */
export async function send(from: Visitor, round: Gathering, title: string, change: object = {}): Promise<number> {
  return (await must(from.post(`${round.path}/ideas`, ideaOf(title, change)))).number;
}

/** A review that says yes. */
export const yes = (change: object = {}) => ({
  feasible: 'yes', after: 0, reasons: 'It fits, and the ground is ours.', title: 'Benches on Kiln Street', costMinor: 400_000, runningMinor: 0, costHolds: 'Four benches and their footings.', vat: 'included',
  delivererName: 'Kiln Street Friends', keeperName: 'The parks team', role: 'Parks team, Ashbourne Council', showName: false, ...change,
});

/** Moves a round on by hand. */
export async function moveTo(world: World, round: Gathering, ...phases: string[]): Promise<void> {
  for (const to of phases) await must(world.fund.people.administrator.post(`${round.path}/transitions`, { to, reason: 'Because the test says so' }));
}
