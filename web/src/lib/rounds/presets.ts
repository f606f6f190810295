/** The ways of choosing and of counting that a person picks from, as the data the API takes. Pure. */
import type { AdminRound } from './steps.ts';

type BallotForm = NonNullable<AdminRound['ballotForm']>;
type Rule = NonNullable<AdminRound['rule']>;

export const FORMS = ['knapsack', 'up-to', 'at-least', 'one', 'points', 'scores', 'ranking'] as const;
export const RULES = ['skip', 'stop', 'shares'] as const;
export type FormName = (typeof FORMS)[number];
export type RuleName = (typeof RULES)[number];
export const USUAL_PICKS = 5;
export const PICKS_MAX = 100;
export const USUAL_POINTS = { total: 10, most: 5, highest: 5 };

/** The numbers beside the forms: projects at most or at least, points in all and on one project, the highest score. */
export interface FormNumbers {
  picks: number;
  total: number;
  most: number;
  highest: number;
}

/** Most votes first, passing over or stopping; and fair shares, which ask what a ballot says a project is worth. */
function methodOf(name: RuleName, form: FormName): Record<string, unknown> {
  if (name !== 'shares') return { kind: 'greedy', order: 'votes', tooExpensive: name };
  const utility = form === 'ranking' ? 'ranks' : form === 'points' || form === 'scores' ? 'points' : 'cost';
  // Every share is raised until the next raise would overspend; what is left goes by votes.
  return { kind: 'equal-shares', utility, start: 'exact', raise: { byUnits: 1, stopWhenExhaustive: true }, completion: 'by-votes', comparison: 'none' };
}

/** The ballot that a choice means. */
export function ballotFormOf(form: FormName, { picks, total, most, highest }: FormNumbers): BallotForm {
  switch (form) {
    case 'up-to': case 'at-least': case 'ranking': return { kind: form, k: picks };
    case 'points': return { kind: form, total, most: Math.min(most, total) };
    case 'scores': return { kind: form, most: highest };
    default: return { kind: form };
  }
}

/** The rule that a choice means; `votesNeeded` is what a project needs at least. */
export function ruleOf(name: RuleName, votesNeeded: number | null, form: FormName = 'knapsack'): Rule {
  return {
    version: 1, method: methodOf(name, form), threshold: votesNeeded === null ? null : { kind: 'votes', atLeast: votesNeeded },
    conflicts: [], caps: { categories: {}, areas: {} }, pots: null, ties: ['lower-cost', 'more-votes'],
  };
}

/** A rule with the limits and the pots that the round's rule has already. */
export function keepLimits(rule: Rule, before: AdminRound['rule']): Rule {
  return before ? { ...rule, conflicts: before.conflicts, caps: before.caps, pots: before.pots } : rule;
}

/** The choice a rule was made from, or null for none and for one made elsewhere. */
export function ruleNameOf(rule: AdminRound['rule']): RuleName | null {
  const method = textOf(rule?.method);
  return RULES.find((name) => FORMS.some((form) => textOf(methodOf(name, form)) === method)) ?? null;
}

/** Whether two rules count by the same method. */
export function isSameMethod(a: AdminRound['rule'], b: AdminRound['rule']): boolean {
  return textOf(a?.method) === textOf(b?.method);
}

/** The database keeps the names of an object in an order of its own. */
const textOf = (value: unknown) => JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]);
}

/** The votes a project needs at least, where the rule says so. */
export function votesNeeded(rule: AdminRound['rule']): number | null {
  const threshold = rule?.threshold as { kind?: string; atLeast?: number } | null | undefined;
  return threshold?.kind === 'votes' ? (threshold.atLeast ?? null) : null;
}
