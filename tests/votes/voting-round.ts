/** A round that is open for voting, set up through the API by the fund's people; and phones that vote in it. */
import { randomBytes } from 'node:crypto';
import { ballotBytes, leafOf, markOf, roundKeys, sealRecord, slotOf, uuidBytes, voidOf, writeRecord } from '@commonpot/server/votes/ballots/protocol';
import { sealDueRounds } from '@commonpot/server/votes/sealing/jobs';
import { countDueRounds } from '@commonpot/server/votes/tally/jobs';
import { presets } from '@commonpot/server/votes/counting/presets';
import { expect, vi } from 'vitest';
import type { Answer, Visitor, World } from '../lib/world.ts';

export const PROJECTS = [
  { number: '1', title: 'Warm Thursdays at the Old Bakery', costMinor: 1_840_000 },
  { number: '2', title: 'Benches and shade on Kiln Street', costMinor: 975_000 },
  { number: '3', title: 'Bike repair van for the estates', costMinor: 1_200_000 },
  { number: '4', title: 'New floor for the boxing gym', costMinor: 3_450_000 },
];
export const BUDGET_MINOR = 6_000_000;

export interface VotingRound {
  /** Below `/api/v1`. */
  path: string;
  id: string;
  codes: string[];
}

/** Money in, a round, its projects and codes, notice, voting. */
export async function openVoting(world: World, options: { codes?: number; form?: object; credentials?: string[]; title?: string; projects?: object[]; onBallot?: object[]; names?: string[]; more?: object } = {}): Promise<VotingRound> {
  const { administrator, administrator2, officer } = world.fund.people;
  const fund = `/funds/${world.fund.slug}`;
  const must = async (answer: Promise<Answer>): Promise<any> => {
    const { status, body } = await answer;
    expect(body, JSON.stringify(body)).not.toHaveProperty('code');
    expect(status).toBeLessThan(300);
    return body;
  };
  const title = options.title ?? `Round ${randomBytes(3).toString('hex')}`;
  const pot = await must(administrator.post(`${fund}/pots`, { name: title, purpose: '', restriction: { theme: '', area: '', people: '' } }));
  const pledge = await must(officer.post(`${fund}/pledges`, { amountMinor: BUDGET_MINOR, potId: pot.id }));
  const entry = await must(administrator.post(`${fund}/contributions`, { pledgeId: pledge.id, agencyId: null, potId: pot.id, amountMinor: BUDGET_MINOR, receivedOn: '2026-11-20', reference: pledge.reference }));
  await must(administrator2.post(`${fund}/contributions/${entry.id}/confirm`, { amountMinor: BUDGET_MINOR }));
  const inDays = (days: number) => new Date(world.clock.now.getTime() + days * 86_400_000).toISOString();
  const { slug, id } = await must(administrator.post(`${fund}/rounds`, {
    title, potId: pot.id, budgetMinor: BUDGET_MINOR, ballotForm: options.form ?? { kind: 'knapsack' }, rule: presets.greedy, credentials: options.credentials ?? ['code'],
    noticeAt: inDays(0), votingOpensAt: inDays(1), votingClosesAt: inDays(8), resultsAt: inDays(10), objectionDays: 0, ...options.more,
  }));
  const path = `${fund}/rounds/${slug}`;
  for (const project of options.onBallot ?? PROJECTS) await must(administrator.post(`${path}/projects`, { ...project, delivererName: 'Tanner Hill Community Trust' }));
  if (options.projects) await must(administrator.post(`${path}/projects/bulk`, { projects: options.projects }));
  await must(administrator.post(`${path}/accept-no-recovery-sheet`));
  if (options.names) await must(administrator.post(`${path}/roll`, { entries: options.names.map((name) => ({ name })) }));
  const codes = options.names ? (await must(administrator.post(`${path}/codes`, { forRoll: true, limit: 200 }))).codes.map((each: { code: string }) => each.code) : options.codes === 0 ? [] : (await must(administrator.post(`${path}/codes`, { count: options.codes ?? 10 }))).codes.map((each: { code: string }) => each.code);
  await must(administrator.post(`${path}/transitions`, { to: 'notice', reason: 'test' }));
  await must(administrator.post(`${path}/transitions`, { to: 'voting', reason: 'test' }));
  return { path, id, codes };
}

/** Counts and seals whatever is due, as the jobs do. */
export async function countAndSeal(world: Pick<World, 'app' | 'clock'>): Promise<void> {
  await countDueRounds(world.app.services, world.clock.now);
  await sealDueRounds(world.app.services, world.clock.now);
}

/** Counts and seals one round of a served world, whose own jobs may be at it already. */
export async function sealServed(world: Pick<World, 'app' | 'clock' | 'superuser'>, slug: string): Promise<void> {
  await vi.waitFor(async () => {
    await countAndSeal(world);
    const { rows: [round] } = await world.superuser('select sealed_at from round where slug = $1', [slug]);
    if (!round.sealed_at) throw new Error(`${slug} is not sealed`);
  }, { timeout: 30_000 });
}

/** What a phone keeps of a ballot. */
export interface Drawn {
  lines: { project: string }[];
  salt: string;
  void: string;
  voidKey: string;
}

/** Draws salt and void key as a phone does. */
export function draw(...projects: string[]): Drawn {
  const voidKey = randomBytes(32);
  return { lines: projects.map((project) => ({ project })), salt: randomBytes(32).toString('hex'), void: voidOf(voidKey).toString('hex'), voidKey: voidKey.toString('hex') };
}

/** The leaf as the phone computes it; the lines are in the round's order already. */
export function leafFor(round: VotingRound, drawn: Drawn): string {
  return leafOf(Buffer.from(round.id.replaceAll('-', ''), 'hex'), Buffer.from(drawn.void, 'hex'), Buffer.from(drawn.salt, 'hex'), ballotBytes('', drawn.lines)).toString('hex');
}

/** Somebody on a phone, signed in with a printed code. */
export async function phoneWith(world: World, round: VotingRound, code: string): Promise<Visitor> {
  const phone = world.visitor();
  const answer = await phone.post(`${round.path}/enter-code`, { code });
  expect(answer.status).toBe(200);
  return phone;
}

/** Sends a ballot; `replaces` is the handle of the one it means to replace. */
export function cast(phone: Visitor, round: VotingRound, drawn: Drawn, replaces: string | null = null, oldVoidKey: string | null = null): Promise<Answer> {
  return phone.post(`${round.path}/ballot`, { lines: drawn.lines, salt: drawn.salt, void: drawn.void, replaces, oldVoidKey });
}

/** Puts `count` ballots into the box as a storm of casts would, without their phones. Each names one project. */
export async function fillBox(world: World, round: VotingRound, count: number): Promise<void> {
  const bytes = uuidBytes(round.id);
  const keys = roundKeys((await world.app.services.keys.read(round.id)) as Buffer, bytes);
  const { rows: [box] } = await world.superuser(`select substring(pg_get_constraintdef(oid) from 'length\\(box\\) = (\\d+)')::int as size from pg_constraint
    where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%length(box)%'`, [`ballot_open_${round.id.replaceAll('-', '')}`]);
  const made = Array.from({ length: count }, (_, index) => {
    const [salt, voidHash, ballot] = [randomBytes(32), randomBytes(32), ballotBytes('', [{ project: String((index % 3) + 1) }])];
    const slot = slotOf(keys, randomBytes(16));
    const record = writeRecord({ kind: 'online', why: 'none', void: voidHash, voidKey: Buffer.alloc(32), salt, ballot }, box.size - 28);
    return { slot, mark: markOf(keys, leafOf(bytes, voidHash, salt, ballot)), box: sealRecord(keys, bytes, slot, record) };
  }).sort((a, b) => Buffer.compare(a.slot, b.slot));
  await world.superuser(`insert into ballot_open (fund_id, round_id, slot, mark, box) select $1, $2, * from unnest($3::bytea[], $4::bytea[], $5::bytea[])`,
    [world.fund.id, round.id, made.map((each) => each.slot), made.map((each) => each.mark), made.map((each) => each.box)]);
}
