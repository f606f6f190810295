/**
 * The exact money of one run. A ballot that was never short has its endowment less rate times units for each
 * purchase it supports; one that was short has nothing. So a few rationals describe every ballot:
 * the endowment and the rates, kept as numerators over one common denominator.
 */
import { gcdOfNumbers, toFloat, type Rational } from './rational.ts';

/** A rate still to be entered: `numerator` / (the common denominator * `units`). */
export interface Rate {
  readonly numerator: bigint;
  readonly units: number;
}

/** Some ballots that were never short, and the units they paid at each purchase. */
export interface Holding {
  ballots: number;
  readonly paidUnits: Float64Array;
}

export class SharesMoney {
  #endowment: bigint;
  #denominator: bigint;
  readonly #rates: bigint[] = [];

  constructor(endowment: Rational) {
    this.#endowment = endowment.numerator;
    this.#denominator = endowment.denominator;
  }

  get denominator(): bigint {
    return this.#denominator;
  }

  /** What ballots have left, as a numerator; those that paid at the first n purchases only had it before the next. */
  moneyOf({ ballots, paidUnits }: Holding): bigint {
    let money = this.#endowment * BigInt(ballots);
    for (let j = 0; j < paidUnits.length; j++) {
      if (paidUnits[j] !== 0) money -= this.#rates[j]! * BigInt(paidUnits[j]!);
    }
    return money;
  }

  /** The rate at which `units` pay what `money` (a numerator) leaves open of the cost. */
  rateFor(costMinor: number, money: bigint, units: number): Rate {
    return { numerator: BigInt(costMinor) * this.#denominator - money, units };
  }

  /** Enters a purchase; returns its rate as a float, the nearest but for some 2^-52. */
  enter(rate: Rate): number {
    // The new denominator is the old one times at most `units`; cancelling what is shared with that small number is cheap.
    const shared = gcdOfNumbers(Math.abs(Number(rate.numerator % BigInt(rate.units))), rate.units);
    const factor = BigInt(rate.units / shared);
    this.#denominator *= factor;
    this.#endowment *= factor;
    for (let j = 0; j < this.#rates.length; j++) this.#rates[j]! *= factor;
    const numerator = rate.numerator / BigInt(shared);
    this.#rates.push(numerator);
    return toFloat(numerator, this.#denominator);
  }

  rateOf(purchase: number): Rational {
    return { numerator: this.#rates[purchase]!, denominator: this.#denominator };
  }
}
