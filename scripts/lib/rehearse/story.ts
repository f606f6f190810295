/** The story of a rehearsal, told by its people over the public API: money in, a round, ballots, a count, awards, a voucher, a till. */
import type { Agent } from 'node:http';
import { makeAgent, Unexpected, type Browser } from '../http-client.ts';
import { startProgress } from '../progress.ts';
import { payOut } from './payout.ts';
import { signInPeople, type People } from './people.ts';
import type { Plan } from './plan.ts';
import type { Stage } from './stage.ts';
import { castAll } from './voters.ts';

export interface RehearsalResult {
  ballots: number;
  seconds: number;
  casts_per_second: number;
  winners: string[];
  /** Projects that stood level and were put in order by the draw. */
  lot: string[][];
  selected: readonly string[] | null;
  /** Null where there is nothing to compare with: a smaller run, or a file that does not say. */
  identical: boolean | null;
  ledger: string;
  /** Where the round's folder was put, and whether `pnpm verify` holds it to be true; null where nobody asked for it. */
  published: { folder: string; verified: boolean; says: string } | null;
}

const CODES_PER_CALL = 5000;
const CONCURRENCY = 64;
const VOUCHER_MINOR = 5000;
/** A fifth of a second each. */
const SEAL_ATTEMPTS = 6000;

/** Plays the whole story and says what came of it. Throws `Unexpected` at the first answer that should not be. */
export async function rehearse(stage: Stage, plan: Plan, say: (line: string) => void): Promise<RehearsalResult> {
  const agent = makeAgent(CONCURRENCY);
  const fund = `/funds/${stage.fund}`;
  try {
    const people = await signInPeople(stage, agent);
    say('An agency puts money in, one administrator enters it, another confirms it.');
    const potId = await bringMoney(people, fund, plan.budgetMinor + VOUCHER_MINOR);
    say(`A round with ${plan.projects.length} projects is set up.`);
    const round = await setUpRound(people, fund, plan, potId);
    const codes = await printCodes(people, round.path, plan.ballots.length);
    await people.administrator.must('POST', `${round.path}/transitions`, { to: 'voting', reason: 'Rehearsal' });
    say(`${plan.ballots.length} people vote.`);
    const seconds = await vote(stage, agent, round, plan, codes);
    const { winners, lot } = await countVotes(people, round.path);
    say('Awards, a first stage, a voucher, a till.');
    await payOut(people, { fund, round: round.path, potId, voucherMinor: VOUCHER_MINOR, winners });
    const [ledger, published] = await Promise.all([stage.checkLedger(), stage.publish(round.path.split('/').at(-1) ?? '')]);
    return {
      ballots: plan.ballots.length, seconds: Math.round(seconds * 10) / 10, casts_per_second: Math.round(plan.ballots.length / seconds), winners, lot,
      selected: plan.selected, identical: plan.selected && sameSet(winners, plan.selected), ledger, published,
    };
  } finally {
    agent.destroy();
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

async function bringMoney({ administrator, second, officer }: People, fund: string, amountMinor: number): Promise<string> {
  const pot = await administrator.must<{ id: string }>('POST', `${fund}/pots`, { name: 'Rehearsal', purpose: 'A rehearsal', restriction: { theme: '', area: '', people: '' } });
  const pledge = await officer.must('POST', `${fund}/pledges`, { amountMinor, potId: pot.id });
  const entry = await administrator.must('POST', `${fund}/contributions`, {
    pledgeId: pledge.id, agencyId: null, potId: pot.id, amountMinor, receivedOn: new Date().toISOString().slice(0, 10), reference: pledge.reference,
  });
  await second.must('POST', `${fund}/contributions/${entry.id}/confirm`, { amountMinor });
  return pot.id;
}

async function setUpRound({ administrator }: People, fund: string, plan: Plan, potId: string): Promise<{ path: string; id: string }> {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const { slug, id } = await administrator.must<{ slug: string; id: string }>('POST', `${fund}/rounds`, {
    title: plan.title, potId, budgetMinor: plan.budgetMinor, ballotForm: plan.form, rule: plan.rule, credentials: ['code'],
    noticeAt: inDays(1), votingOpensAt: inDays(2), votingClosesAt: inDays(9), resultsAt: inDays(12), objectionDays: 0,
  });
  const path = `${fund}/rounds/${slug}`;
  await administrator.must('POST', `${path}/projects/bulk`, {
    projects: plan.projects.map((project) => ({ ...project, delivererName: project.title })),
  });
  await administrator.must('POST', `${path}/accept-no-recovery-sheet`);
  await administrator.must('POST', `${path}/transitions`, { to: 'notice', reason: 'Rehearsal' });
  return { path, id };
}

async function printCodes({ administrator }: People, path: string, voters: number): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < voters) {
    const made = await administrator.must<{ codes: { code: string }[] }>('POST', `${path}/codes`, { count: Math.min(CODES_PER_CALL, voters - codes.length) });
    codes.push(...made.codes.map((each) => each.code));
  }
  return codes;
}

async function vote(stage: Stage, agent: Agent, round: { path: string; id: string }, plan: Plan, codes: readonly string[]): Promise<number> {
  const bar = startProgress('Voting', plan.ballots.length);
  const seconds = await castAll({
    origin: stage.origin, agent, path: round.path, round: Buffer.from(round.id.replaceAll('-', ''), 'hex'),
    order: plan.form.kind === 'ranking' ? null : new Map(plan.projects.map((project, index) => [project.number, index])), codes, ballots: plan.ballots, concurrency: CONCURRENCY, onCast: bar.to,
  });
  bar.end();
  return seconds;
}

interface Told {
  provisional: boolean;
  waitingForLot: string[];
  ties: string[][];
  decisions: { project: string; reason: { kind: string } }[];
}

/** Level projects wait for the draw that was named; a demonstration takes one before its day, typed by two people. */
async function drawLot(typists: readonly Browser[], path: string): Promise<void> {
  const { draw } = await typists[0]!.must<{ draw: { date: string } }>('GET', `${path}/sealing`);
  for (const typist of typists) await typist.must('POST', `${path}/draw`, { drawnOn: draw.date, text: 'Rehearsal', evidence: 'https://example.org/draw' });
}

/** Closes the vote, waits for the count and the seal, accepts the result. The winners come in the order in which they were taken. */
async function countVotes({ administrator, second }: People, path: string): Promise<{ winners: string[]; lot: string[][] }> {
  let drawn = false;
  await administrator.must('POST', `${path}/transitions`, { to: 'counting', reason: 'Rehearsal' });
  for (let attempt = 0; attempt < SEAL_ATTEMPTS; attempt += 1) {
    const { status, body } = await administrator.get(`${path}/tally`);
    const told = body as unknown as Told;
    if (status === 200 && told.waitingForLot.length > 0 && !drawn) {
      await drawLot([administrator, second], path);
      drawn = true;
    }
    if (status === 200 && !told.provisional) {
      await administrator.must('POST', `${path}/transitions`, { to: 'results', reason: 'Rehearsal' });
      return { winners: told.decisions.filter((decision) => decision.reason.kind === 'won').map((decision) => decision.project), lot: told.ties };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Unexpected('the result was not sealed within twenty minutes');
}
