/**
 * The Method of Equal Shares with everything that cities put around it: raising the endowments (Add1),
 * spending what is left by votes, and the comparison with greedy.
 * Sources: Peters and Skowron, equalshares.net; the regulation of Wieliczka's Green Million 2023 (comparison step).
 */
import type { Contest } from './contest.ts';
import { greedy } from './greedy.ts';
import type { Limits } from './limits.ts';
import type { EqualSharesTrace, Reason, Step } from './outcome.ts';
import { fraction, type Rational } from './rational.ts';
import type { EqualSharesMethod } from './rule.ts';
import { fieldFor, type Field } from './shares-field.ts';
import type { SharesBooks } from './shares-books.ts';
import { raisesAlike } from './shares-reach.ts';
import { SharesRun } from './shares-run.ts';
import type { Ties } from './ties.ts';

const byVotes = { order: 'votes', tooExpensive: 'skip' } as const;

interface Result {
  readonly reasons: Map<number, Reason>;
  readonly steps: Step[];
  readonly equalShares: EqualSharesTrace;
}

/** A finished run, with what it leaves room for. */
interface Finished {
  readonly run: SharesRun;
  readonly limits: Limits;
  readonly endowment: Rational;
}

/** Funds out of `eligible` (project indexes with support) into `limits`; says of each why, by its index. */
export function equalShares(contest: Contest, method: EqualSharesMethod, eligible: readonly number[], limits: Limits, ties: Ties): Result {
  const start = limits.clone();
  const field = fieldFor(contest, method.utility);
  const { finished, trace } = raised(field, method, eligible, limits, ties);
  for (const { project } of finished.run.books.purchases) limits.fund(project);
  const reasons = reasonsOf(contest, finished, eligible);
  const steps = stepsOf(contest, finished);
  if (method.completion === 'by-votes') complete(contest, eligible, limits, ties, reasons, steps);
  if (method.comparison === 'none') return { reasons, steps, equalShares: trace };

  const rival = greedy(contest, byVotes, eligible, start, ties);
  const [preferEqualShares, preferByVotes] = compare(contest, method.comparison, limits.potWinners, start.potWinners);
  const ids = (projects: readonly number[]) => projects.map((project) => contest.election.projects[project]!.id);
  const comparison = {
    preferEqualShares, preferByVotes, equalSharesWinners: ids(limits.potWinners), byVotesWinners: ids(start.potWinners),
  };
  if (preferByVotes <= preferEqualShares) return { reasons, steps, equalShares: { ...trace, comparison } };
  limits.replacePot(start);
  return { ...rival, equalShares: { ...trace, comparison } };
}

/**
 * Runs with the starting endowment, then, where the rule says so, with more and more until the next would overspend.
 * Where a raise came to the same as the one before it, all that surely do so too are taken at once.
 */
function raised(
  field: Field, method: EqualSharesMethod, eligible: readonly number[], limits: Limits, ties: Ties,
): { finished: Finished; trace: EqualSharesTrace } {
  const { contest } = field;
  // Where only the last of rankings, a project has votes but nobody to pay for it: no raise would ever fund it.
  const payable = eligible.filter((project) => field.totalUnits[project]! > 0);
  const runWith = (endowment: Rational): Finished => {
    const trial = limits.clone();
    const run = new SharesRun(field, endowment, trial, ties);
    run.buyAll(payable);
    return { run, limits: trial, endowment };
  };
  let finished = runWith(startingEndowment(contest, method));
  let raises = 0;
  const trace = (ended?: Partial<EqualSharesTrace>) => {
    const { numerator, denominator } = finished.endowment;
    return { finished, trace: { endowment: fraction(numerator, denominator), raises, ...ended } };
  };
  if (!method.raise) return trace();
  const stepMinor = method.raise.byUnits * contest.election.minorPerUnit;
  for (let previous: SharesBooks | undefined; ; ) {
    const rest = payable.filter((project) => !finished.run.books.hasBought(project) && !finished.limits.bar(project));
    if (rest.length === 0) return trace({ raisingEnded: 'all-funded' });
    const isExhaustive = rest.every((project) => finished.limits.short(project));
    if (isExhaustive && method.raise.stopWhenExhaustive) return trace({ raisingEnded: 'exhaustive' });
    const { endowment, run: { books } } = finished;
    const isSteady = previous?.isLike(books) ?? books.purchases.every(({ poor }) => poor === 0);
    const alike = isSteady ? raisesAlike({ field, endowment, books, limits, ties, candidates: payable }, stepMinor) : 0;
    const next = runWith(plus(endowment, stepMinor, alike + 1));
    raises += alike;
    if (next.limits.leftMinor < 0) {
      if (alike > 0) finished = runWith(plus(endowment, stepMinor, alike));
      return trace({ raisingEnded: 'overspent', nextCostMinor: contest.budgetMinor - next.limits.leftMinor });
    }
    previous = books;
    finished = next;
    raises += 1;
  }
}

function plus({ numerator, denominator }: Rational, stepMinor: number, times: number): Rational {
  return { numerator: numerator + BigInt(stepMinor) * BigInt(times) * denominator, denominator };
}

function startingEndowment(contest: Contest, method: EqualSharesMethod): Rational {
  const ballots = Math.max(contest.ballots.count, 1);
  if (method.start === 'exact') return { numerator: BigInt(contest.budgetMinor), denominator: BigInt(ballots) };
  const unit = contest.election.minorPerUnit;
  return { numerator: BigInt(Math.floor(contest.budgetMinor / (ballots * unit)) * unit), denominator: 1n };
}

function reasonsOf(contest: Contest, { run }: Finished, eligible: readonly number[]): Map<number, Reason> {
  const reasons = new Map<number, Reason>(run.barred);
  run.books.purchases.forEach(({ project }, index) => reasons.set(project, { kind: 'won', place: index + 1, through: 'method' }));
  for (const project of eligible) {
    if (reasons.has(project)) continue;
    const money = run.supportersMoney(project);
    const supportersMinor = Number(money.numerator / money.denominator);
    const shortMinor = contest.election.projects[project]!.costMinor - supportersMinor;
    reasons.set(project, { kind: 'supporters-short', supportersMinor, shortMinor, afterWinners: run.books.purchases.length });
  }
  return reasons;
}

function stepsOf(contest: Contest, { run }: Finished): Step[] {
  return run.books.purchases.map(({ project, paying, poor }, index) => {
    const { numerator, denominator } = run.books.money.rateOf(index);
    const { id } = contest.election.projects[project]!;
    return { kind: 'purchase', projectId: id, rate: fraction(numerator, denominator), paying, poor };
  });
}

/** Spends what is left by votes; what still is not funded has greedy's reason. */
function complete(
  contest: Contest, eligible: readonly number[], limits: Limits, ties: Ties, reasons: Map<number, Reason>, steps: Step[],
): void {
  const rest = eligible.filter((project) => reasons.get(project)!.kind !== 'won');
  const completion = greedy(contest, byVotes, rest, limits, ties);
  for (const [project, reason] of completion.reasons) {
    reasons.set(project, reason.kind === 'won' ? { ...reason, through: 'completion' } : reason);
  }
  steps.push(...completion.steps);
}

/** How many ballots are better off with the one outcome, and how many with the other. */
function compare(
  contest: Contest, by: 'satisfaction' | 'exclusion', ours: readonly number[], theirs: readonly number[],
): [ours: number, theirs: number] {
  const { ballots } = contest;
  const [isOurs, isTheirs] = [new Set(ours), new Set(theirs)];
  const preferring: [number, number] = [0, 0];
  for (let group = 0; group < ballots.weights.length; group++) {
    let [a, b] = [0, 0];
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      if (isOurs.has(ballots.projects[k]!)) a += ballots.points[k]!;
      if (isTheirs.has(ballots.projects[k]!)) b += ballots.points[k]!;
    }
    if (by === 'exclusion') [a, b] = [Number(a > 0), Number(b > 0)];
    if (a > b) preferring[0] += ballots.weights[group]!;
    if (b > a) preferring[1] += ballots.weights[group]!;
  }
  return preferring;
}
