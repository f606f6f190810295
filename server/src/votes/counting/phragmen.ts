/**
 * Sequential Phragmén with money (Los, Christoff, Grossi 2022): all ballots earn at one rate, and a project is bought
 * at the moment when its supporters have earned its cost since each last paid. The count ends at the first project
 * that no longer fits. A ballot's load is the moment of its last purchase, so few different loads describe all ballots.
 *
 * Exact by the same means as Equal Shares: floats with a bound, rationals where they cannot tell,
 * and moments that never fall, so that an old one is a lower bound.
 */
import type { Contest } from './contest.ts';
import type { Limits } from './limits.ts';
import type { Reason, Step } from './outcome.ts';
import { fraction, gcdOfNumbers, toFloat, type Rational } from './rational.ts';
import { fieldFor, type Field } from './shares-field.ts';
import type { Ties } from './ties.ts';

const EPSILON = 2 ** -52;

/** Funds out of `eligible` (project indexes with support) into `limits`; says of each why, by its index. */
export function phragmen(
  contest: Contest, eligible: readonly number[], limits: Limits, ties: Ties,
): { reasons: Map<number, Reason>; steps: Step[] } {
  const loads = new Loads(fieldFor(contest, 'cardinality'));
  const reasons = new Map<number, Reason>();
  const steps: Step[] = [];
  let open = eligible;
  for (;;) {
    for (const project of open) {
      const reason = limits.bar(project);
      if (reason) reasons.set(project, reason);
    }
    open = open.filter((project) => !reasons.has(project));
    if (open.length === 0) return { reasons, steps };
    const first = ties.first(contest, loads.earliest(open));
    const project = first.length === 1 ? first[0]! : (orderMatters(loads, first, limits) ? ties.byLot(first) : ties.byId(first))[0]!;
    const { id } = contest.election.projects[project]!;
    const { numerator, denominator } = loads.momentOf(project);
    const short = limits.short(project);
    steps.push({ kind: 'load', projectId: id, load: fraction(numerator, denominator), funded: !short });
    if (short) {
      for (const other of open) reasons.set(other, { kind: 'stopped', at: id, afterWinners: short.afterWinners });
      reasons.set(project, short);
      return { reasons, steps };
    }
    loads.buy(project);
    limits.fund(project);
    reasons.set(project, { kind: 'won', place: limits.potWinners.length, through: 'method' });
    open = open.filter((other) => other !== project);
  }
}

/** Nobody supports two of the tied and all of them fit, or none fits: then every order comes to the same. */
function orderMatters(loads: Loads, tied: readonly number[], limits: Limits): boolean {
  if (tied.every((project) => limits.short(project))) return false;
  if (loads.shareSupporters(tied)) return true;
  const trial = limits.clone();
  for (const project of tied) {
    if (trial.obstacle(project)) return true;
    trial.fund(project);
  }
  return false;
}

/** When each project could be bought, and what has been bought. */
class Loads {
  readonly #field: Field;
  /** By group: the number of its last purchase, 0 before any. */
  readonly #lastPurchase: Uint32Array;
  /** The moments of purchases, and 0 at the start: as numerators over one common denominator, and as the nearest floats. */
  readonly #moments: bigint[] = [0n];
  readonly #nearMoments: number[] = [0];
  #denominator = 1n;
  /** By project: it cannot be bought before. */
  readonly #bounds: Float64Array;

  constructor(field: Field) {
    this.#field = field;
    this.#lastPurchase = new Uint32Array(field.contest.ballots.weights.length);
    this.#bounds = new Float64Array(field.divisors.length);
  }

  /** Of `open`, the projects that can be bought first, at exactly the same moment. */
  earliest(open: readonly number[]): number[] {
    const near: { project: number; low: number }[] = [];
    let high = Infinity;
    for (const project of [...open].sort((a, b) => this.#bounds[a]! - this.#bounds[b]!)) {
      if (this.#bounds[project]! > high) break;
      const moment = this.#nearMoment(project);
      const error = moment * EPSILON * (this.#field.offsets[project + 1]! - this.#field.offsets[project]! + 8);
      this.#bounds[project] = moment - error;
      high = Math.min(high, moment + error);
      near.push({ project, low: moment - error });
    }
    const candidates = near.filter(({ low }) => low <= high).map(({ project }) => project);
    if (candidates.length === 1) return candidates;
    let earliest: number[] = [];
    let best: Rational = { numerator: 0n, denominator: 1n };
    for (const project of candidates) {
      const moment = this.momentOf(project);
      const difference = moment.numerator * best.denominator - best.numerator * moment.denominator;
      if (earliest.length === 0 || difference < 0n) {
        earliest = [project];
        best = moment;
      } else if (difference === 0n) earliest.push(project);
    }
    return earliest;
  }

  /** The exact moment at which a project's supporters have its cost. */
  momentOf(project: number): Rational {
    const ballotsByPurchase = new Float64Array(this.#moments.length);
    const { contest, offsets, groups, totalWeight } = this.#field;
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
      ballotsByPurchase[this.#lastPurchase[groups[k]!]!]! += contest.ballots.weights[groups[k]!]!;
    }
    let numerator = BigInt(contest.election.projects[project]!.costMinor) * this.#denominator;
    this.#moments.forEach((moment, purchase) => (numerator += moment * BigInt(ballotsByPurchase[purchase]!)));
    return { numerator, denominator: this.#denominator * BigInt(totalWeight[project]!) };
  }

  buy(project: number): void {
    const { offsets, groups, totalWeight } = this.#field;
    const { numerator } = this.momentOf(project);
    const supporters = totalWeight[project]!;
    const shared = gcdOfNumbers(Number(numerator % BigInt(supporters)), supporters);
    const factor = BigInt(supporters / shared);
    this.#denominator *= factor;
    for (let purchase = 0; purchase < this.#moments.length; purchase++) this.#moments[purchase]! *= factor;
    this.#moments.push(numerator / BigInt(shared));
    this.#nearMoments.push(toFloat(numerator / BigInt(shared), this.#denominator));
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) this.#lastPurchase[groups[k]!] = this.#nearMoments.length - 1;
  }

  shareSupporters(projects: readonly number[]): boolean {
    const { offsets, groups } = this.#field;
    const seen = new Set<number>();
    for (const project of projects) {
      for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
        if (seen.has(groups[k]!)) return true;
        seen.add(groups[k]!);
      }
    }
    return false;
  }

  #nearMoment(project: number): number {
    const { contest, offsets, groups, totalWeight } = this.#field;
    let sum = contest.election.projects[project]!.costMinor;
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
      sum += this.#nearMoments[this.#lastPurchase[groups[k]!]!]! * contest.ballots.weights[groups[k]!]!;
    }
    return sum / totalWeight[project]!;
  }
}
