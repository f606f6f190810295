/**
 * The books of one run of Equal Shares: what was bought, and who had to give all they had. From these alone follows,
 * exactly, what any ballots have left now or had before an earlier purchase.
 */
import type { Rational } from './rational.ts';
import type { Field } from './shares-field.ts';
import { SharesMoney, type Holding } from './shares-money.ts';

export interface Purchase {
  readonly project: number;
  /** Ballots that paid, and those among them that paid all they had left. */
  readonly paying: number;
  readonly poor: number;
}

export class SharesBooks {
  readonly purchases: Purchase[] = [];
  readonly money: SharesMoney;
  /** By group: the number of the purchase at which it was short and gave all it had, or -1. */
  readonly spentAt: Int32Array;
  readonly #field: Field;
  /** By project: the number of its purchase, or -1. */
  readonly #boughtAt: Int32Array;

  constructor(field: Field, endowment: Rational) {
    this.#field = field;
    this.money = new SharesMoney(endowment);
    this.spentAt = new Int32Array(field.contest.ballots.weights.length).fill(-1);
    this.#boughtAt = new Int32Array(field.divisors.length).fill(-1);
  }

  enter(purchase: Purchase): void {
    this.#boughtAt[purchase.project] = this.purchases.length;
    this.purchases.push(purchase);
  }

  hasBought(project: number): boolean {
    return this.#boughtAt[project]! >= 0;
  }

  /** Whether a group was short before the purchase with this number. */
  isSpent(group: number, before = this.purchases.length): boolean {
    const at = this.spentAt[group]!;
    return at >= 0 && at < before;
  }

  newHolding(before = this.purchases.length): Holding {
    return { ballots: 0, paidUnits: new Float64Array(before) };
  }

  /** Adds a group's ballots to a holding, with what they paid for until then; the spent ones have nothing to add. */
  hold(holding: Holding, group: number, weight = this.#field.contest.ballots.weights[group]!): void {
    const before = holding.paidUnits.length;
    if (this.isSpent(group, before)) return;
    const { ballots } = this.#field.contest;
    holding.ballots += weight;
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      const purchase = this.#boughtAt[ballots.projects[k]!]!;
      if (purchase >= 0 && purchase < before) holding.paidUnits[purchase]! += weight * this.#field.lineUnits[k]!;
    }
  }

  /** What one ballot of a group has left. */
  moneyOfOne(group: number): bigint {
    const held = this.newHolding();
    this.hold(held, group, 1);
    return this.money.moneyOf(held);
  }

  /** Whether two runs bought the same in the same order, and the same ballots were short at the same purchases. */
  isLike(other: SharesBooks): boolean {
    return (
      this.purchases.length === other.purchases.length &&
      this.purchases.every(({ project }, index) => project === other.purchases[index]!.project) &&
      this.spentAt.every((at, group) => at === other.spentAt[group])
    );
  }
}
