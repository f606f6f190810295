/** The ways of choosing and of counting that a person picks from, as the data the API takes. Pure. */
import type { AdminRound } from './steps.ts';

type BallotForm = NonNullable<AdminRound['ballotForm']>;
type Rule = NonNullable<AdminRound['rule']>;

export const FORMS = ['knapsack', 'up-to', 'at-least', 'one'] as const;
export const RULES = ['skip', 'stop', 'shares'] as const;
export type FormName = (typeof FORMS)[number];
export type RuleName = (typeof RULES)[number];
export const USUAL_PICKS = 5;
export const PICKS_MAX = 100;

const methods: Record<RuleName, Record<string, unknown>> = {
  skip: { kind: 'greedy', order: 'votes', tooExpensive: 'skip' },
  stop: { kind: 'greedy', order: 'votes', tooExpensive: 'stop' },
  /** The Method of Equal Shares, every share raised until the next raise would overspend; what is left goes by votes. */
  shares: { kind: 'equal-shares', utility: 'cost', start: 'exact', raise: { byUnits: 1, stopWhenExhaustive: true }, completion: 'by-votes', comparison: 'none' },
};

/** The ballot that a choice means; `picks` is how many projects at most, or at least. */
export function ballotFormOf(form: FormName, picks: number): BallotForm {
  return form === 'up-to' || form === 'at-least' ? { kind: form, k: picks } : { kind: form };
}

/** The rule that a choice means; `votesNeeded` is what a project needs at least. */
export function ruleOf(name: RuleName, votesNeeded: number | null): Rule {
  return {
    version: 1, method: methods[name], threshold: votesNeeded === null ? null : { kind: 'votes', atLeast: votesNeeded },
    conflicts: [], caps: { categories: {}, areas: {} }, pots: null, ties: ['lower-cost', 'more-votes'],
  };
}

/** The choice a rule was made from, or null for none and for one made elsewhere. */
export function ruleNameOf(rule: AdminRound['rule']): RuleName | null {
  const method = JSON.stringify(sorted(rule?.method));
  return RULES.find((name) => JSON.stringify(sorted(methods[name])) === method) ?? null;
}

/** The database keeps the names of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]);
}

/** The votes a project needs at least, where the rule says so. */
export function votesNeeded(rule: AdminRound['rule']): number | null {
  const threshold = rule?.threshold as { kind?: string; atLeast?: number } | null | undefined;
  return threshold?.kind === 'votes' ? (threshold.atLeast ?? null) : null;
}
