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
      const level = levelWith(pot, index);
      steps.push({
        number: steps.length + 1, area: pot.area ?? null, project: project.number, title: project.title, costMinor: project.costMinor, votes: votes.get(each.projectId) ?? 0,
        budgetMinor: pot.budgetMinor, leftMinor, funded, by: whyNow(each, rule), isCompletion: each.kind === 'greedy' && pot.steps.some(({ kind }) => kind === 'purchase'),
        level, byLot: outcome.ties.some(({ tied }) => tied.includes(each.projectId) && level.some((other) => tied.includes(other))),
        shares: each.kind === 'purchase' ? { payMinor: payOf(each, rule, project.costMinor), paying: each.paying, poor: each.poor } : null,
        earnedMinor: each.kind === 'load' ? wholePart(each.load) : null,
      });
      if (funded) leftMinor -= project.costMinor;
    }
  }
  return { steps, pots: outcome.pots.map((pot) => ({ area: pot.area ?? null, budgetMinor: pot.budgetMinor, spentMinor: pot.spentMinor, ballots: pot.ballots, shares: sharesOf(pot.equalShares) })) };
}

/** What the order of the steps went by. */
function measureOf(each: Step): Fraction {
  return each.kind === 'greedy' ? each.score : each.kind === 'purchase' ? each.rate : each.load;
}

/** The neighbours in the trace with exactly the same measure. */
function levelWith({ steps }: PotTrace, index: number): string[] {
  const own = steps[index]!;
  const isLevel = (other: Step | undefined) => other?.kind === own.kind && measureOf(other) === measureOf(own);
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
function payOf({ rate }: Extract<Step, { kind: 'purchase' }>, { method }: Rule, costMinor: number): number | null {
  if (method.kind !== 'equal-shares') return null;
  if (method.utility === 'cardinality') return wholePart(rate);
  return method.utility === 'cost' ? wholePart(rate, costMinor) : null;
}

function sharesOf(trace: EqualSharesTrace | undefined): Answer['pots'][number]['shares'] {
  if (!trace) return null;
  const { endowment, raises, raisingEnded = null, nextCostMinor = null, comparison } = trace;
  return {
    endowmentMinor: wholePart(endowment), raises, raisingEnded, nextCostMinor,
    comparison: comparison ? { preferEqualShares: comparison.preferEqualShares, preferByVotes: comparison.preferByVotes } : null,
  };
}

/** `times` a fraction of the trace, rounded down. */
function wholePart(fraction: Fraction, times = 1): number {
  const [numerator = '0', denominator = '1'] = fraction.split('/');
  return Number((BigInt(numerator) * BigInt(times)) / BigInt(denominator));
}
