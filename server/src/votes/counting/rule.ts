/**
 * A rule as data: everything that decides a count, so that it can be frozen and its digest published
 * before voting opens. Amounts are in the election's minor units.
 */
import { z } from 'zod';

const minor = z.int().positive();

/** By votes (for ballots with points: by points). Cities skip what does not fit, or stop there. */
const greedy = z.strictObject({
  kind: z.literal('greedy'),
  order: z.enum(['votes', 'votes-per-cost']),
  tooExpensive: z.enum(['skip', 'stop']),
});

/**
 * Peters and Skowron's Method of Equal Shares. "Add1" is not one rule, so each of its parts has a name.
 * `utility` is what a funded project is worth to its supporter: its cost, one, or the points given. On a ranking,
 * "points" are the projects ranked below it (Borda: none for the last), "ranks" are one more (one for the last).
 */
const equalShares = z.strictObject({
  kind: z.literal('equal-shares'),
  utility: z.enum(['cost', 'cardinality', 'points', 'ranks']),
  /** A ballot's endowment before any raise: budget / ballots, or that rounded down to whole units of the currency. */
  start: z.enum(['exact', 'whole-units']),
  /** Raise every endowment by so many whole units of the currency until the next raise would overspend. */
  raise: z.strictObject({ byUnits: z.int().positive(), stopWhenExhaustive: z.boolean() }).nullable(),
  /** Spend what is left by votes, skipping what does not fit. */
  completion: z.enum(['none', 'by-votes']),
  /**
   * Take the outcome of greedy by votes instead where more ballots are better off with it:
   * by points of funded projects (approvals: how many), or by having any funded project at all.
   */
  comparison: z.enum(['none', 'satisfaction', 'exclusion']),
});

/** Supporters earn at one rate and buy as soon as they can; stops at the first project that no longer fits. */
const phragmen = z.strictObject({ kind: z.literal('phragmen') });

export const ruleSchema = z.strictObject({
  version: z.literal(1),
  method: z.discriminatedUnion('kind', [greedy, equalShares, phragmen]),
  /** What a project needs to be eligible at all: votes (points), or supporters as a share of the ballots. */
  threshold: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('votes'), atLeast: z.int().nonnegative() }),
      z.strictObject({ kind: z.literal('share'), percent: z.int().min(0).max(100) }),
    ])
    .nullable(),
  /** Sets of project ids of which at most one may win. */
  conflicts: z.array(z.array(z.string()).min(2)),
  /** The most that may be spent on projects of one category or neighbourhood. */
  caps: z.strictObject({ categories: z.record(z.string(), minor), areas: z.record(z.string(), minor) }),
  /**
   * Neighbourhoods with money of their own, counted in this order before the whole, whose pot is the election's budget.
   * A project with an area competes for that pot only. Unspent money stays with the area or goes to the whole.
   */
  pots: z
    .strictObject({
      areas: z.array(z.strictObject({ area: z.string(), budgetMinor: minor })).min(1),
      unspent: z.enum(['stays', 'goes-to-whole']),
    })
    .nullable(),
  /** How ties are broken before the lot: the cheaper first, then the one with more votes. */
  ties: z.array(z.enum(['lower-cost', 'more-votes'])),
});

export type Rule = z.infer<typeof ruleSchema>;
export type GreedyMethod = z.infer<typeof greedy>;
export type EqualSharesMethod = z.infer<typeof equalShares>;
export type Threshold = NonNullable<Rule['threshold']>;

/** What is left for the whole of all of a round's money, once areas with pots of their own have theirs. */
export function wholeMinor(budgetMinor: number, rule: Pick<Rule, 'pots'>): number {
  return budgetMinor - (rule.pots?.areas.reduce((sum, pot) => sum + pot.budgetMinor, 0) ?? 0);
}

/** A method with nothing around it: no threshold, no conflicts, no caps, one pot, ties by cost and then votes. */
export function plainRule(method: Rule['method']): Rule {
  return {
    version: 1, method, threshold: null, conflicts: [], caps: { categories: {}, areas: {} }, pots: null,
    ties: ['lower-cost', 'more-votes'],
  };
}
