/** What a ballot may hold, as the form, the server's page and the phone's script add it up alike. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readRound } from '@commonpot/server/rounds/contract';

export type BallotForm = NonNullable<AnswerOf<typeof readRound>['ballotForm']>;

export interface Terms {
  form: BallotForm;
  budgetMinor: number;
  currency: string;
}

export interface Sum {
  count: number;
  costMinor: number;
  /** Below zero when the choices cost more than there is. */
  leftMinor: number;
  /** Why this is no legal ballot yet. An empty one always is. */
  fault: 'over-budget' | 'too-many' | 'too-few' | null;
}

/** Adds up chosen projects. */
export function addUp(terms: Terms, costsMinor: readonly number[]): Sum {
  const costMinor = costsMinor.reduce((sum, cost) => sum + cost, 0);
  const count = costsMinor.length;
  const leftMinor = terms.budgetMinor - costMinor;
  return { count, costMinor, leftMinor, fault: count === 0 ? null : faultOf(terms.form, count, leftMinor) };
}

function faultOf(form: BallotForm, count: number, leftMinor: number): Sum['fault'] {
  switch (form.kind) {
    case 'knapsack': return leftMinor < 0 ? 'over-budget' : null;
    case 'up-to': return count > form.k ? 'too-many' : null;
    case 'at-least': return count < form.k ? 'too-few' : null;
    case 'one': return count > 1 ? 'too-many' : null;
  }
}

/**
 * What keeps one more project off the ballot: the money it is over by, on a ballot that could still make room for it
 * or not at all, or no place left. Null when it fits.
 */
export function obstacle(terms: Terms, sum: Sum, costMinor: number): { overMinor: number; forGood: boolean } | 'no-place' | null {
  const forGood = costMinor > terms.budgetMinor;
  if (terms.form.kind === 'knapsack' && forGood) return { overMinor: costMinor - terms.budgetMinor, forGood };
  if (terms.form.kind === 'knapsack') return costMinor > sum.leftMinor ? { overMinor: costMinor - sum.leftMinor, forGood } : null;
  return terms.form.kind === 'up-to' && sum.count >= terms.form.k ? 'no-place' : null;
}

/** How full the ballot is, for the level: used and whole. */
export function fullness(terms: Terms, sum: Sum): { used: number; whole: number } {
  if (terms.form.kind === 'knapsack') return { used: Math.min(sum.costMinor, terms.budgetMinor), whole: terms.budgetMinor };
  const whole = terms.form.kind === 'one' ? 1 : terms.form.k;
  return { used: Math.min(sum.count, whole), whole };
}
