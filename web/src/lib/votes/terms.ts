/** What a ballot may hold, as the form, the server's page and the phone's script add it up alike. Pure. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readRound } from '@commonpot/server/rounds/contract';

export type BallotForm = NonNullable<AnswerOf<typeof readRound>['ballotForm']>;

export interface Terms {
  form: BallotForm;
  budgetMinor: number;
  currency: string;
}

/**
 * One part of a ballot: the whole ballot, or, where the voter's area has money of its own, that area's part and the part
 * for everybody. Each is held to its own terms.
 */
export interface Part extends Terms {
  /** Null for everybody's money. */
  area: string | null;
  /** Areas with money of their own that others vote about. */
  otherAreas: string[];
}

export interface Sum {
  count: number;
  costMinor: number;
  /** Below zero when the choices cost more than there is. */
  leftMinor: number;
  /** Points given in all. */
  points: number;
  /** Why this is no legal ballot yet. An empty one always is. */
  fault: 'over-budget' | 'too-many' | 'too-few' | 'over-most' | 'over-points' | null;
}

/** What somebody chose, for the sum of one part. */
export interface Choice {
  part: number;
  costMinor: number;
  points?: number;
}

/** Whether people give points. */
export function givesPoints(form: BallotForm): form is Extract<BallotForm, { kind: 'points' | 'scores' }> {
  return form.kind === 'points' || form.kind === 'scores';
}

/** Adds up chosen projects; `points` stand beside their costs where people give points. */
export function addUp(terms: Terms, costsMinor: readonly number[], points: readonly number[] = []): Sum {
  const costMinor = costsMinor.reduce((sum, cost) => sum + cost, 0);
  const count = costsMinor.length;
  const leftMinor = terms.budgetMinor - costMinor;
  const given = points.reduce((sum, each) => sum + each, 0);
  return { count, costMinor, leftMinor, points: given, fault: count === 0 ? null : faultOf(terms.form, count, leftMinor, given, Math.max(0, ...points)) };
}

/** Adds up each part. */
export function addUpParts(parts: readonly Part[], choices: readonly Choice[]): Sum[] {
  return parts.map((part, index) => {
    const own = choices.filter((choice) => choice.part === index);
    return addUp(part, own.map((choice) => choice.costMinor), own.flatMap((choice) => choice.points ?? []));
  });
}

function faultOf(form: BallotForm, count: number, leftMinor: number, points: number, highest: number): Sum['fault'] {
  switch (form.kind) {
    case 'knapsack': return leftMinor < 0 ? 'over-budget' : null;
    case 'up-to': case 'ranking': return count > form.k ? 'too-many' : null;
    case 'at-least': return count < form.k ? 'too-few' : null;
    case 'one': return count > 1 ? 'too-many' : null;
    case 'scores': return highest > form.most ? 'over-most' : null;
    case 'points': return highest > form.most ? 'over-most' : points > form.total ? 'over-points' : null;
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
  return (terms.form.kind === 'up-to' || terms.form.kind === 'ranking') && sum.count >= terms.form.k ? 'no-place' : null;
}

/** How full the ballot is, for the level: used and whole. Where nothing fills it, the whole is zero. */
export function fullness(terms: Terms, sum: Sum): { used: number; whole: number } {
  const { form } = terms;
  switch (form.kind) {
    case 'knapsack': return { used: Math.min(sum.costMinor, terms.budgetMinor), whole: terms.budgetMinor };
    case 'one': return { used: Math.min(sum.count, 1), whole: 1 };
    case 'points': return { used: Math.min(sum.points, form.total), whole: form.total };
    case 'scores': return { used: 0, whole: 0 };
    default: return { used: Math.min(sum.count, form.k), whole: form.k };
  }
}
