/** From a count's trace to steps that a reader can follow. Pure. */
import type { z } from 'zod';
import type { EqualSharesTrace, Fraction, Outcome, PotTrace, Step } from '../counting/outcome.ts';
import type { Rule } from '../counting/rule.ts';
import type { readSteps, step } from './contract.ts';

type Answer = z.infer<typeof readSteps.answer>;
type Shown = z.infer<typeof step>;

interface Described {
  number: string;
  title: string;
  costMinor: number;
}

/** Every step of the count, in order. */
export function stepsOf(outcome: Outcome, rule: Rule, projects: readonly Described[]): Pick<Answer, 'steps' | 'pots'> {
  const described = new Map(projects.map((project) => [project.number, project]));
  const votes = new Map(outcome.decisions.map((decision) => [decision.projectId, decision.votes]));
  const steps: Shown[] = [];
  for (const pot of outcome.pots) {
    let leftMinor = pot.budgetMinor;
    for (const [index, each] of pot.steps.entries()) {
      const project = described.get(each.projectId);
      if (!project) throw new Error(`the trace names ${each.projectId}, which is no project of the round`);
      const funded = each.kind === 'purchase' || each.funded;
      const level = levelWith(pot, index, rule, described);
      steps.push({
        number: steps.length + 1, area: pot.area ?? null, project: project.number, title: project.title, costMinor: project.costMinor, votes: votes.get(each.projectId) ?? 0,
        budgetMinor: pot.budgetMinor, leftMinor, funded, by: whyNow(each, rule), isCompletion: each.kind === 'greedy' && pot.steps.some(({ kind }) => kind === 'purchase'),
        level, byLot: outcome.ties.some(({ tied }) => tied.includes(each.projectId) && level.some((other) => tied.includes(other))),
        shares: each.kind === 'purchase' ? { payMinor: payOf(each, rule), paying: each.paying, poor: each.poor } : null,
        earnedMinor: each.kind === 'load' ? wholePart(each.load) : null,
      });
      if (funded) leftMinor -= project.costMinor;
    }
  }
  return { steps, pots: outcome.pots.map((pot) => ({ area: pot.area ?? null, budgetMinor: pot.budgetMinor, spentMinor: pot.spentMinor, ballots: pot.ballots, shares: sharesOf(pot.equalShares) })) };
}

/** What the order of the steps went by, as two whole numbers, one over the other. */
function measureOf(each: Step, rule: Rule, costs: ReadonlyMap<string, Described>): [bigint, bigint] {
  const [numerator, denominator] = partsOf(each.kind === 'greedy' ? each.score : each.kind === 'purchase' ? each.rate : each.load);
  // A rate is a ballot's payment; where utility is cost, what counts is the payment for each unit of cost.
  const isByCost = each.kind === 'purchase' && rule.method.kind === 'equal-shares' && rule.method.utility === 'cost';
  return [numerator, isByCost ? denominator * BigInt(costs.get(each.projectId)?.costMinor ?? 1) : denominator];
}

/** The neighbours in the trace with exactly the same measure: neither rates nor loads ever fall, so they stood level. */
function levelWith({ steps }: PotTrace, index: number, rule: Rule, costs: ReadonlyMap<string, Described>): string[] {
  const own = steps[index]!;
  const [numerator, denominator] = measureOf(own, rule, costs);
  const isLevel = (other: Step | undefined) => {
    if (other?.kind !== own.kind) return false;
    const measure = measureOf(other, rule, costs);
    return measure[0] * denominator === numerator * measure[1];
  };
  let [from, to] = [index, index];
  while (isLevel(steps[from - 1])) from -= 1;
  while (isLevel(steps[to + 1])) to += 1;
  return steps.slice(from, to + 1).flatMap(({ projectId }) => (projectId === own.projectId ? [] : [projectId]));
}

function whyNow(each: Step, { method }: Rule): Shown['by'] {
  if (each.kind === 'purchase') return 'shares';
  if (each.kind === 'load') return 'load';
  return method.kind === 'greedy' ? method.order : 'votes';
}

/** Null where supporters paid by the points that they had given, each their own amount. */
function payOf({ rate }: Extract<Step, { kind: 'purchase' }>, { method }: Rule): number | null {
  return method.kind === 'equal-shares' && (method.utility === 'cost' || method.utility === 'cardinality') ? wholePart(rate) : null;
}

function sharesOf(trace: EqualSharesTrace | undefined): Answer['pots'][number]['shares'] {
  if (!trace) return null;
  const { endowment, raises, raisingEnded = null, nextCostMinor = null, comparison } = trace;
  return {
    endowmentMinor: wholePart(endowment), raises, raisingEnded, nextCostMinor,
    comparison: comparison ? { preferEqualShares: comparison.preferEqualShares, preferByVotes: comparison.preferByVotes } : null,
  };
}

/** A fraction of the trace, rounded down. */
function wholePart(fraction: Fraction): number {
  const [numerator, denominator] = partsOf(fraction);
  return Number(numerator / denominator);
}

function partsOf(fraction: Fraction): [bigint, bigint] {
  const [numerator = '0', denominator = '1'] = fraction.split('/');
  return [BigInt(numerator), BigInt(denominator)];
}
