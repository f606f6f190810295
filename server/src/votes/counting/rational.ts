/** The little exact arithmetic that counting needs beyond BigInt itself. */
import type { Fraction } from './outcome.ts';

/** Not necessarily in lowest terms; the denominator is above zero. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/** As text in lowest terms; the denominator is positive. */
export function fraction(numerator: bigint, denominator: bigint): Fraction {
  const divisor = gcd(numerator, denominator);
  return denominator === divisor ? `${numerator / divisor}` : `${numerator / divisor}/${denominator / divisor}`;
}

/** Both above zero or the first zero; with 80 bits behind the point before it becomes a float. */
export function toFloat(numerator: bigint, denominator: bigint): number {
  return Number((numerator << 80n) / denominator) / 2 ** 80;
}

/** Of whole numbers of zero or more. */
export function gcdOfNumbers(a: number, b: number): number {
  while (a !== 0) [a, b] = [b % a, a];
  return b;
}
