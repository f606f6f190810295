/**
 * Greedy, as cities count: projects from the most votes to the fewest (or by votes per cost), each funded if it fits.
 * What does not fit is skipped, or ends the list (Gdynia, Wrocław). Equal votes: the rule's ties, then the lot,
 * which is asked only where the order of the tied could change who is funded.
 */
import type { Contest } from './contest.ts';
import type { Limits } from './limits.ts';
import type { Reason, Step } from './outcome.ts';
import { fraction } from './rational.ts';
import type { GreedyMethod } from './rule.ts';
import type { Ties } from './ties.ts';

/** Funds out of `candidates` (project indexes) into `limits`; says of each why, by its index. */
export function greedy(
  contest: Contest, method: Omit<GreedyMethod, 'kind'>, candidates: readonly number[], limits: Limits, ties: Ties,
): { reasons: Map<number, Reason>; steps: Step[] } {
  const reasons = new Map<number, Reason>();
  const steps: Step[] = [];
  let stoppedAt: string | undefined;
  // Where ballots may take points away, the sum can come to nothing although some gave points.
  for (const project of candidates) if (contest.votes[project]! <= 0) reasons.set(project, { kind: 'no-votes' });
  for (const project of inOrder(contest, method, candidates.filter((candidate) => !reasons.has(candidate)), limits, ties)) {
    const { id, costMinor } = contest.election.projects[project]!;
    if (stoppedAt !== undefined) {
      reasons.set(project, { kind: 'stopped', at: stoppedAt, afterWinners: limits.potWinners.length });
      continue;
    }
    const obstacle = limits.obstacle(project);
    const score = method.order === 'votes' ? [BigInt(contest.votes[project]!), 1n] as const : [BigInt(contest.votes[project]!), BigInt(costMinor)] as const;
    steps.push({ kind: 'greedy', projectId: id, score: fraction(...score), leftMinor: limits.leftMinor, funded: !obstacle });
    if (!obstacle) limits.fund(project);
    else if (obstacle.kind === 'short' && method.tooExpensive === 'stop') stoppedAt = id;
    reasons.set(project, obstacle ?? { kind: 'won', place: limits.potWinners.length, through: 'method' });
  }
  return { reasons, steps };
}

/** Lazily, for whether a tie needs the lot depends on what was funded before it. */
function* inOrder(
  contest: Contest, method: Pick<GreedyMethod, 'order'>, candidates: readonly number[], limits: Limits, ties: Ties,
): Generator<number> {
  const compare = (a: number, b: number) => compareScores(contest, method.order, a, b) || ties.compare(contest, a, b);
  const sorted = [...candidates].sort(compare);
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && compare(sorted[start]!, sorted[end]!) === 0) end += 1;
    const tied = sorted.slice(start, end);
    yield* orderMatters(tied, limits) ? ties.byLot(tied) : ties.byId(tied);
    start = end;
  }
}

/** Exact: votes up to 2^53 times costs up to 2^53 need big integers. */
function compareScores(contest: Contest, order: GreedyMethod['order'], a: number, b: number): number {
  if (order === 'votes') return contest.votes[b]! - contest.votes[a]!;
  const [costA, costB] = [contest.election.projects[a]!.costMinor, contest.election.projects[b]!.costMinor];
  const left = BigInt(contest.votes[b]!) * BigInt(costA);
  const right = BigInt(contest.votes[a]!) * BigInt(costB);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** All of them fit together, or none of them fits: then every order funds the same. */
function orderMatters(tied: readonly number[], limits: Limits): boolean {
  if (tied.length === 1 || tied.every((project) => limits.obstacle(project))) return false;
  const trial = limits.clone();
  for (const project of tied) {
    if (trial.obstacle(project)) return true;
    trial.fund(project);
  }
  return false;
}
