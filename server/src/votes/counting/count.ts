/** The one way in: an election, a rule and, where it is known already, the lot. Pure; the same input gives the same outcome. */
import { contestFor, type Contest } from './contest.ts';
import type { Election } from './election.ts';
import { equalShares } from './equal-shares.ts';
import { greedy } from './greedy.ts';
import { ineligible, Limits } from './limits.ts';
import type { Lot } from './lot.ts';
import type { Decision, NeedsLot, Outcome, PotTrace, Reason } from './outcome.ts';
import { phragmen } from './phragmen.ts';
import type { Rule } from './rule.ts';
import { Ties } from './ties.ts';

/** What a method hands back of one pot; the winners are in `limits`. */
export type PotResult = { reasons: Map<number, Reason> } & Pick<PotTrace, 'steps' | 'equalShares'>;

export function count(election: Election, rule: Rule, lot?: Lot): Outcome | NeedsLot {
  const ties = new Ties(election.projects, rule.ties, lot);
  const limits = new Limits(election.projects, rule);
  const decisions: Decision[] = [];
  const pots: PotTrace[] = [];
  const winners: number[] = [];
  const potAreas = new Set(rule.pots?.areas.map((pot) => pot.area));
  let passedOnMinor = 0;
  for (const pot of [...(rule.pots?.areas ?? []), { area: undefined, budgetMinor: election.budgetMinor }]) {
    const budgetMinor = pot.budgetMinor + (pot.area === undefined ? passedOnMinor : 0);
    const contest = contestFor(election, budgetMinor, potAreas, pot.area);
    limits.openPot(budgetMinor);
    const result = countPot(contest, rule, limits, ties);
    winners.push(...limits.potWinners);
    if (rule.pots?.unspent === 'goes-to-whole') passedOnMinor += limits.leftMinor;
    pots.push(potTrace(contest, limits, result));
    decisions.push(...decisionsOf(contest, result.reasons));
  }
  if (ties.open) return { kind: 'needs-lot', tied: ties.open };
  const place = new Map(election.projects.map((project, index) => [project.id, index]));
  decisions.sort((a, b) => place.get(a.projectId)! - place.get(b.projectId)!);
  const costMinor = winners.reduce((sum, index) => sum + election.projects[index]!.costMinor, 0);
  return { kind: 'decided', winners: winners.map((index) => election.projects[index]!.id), costMinor, decisions, ties: ties.decided, pots };
}

function countPot(contest: Contest, rule: Rule, limits: Limits, ties: Ties): PotResult {
  const reasons = new Map<number, Reason>();
  for (const index of contest.candidates) {
    const reason = ineligible(contest, rule.threshold, index);
    if (reason) reasons.set(index, reason);
  }
  const eligible = contest.candidates.filter((index) => !reasons.has(index));
  const result = runMethod(contest, rule.method, eligible, limits, ties);
  for (const [index, reason] of result.reasons) reasons.set(index, reason);
  return { ...result, reasons };
}

function runMethod(contest: Contest, method: Rule['method'], eligible: readonly number[], limits: Limits, ties: Ties): PotResult {
  switch (method.kind) {
    case 'greedy':
      return greedy(contest, method, eligible, limits, ties);
    case 'equal-shares':
      return equalShares(contest, method, eligible, limits, ties);
    case 'phragmen':
      return phragmen(contest, eligible, limits, ties);
  }
}

function potTrace(contest: Contest, limits: Limits, result: PotResult): PotTrace {
  return {
    ...(contest.area !== undefined && { area: contest.area }),
    budgetMinor: contest.budgetMinor,
    spentMinor: contest.budgetMinor - limits.leftMinor,
    ballots: contest.ballots.count,
    steps: result.steps,
    ...(result.equalShares && { equalShares: result.equalShares }),
  };
}

function decisionsOf(contest: Contest, reasons: ReadonlyMap<number, Reason>): Decision[] {
  return contest.candidates.map((index) => {
    const reason = reasons.get(index);
    if (!reason) throw new Error(`no reason for ${contest.election.projects[index]!.id}`);
    return { projectId: contest.election.projects[index]!.id, supporters: contest.supporters[index]!, votes: contest.votes[index]!, reason };
  });
}
