/** Chance that can be had again: numbers that follow from a seed and from what they are drawn for, and from nothing else. */
import { createHash } from 'node:crypto';

export interface Chance {
  /** At least 0 and below 1. */
  real(): number;
  /** A whole number from 0 up to, and without, `end`. */
  below(end: number): number;
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** A stream of its own for each thing it is drawn for, so that more of one leaves the others as they were. */
export function chanceOf(seed: number, ...of: readonly (string | number)[]): Chance {
  const digest = createHash('sha256').update(JSON.stringify([seed, ...of])).digest();
  const state = new Uint32Array([digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)]);
  const real = (): number => next(state) / 2 ** 32;
  return {
    real,
    below: (end) => Math.floor(real() * end),
    happens: (probability) => real() < probability,
    pick: (from) => from[Math.floor(real() * from.length)] as (typeof from)[number],
  };
}

/** One step of sfc32 (Chris Doty-Humphrey, PractRand): 32 bits, the last word of the state counts. */
function next(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, counter = 0] = state;
  const out = (a + b + counter) >>> 0;
  state[0] = b ^ (b >>> 9);
  state[1] = c + (c << 3);
  state[2] = ((c << 21) | (c >>> 11)) + out;
  state[3] = counter + 1;
  return out;
}
