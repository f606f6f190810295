/**
 * One run of the Method of Equal Shares (Peters, Pierczyński, Skowron 2021): every ballot has one endowment;
 * again and again the project is bought whose supporters pay the least per utility, each the same rate or all they have.
 *
 * Exact, and fast: budgets are floats whose error is bounded, and whatever a float within its bound cannot tell
 * (who is short, which project is best, whether money suffices) is decided in rationals. A project's rate never falls
 * during a run, so the last one known is a lower bound, and most projects need no new look in a round.
 */
import type { Limits } from './limits.ts';
import type { Reason } from './outcome.ts';
import { toFloat, type Rational } from './rational.ts';
import { SharesBooks } from './shares-books.ts';
import type { Field } from './shares-field.ts';
import type { Rate } from './shares-money.ts';
import type { Ties } from './ties.ts';

/** A project's rate with its bound: the true one divided by the project's divisor lies between `low` and `high`. */
interface Offer {
  readonly project: number;
  readonly rate: number;
  readonly rateError: number;
  readonly low: number;
  readonly high: number;
}

const EPSILON = 2 ** -52;

export class SharesRun {
  readonly books: SharesBooks;
  /** Projects that a conflict or a cap put out of the running. */
  readonly barred = new Map<number, Reason>();
  readonly #field: Field;
  readonly #limits: Limits;
  readonly #ties: Ties;
  readonly #endowment: number;
  /** By group, with an error of at most `#budgetError`. */
  readonly #budgets: Float64Array;
  /** By project: no rate over divisor below this, now or later. */
  readonly #bounds: Float64Array;
  /** Scratch, beside the supporters of the project that was last priced exactly. */
  #isPoor = new Uint8Array(0);

  /** `limits` takes the purchases in; their cost is not held against its money, for a raised run may overspend. */
  constructor(field: Field, endowment: Rational, limits: Limits, ties: Ties) {
    this.#field = field;
    this.#limits = limits;
    this.#ties = ties;
    this.books = new SharesBooks(field, endowment);
    this.#endowment = toFloat(endowment.numerator, endowment.denominator);
    this.#budgets = new Float64Array(field.contest.ballots.weights.length).fill(this.#endowment);
    this.#bounds = new Float64Array(field.divisors.length);
  }

  /** Buys out of `candidates` (project indexes with support) until nothing can be bought. */
  buyAll(candidates: readonly number[]): void {
    const { contest, totalUnits, divisors } = this.#field;
    for (const project of candidates) {
      const rate = contest.election.projects[project]!.costMinor / totalUnits[project]!;
      this.#bounds[project] = (rate / divisors[project]!) * (1 - 8 * EPSILON);
    }
    let open = candidates;
    for (;;) {
      const { best, stillOpen } = this.#bestOffers(open);
      if (best.length === 0) return;
      const project = this.#choose(best);
      this.#buy(project, best.find((offer) => offer.project === project)!);
      open = stillOpen.filter((other) => other !== project);
    }
  }

  /** What the supporters of a project have left between them, exactly. */
  supportersMoney(project: number): Rational {
    const { offsets, groups } = this.#field;
    const held = this.books.newHolding();
    for (let k = offsets[project]!; k < offsets[project + 1]!; k++) this.books.hold(held, groups[k]!);
    return { numerator: this.books.money.moneyOf(held), denominator: this.books.money.denominator };
  }

  /** The offers that floats cannot tell from the best one. */
  #bestOffers(open: readonly number[]): { best: Offer[]; stillOpen: number[] } {
    const order = [...open].sort((a, b) => this.#bounds[a]! - this.#bounds[b]!);
    let best: Offer[] = [];
    let high = Infinity;
    const stillOpen: number[] = [];
    for (const project of order) {
      if (this.#bounds[project]! > high) {
        stillOpen.push(project);
        continue;
      }
      const reason = this.#limits.bar(project);
      if (reason) this.barred.set(project, reason);
      const offer = reason ? undefined : this.#price(project);
      if (!offer) continue;
      stillOpen.push(project);
      this.#bounds[project] = offer.low;
      high = Math.min(high, offer.high);
      best.push(offer);
    }
    best = best.filter((offer) => offer.low <= high);
    return { best, stillOpen };
  }

  /** Undefined where the supporters cannot pay, now and so for the rest of the run. */
  #price(project: number): Offer | undefined {
    const { contest, offsets, groups, units, totalWeight, divisors } = this.#field;
    const { weights } = contest.ballots;
    const cost = contest.election.projects[project]!.costMinor;
    const [from, to] = [offsets[project]!, offsets[project + 1]!];
    let rate = this.#bounds[project]! * divisors[project]!;
    let money = 0;
    // Each turn finds some more supporters short and so raises the rate for the others, until nobody new is short.
    for (let poorBefore = -1, poor = 0; ; poorBefore = poor) {
      let poorMoney = 0;
      let richUnits = 0;
      poor = 0;
      money = 0;
      for (let k = from; k < to; k++) {
        const group = groups[k]!;
        const held = this.#budgets[group]! * weights[group]!;
        money += held;
        if (this.#budgets[group]! < rate * units[k]!) {
          poorMoney += held;
          poor += 1;
        } else richUnits += units[k]! * weights[group]!;
      }
      if (richUnits === 0 || poor <= poorBefore) break;
      rate = (cost - poorMoney) / richUnits;
    }
    const moneyError = totalWeight[project]! * this.#endowment * EPSILON * (2 * this.books.purchases.length + (to - from) + 16);
    if (money < cost - moneyError) return undefined;
    if (money < cost + moneyError) return this.#priceOnTheEdge(project);
    // With money to spare some ballot pays in full, so a unit more of rate brings a unit more of money, or several.
    return this.#offer(project, rate, moneyError);
  }

  /** Where floats cannot tell whether the supporters can pay. */
  #priceOnTheEdge(project: number): Offer | undefined {
    const money = this.supportersMoney(project);
    if (money.numerator < BigInt(this.#field.contest.election.projects[project]!.costMinor) * money.denominator) return undefined;
    const rate = this.#exactRate(project, 0, Infinity);
    return this.#offer(project, toFloat(rate.numerator, money.denominator * BigInt(rate.units)), 0);
  }

  #offer(project: number, rate: number, error: number): Offer {
    const divisor = this.#field.divisors[project]!;
    const rateError = error + rate * 4 * EPSILON;
    return { project, rate, rateError, low: (rate - rateError) / divisor, high: (rate + rateError) / divisor };
  }

  /** The exact rate of a project whose supporters can pay it; leaves in `#isPoor` who of them is short. */
  #exactRate(project: number, rate: number, rateError: number): Rate {
    const { contest, offsets, groups, units } = this.#field;
    const { weights } = contest.ballots;
    const cost = contest.election.projects[project]!.costMinor;
    const from = offsets[project]!;
    const isPoor = (this.#isPoor = new Uint8Array(offsets[project + 1]! - from));
    const budgetError = this.#endowment * EPSILON * (2 * this.books.purchases.length + 4);
    const poor = this.books.newHolding();
    let richUnits = 0;
    let unsure: number[] = [];
    for (let k = 0; k < isPoor.length; k++) {
      const group = groups[from + k]!;
      const unit = units[from + k]!;
      const spare = this.#budgets[group]! - rate * unit;
      const error = budgetError + rateError * unit;
      if (spare < -error) {
        isPoor[k] = 1;
        this.books.hold(poor, group);
        continue;
      }
      richUnits += unit * weights[group]!;
      if (spare <= error) unsure.push(k);
    }
    for (;;) {
      const exact = this.books.money.rateFor(cost, this.books.money.moneyOf(poor), richUnits);
      const short = unsure.filter((k) => this.#isShort(groups[from + k]!, units[from + k]!, exact));
      if (short.length === 0) return exact;
      for (const k of short) {
        isPoor[k] = 1;
        this.books.hold(poor, groups[from + k]!);
        richUnits -= units[from + k]! * weights[groups[from + k]!]!;
      }
      unsure = unsure.filter((k) => isPoor[k] === 0);
    }
  }

  /** Whether one ballot of the group has less than `units` at the rate. */
  #isShort(group: number, units: number, rate: Rate): boolean {
    return this.books.moneyOfOne(group) * BigInt(rate.units) < rate.numerator * BigInt(units);
  }

  /** The best of several offers in rationals; equal ones by the rule's ties, then by lot if their order matters. */
  #choose(offers: readonly Offer[]): number {
    if (offers.length === 1) return offers[0]!.project;
    const { contest, divisors } = this.#field;
    let tied: { project: number; rate: Rate; units: bigint }[] = [];
    for (const { project, rate, rateError } of offers) {
      const exact = this.#exactRate(project, rate, rateError);
      const next = { project, rate: exact, units: BigInt(exact.units) * BigInt(divisors[project]!) };
      const difference = tied[0] ? exact.numerator * tied[0].units - tied[0].rate.numerator * next.units : -1n;
      if (difference < 0n) tied = [next];
      else if (difference === 0n) tied.push(next);
    }
    const first = this.#ties.first(contest, tied.map(({ project }) => project));
    if (first.length === 1) return first[0]!;
    const matters = this.#orderMatters(first, tied[0]!.rate.numerator, tied[0]!.units);
    return (matters ? this.#ties.byLot(first) : this.#ties.byId(first))[0]!;
  }

  /**
   * Whether buying one of the tied projects could change the price of another: somebody supports several and cannot
   * pay for all of them, or a conflict or cap stands between them. Their rate over divisor is `numerator` / (common denominator * `units`).
   */
  #orderMatters(tied: readonly number[], numerator: bigint, units: bigint): boolean {
    const trial = this.#limits.clone();
    for (const project of tied) {
      if (trial.bar(project)) return true;
      trial.fund(project);
    }
    const { offsets, groups, units: each, divisors } = this.#field;
    const dues = new Map<number, { projects: number; utility: bigint }>();
    for (const project of tied) {
      for (let k = offsets[project]!; k < offsets[project + 1]!; k++) {
        const due = dues.get(groups[k]!) ?? { projects: 0, utility: 0n };
        due.projects += 1;
        due.utility += BigInt(each[k]!) * BigInt(divisors[project]!);
        dues.set(groups[k]!, due);
      }
    }
    for (const [group, due] of dues) {
      const money = due.projects > 1 ? this.books.moneyOfOne(group) : 0n;
      if (money > 0n && money * units < numerator * due.utility) return true;
    }
    return false;
  }

  #buy(project: number, offer: Offer): void {
    const { contest, offsets, groups, units } = this.#field;
    const { weights } = contest.ballots;
    const rate = this.books.money.enter(this.#exactRate(project, offer.rate, offer.rateError));
    const from = offsets[project]!;
    let paying = 0;
    let poor = 0;
    for (let k = 0; k < this.#isPoor.length; k++) {
      const group = groups[from + k]!;
      if (this.books.isSpent(group)) continue;
      paying += weights[group]!;
      if (this.#isPoor[k]) {
        poor += weights[group]!;
        this.books.spentAt[group] = this.books.purchases.length;
        this.#budgets[group] = 0;
      } else this.#budgets[group]! -= rate * units[from + k]!;
    }
    this.books.enter({ project, paying, poor });
    this.#limits.fund(project);
  }
}
