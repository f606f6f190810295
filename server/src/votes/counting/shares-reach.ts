/**
 * How far endowments may rise before a run of Equal Shares comes out differently in any way: another purchase, another
 * order, another ballot short, another tie.
 *
 * As long as the same is bought and the same ballots are short, every rate, and what every ballot has left before every
 * purchase, is an affine function of the endowment. A run goes by the signs of such functions: has a ballot enough for
 * the rate, is another project dearer, are its supporters below its cost. So nothing changes before the first of them
 * changes its sign. Another project is dearer as long as its supporters, each paying the rate or all they have, give less
 * than it costs. Whoever pays which here, the same choice elsewhere gives too much rather than too little, and again at
 * later purchases, when ballots have less and rates are higher: so one affine function vouches for many.
 *
 * Floats with a bound say which signs are safe; what they cannot tell is decided in rationals.
 */
import type { Limits } from './limits.ts';
import { toFloat, type Rational } from './rational.ts';
import type { SharesBooks } from './shares-books.ts';
import type { Field } from './shares-field.ts';
import { SharesMoney } from './shares-money.ts';
import type { Ties } from './ties.ts';

export interface FinishedRun {
  readonly field: Field;
  readonly endowment: Rational;
  readonly books: SharesBooks;
  /** As they stood before the run. */
  readonly limits: Limits;
  readonly ties: Ties;
  /** The projects that the run chose from. */
  readonly candidates: readonly number[];
}

/** How many raises of `stepMinor` lead to just the same run again; at times fewer than there are, never more. */
export function raisesAlike(run: FinishedRun, stepMinor: number): number {
  return new SharesReach(run, stepMinor).walk();
}

const EPSILON = 2 ** -52;

/** An affine function of the endowment: its numerators over the denominators of the money and of its slopes. */
interface Affine {
  readonly value: bigint;
  readonly slope: bigint;
}

/** The rate of one purchase, exactly and as floats. */
interface Level extends Affine {
  readonly purchase: number;
  readonly project: number;
  readonly nearRate: number;
  readonly nearSlope: number;
}

/**
 * What a project's supporters give at most: some all they have, the others the rate for each of their `units`.
 * The first as floats, with bounds: the sum here, and by how much it grows with a minor unit of endowment.
 */
interface Choice {
  readonly given: number;
  readonly givenError: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly units: number;
}

class SharesReach {
  readonly #run: FinishedRun;
  readonly #step: number;
  readonly #start: number;
  /** Beside the run's money: by how much each sum of it grows with a minor unit of endowment. */
  readonly #slopes = new SharesMoney({ numerator: 1n, denominator: 1n });
  /** By group: what one ballot has left, and by how much that grows. */
  readonly #held: Float64Array;
  readonly #gains: Float64Array;
  #heldError = 0;
  #gainError = 0;
  /** The most that a ballot's gain can have come to, for the bound of its error. */
  #gainMost = 1;
  /** By project, the last one made. */
  readonly #choices = new Map<number, Choice>();
  #raises: number;

  constructor(run: FinishedRun, stepMinor: number) {
    const { field, endowment, candidates } = run;
    this.#run = run;
    this.#step = stepMinor;
    this.#start = toFloat(endowment.numerator, endowment.denominator);
    this.#held = new Float64Array(field.contest.ballots.weights.length).fill(this.#start);
    this.#gains = new Float64Array(this.#held.length).fill(1);
    // With twice the cost of everything every ballot can pay for all it supports: no run stays the same further than that.
    const all = candidates.reduce((sum, project) => sum + field.contest.election.projects[project]!.costMinor, 0);
    this.#raises = Math.min(2 ** 52, Math.ceil((2 * all) / stepMinor));
  }

  /** Goes through the run's purchases once more, with everything that was decided at each. */
  walk(): number {
    const { field, books, ties, candidates } = this.#run;
    const limits = this.#run.limits.clone();
    let open = candidates;
    for (const [purchase, { project }] of books.purchases.entries()) {
      const level = this.#enter(purchase, project);
      this.#keepPayers(project, level);
      open = open.filter((other) => other !== project && !limits.bar(other));
      const tied = open.filter((other) => this.#keepDearer(other, level));
      this.#keepTie([project, ...tied.filter((other) => ties.compare(field.contest, project, other) === 0)], level);
      if (this.#raises === 0) return 0;
      this.#pay(project, level);
      limits.fund(project);
    }
    for (const project of open) if (!limits.bar(project)) this.#keepDearer(project);
    return this.#raises;
  }

  /** The rate of a purchase, and by how much it grows: as much as those who are short bring less, over the others' units. */
  #enter(purchase: number, project: number): Level {
    const { field, books } = this.#run;
    const poor = books.newHolding(purchase);
    let units = 0;
    for (let k = field.offsets[project]!; k < field.offsets[project + 1]!; k++) {
      const group = field.groups[k]!;
      if (books.spentAt[group] === purchase) books.hold(poor, group);
      else if (!books.isSpent(group, purchase)) units += field.units[k]! * field.contest.ballots.weights[group]!;
    }
    const nearSlope = this.#slopes.enter(this.#slopes.rateFor(0, this.#slopes.moneyOf(poor), units));
    const { numerator, denominator } = books.money.rateOf(purchase);
    const rounds = EPSILON * (2 * purchase + 4);
    this.#heldError = this.#start * rounds;
    this.#gainError = this.#gainMost * rounds;
    return { purchase, project, value: numerator, slope: this.#slopes.rateOf(purchase).numerator, nearRate: toFloat(numerator, denominator), nearSlope };
  }

  #pay(project: number, { purchase, nearRate, nearSlope }: Level): void {
    const { field, books } = this.#run;
    let unitsMost = 0;
    for (let k = field.offsets[project]!; k < field.offsets[project + 1]!; k++) {
      const group = field.groups[k]!;
      if (books.isSpent(group, purchase + 1)) this.#held[group] = this.#gains[group] = 0;
      else {
        this.#held[group]! -= nearRate * field.units[k]!;
        this.#gains[group]! -= nearSlope * field.units[k]!;
      }
      unitsMost = Math.max(unitsMost, field.units[k]!);
    }
    this.#gainMost += Math.abs(nearSlope) * unitsMost;
  }

  /** The supporters of a project that stands at the level: who has enough for it keeps enough, who is short stays short. */
  #keepPayers(project: number, level: Level): void {
    const { offsets, groups, units } = this.#run.field;
    const due = this.#dueOf(project, level);
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
      const group = groups[k]!;
      if (this.#run.books.isSpent(group, level.purchase)) continue;
      const [pays, grows] = [due.rate * units[k]!, due.slope * units[k]!];
      const isSafe = this.#isSafe(
        this.#held[group]! - pays, this.#heldError + pays * 8 * EPSILON, this.#gains[group]! - grows, this.#gainError + Math.abs(grows) * 8 * EPSILON,
      );
      if (!isSafe) this.#keepSign(this.#lessDue(this.#moneyOfOne(group, level.purchase), units[k]!, project, level));
    }
  }

  /** A project that was not bought at the level (or, without one, in the end) stays dearer. True where it stands level. */
  #keepDearer(project: number, level?: Level): boolean {
    const known = this.#choices.get(project);
    if (known && this.#isTooLittle(known, project, level)) return false;
    const choice = this.#choose(project, level);
    this.#choices.set(project, choice);
    if (this.#isTooLittle(choice, project, level)) return false;
    const lacking = this.#lacking(project, level);
    if (lacking.value < 0n) throw new Error('a run passed a cheaper project over');
    this.#keepSign(lacking);
    if (!level || lacking.value > 0n) return false;
    this.#keepPayers(project, level);
    return true;
  }

  /** Of projects that only the lot can tell apart: who can pay for all of theirs still can, the others still cannot. */
  #keepTie(projects: readonly number[], level: Level): void {
    if (projects.length < 2) return;
    const { offsets, groups, units, divisors } = this.#run.field;
    const dues = new Map<number, { projects: number; units: bigint }>();
    for (const project of projects) {
      for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
        const due = dues.get(groups[k]!) ?? { projects: 0, units: 0n };
        dues.set(groups[k]!, { projects: due.projects + 1, units: due.units + BigInt(units[k]!) * BigInt(divisors[project]!) });
      }
    }
    for (const [group, due] of dues) {
      if (due.projects < 2) continue;
      const money = this.#moneyOfOne(group, level.purchase);
      this.#keepSign(money);
      this.#keepSign(this.#less(money, due.units, level));
    }
  }

  /** Whether a choice surely gives less than the project costs, for as many raises as there are. */
  #isTooLittle({ given, givenError, slope, slopeError, units }: Choice, project: number, level: Level | undefined): boolean {
    // In the end nobody pays a rate: a choice in which some do says nothing.
    if (!level && units > 0) return false;
    const cost = this.#run.field.contest.election.projects[project]!.costMinor;
    const due = level && units > 0 ? this.#dueOf(project, level) : { rate: 0, slope: 0 };
    const [pay, grow] = [due.rate * units, due.slope * units];
    const value = cost - given - pay;
    return value > 0 && this.#isSafe(value, givenError + (cost + pay) * 8 * EPSILON, -slope - grow, slopeError + Math.abs(grow) * 8 * EPSILON);
  }

  /** The choice that holds here as far as floats can tell: whichever is less. */
  #choose(project: number, level: Level | undefined): Choice {
    const { offsets, groups, units, contest } = this.#run.field;
    const rate = level ? this.#dueOf(project, level).rate : Infinity;
    let [given, slope, ballots, payingUnits] = [0, 0, 0, 0];
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
      const group = groups[k]!;
      const weight = contest.ballots.weights[group]!;
      if (this.#held[group]! >= rate * units[k]!) payingUnits += units[k]! * weight;
      else {
        given += this.#held[group]! * weight;
        slope += this.#gains[group]! * weight;
        ballots += weight;
      }
    }
    const rounds = ballots * EPSILON * (2 * this.#run.books.purchases.length + (offsets[project + 1]! - offsets[project]!) + 16);
    return { given, givenError: rounds * this.#start, slope, slopeError: rounds * this.#gainMost, units: payingUnits };
  }

  /** A project's cost less what its supporters give, by the choice that holds here exactly. */
  #lacking(project: number, level: Level | undefined): Affine {
    const { field, books } = this.#run;
    const before = level?.purchase ?? books.purchases.length;
    const poor = books.newHolding(before);
    const rate = level ? this.#dueOf(project, level).rate : Infinity;
    let units = 0;
    for (let k = field.offsets[project]!; k < field.offsets[project + 1]!; k++) {
      const group = field.groups[k]!;
      if (books.isSpent(group, before)) continue;
      const due = rate * field.units[k]!;
      let spare = this.#held[group]! - due;
      if (level && Math.abs(spare) <= this.#heldError + due * 8 * EPSILON) {
        spare = Number(this.#lessDue(this.#moneyOfOne(group, before), field.units[k]!, project, level).value);
      }
      if (spare < 0) books.hold(poor, group);
      else units += field.units[k]! * field.contest.ballots.weights[group]!;
    }
    const cost = BigInt(field.contest.election.projects[project]!.costMinor) * books.money.denominator;
    return this.#lessDue({ value: cost - books.money.moneyOf(poor), slope: -this.#slopes.moneyOf(poor) }, units, project, level);
  }

  /** What a project's unit costs at the level, as floats. */
  #dueOf(project: number, level: Level): { rate: number; slope: number } {
    const { divisors } = this.#run.field;
    const scale = divisors[project]! / divisors[level.project]!;
    return { rate: level.nearRate * scale, slope: level.nearSlope * scale };
  }

  /** A sum less the level for so many units of a project; up to a factor above zero. */
  #lessDue(sum: Affine, units: number, project: number, level: Level | undefined): Affine {
    return level ? this.#less(sum, BigInt(units) * BigInt(this.#run.field.divisors[project]!), level) : sum;
  }

  #less({ value, slope }: Affine, units: bigint, level: Level): Affine {
    const divisor = BigInt(this.#run.field.divisors[level.project]!);
    return { value: value * divisor - level.value * units, slope: slope * divisor - level.slope * units };
  }

  #moneyOfOne(group: number, before: number): Affine {
    const { books } = this.#run;
    const one = books.newHolding(before);
    books.hold(one, group, 1);
    return { value: books.money.moneyOf(one), slope: this.#slopes.moneyOf(one) };
  }

  /** Whether floats are sure that a function keeps its sign for as many raises as there are. */
  #isSafe(value: number, valueError: number, slope: number, slopeError: number): boolean {
    const towardsZero = Math.max(0, (value > 0 ? -slope : slope) + slopeError);
    return Math.abs(value) - valueError > towardsZero * this.#step * this.#raises * (1 + 8 * EPSILON);
  }

  /** No more raises than leave a function its sign; what is zero must stay zero. */
  #keepSign({ value, slope }: Affine): void {
    const towardsZero = value > 0n ? -slope : slope;
    if (value === 0n && slope !== 0n) this.#raises = 0;
    if (value === 0n || towardsZero <= 0n) return;
    const distance = (value > 0n ? value : -value) * this.#slopes.denominator;
    const raises = (distance - 1n) / (towardsZero * BigInt(this.#step) * this.#run.books.money.denominator);
    if (raises < this.#raises) this.#raises = Number(raises);
  }
}
