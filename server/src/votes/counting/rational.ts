/** The little exact arithmetic that counting needs beyond BigInt itself. */
import type { Fraction } from './outcome.ts';

/** Not necessarily in lowest terms; the denominator is above zero. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/** As text in lowest terms; the denominator is positive. */
export function fraction(numerator: bigint, denominator: bigint): Fraction {
  const divisor = gcd(numerator, denominator);
  return denominator === divisor ? `${numerator / divisor}` : `${numerator / divisor}/${denominator / divisor}`;
}

/** The nearest float but for some 2^-53 of it. */
export function toFloat(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  if (numerator < 0n) return -toFloat(-numerator, denominator);
  const shift = Math.max(0, 68 + bitsOf(denominator) - bitsOf(numerator));
  return Number((numerator << BigInt(shift)) / denominator) / 2 ** shift;
}

/** Up to three too many. */
function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}

/** Of whole numbers of zero or more. */
export function gcdOfNumbers(a: number, b: number): number {
  while (a !== 0) [a, b] = [b % a, a];
  return b;
}
