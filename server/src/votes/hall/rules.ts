/** The order of projects in a hall, as anybody can work it out from what is published. Pure. */
import { createHash } from 'node:crypto';
import { lotPlaces } from '../counting/lot.ts';

const domain = (name: string) => Buffer.from(`${name}\0`, 'ascii');

/** What is promised before the draw: SHA-256 of the secret. */
export function orderCommitment(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** H(D(commonpot.order.v1) || round16 || secret32 || what was drawn). */
export function orderSeed(given: { round: Buffer; secret: Buffer; drawn: string }): Buffer {
  return createHash('sha256').update(domain('commonpot.order.v1')).update(given.round).update(given.secret).update(given.drawn, 'utf8').digest();
}

/** Projects by HMAC-SHA256(seed, number), the smallest first: the hash of the lot. */
export function drawnOrder(seed: Buffer, numbers: readonly string[]): string[] {
  const places = lotPlaces({ kind: 'seed', seed }, numbers.map((id) => ({ id, costMinor: 1, categories: [], withdrawn: false })));
  return numbers.map((number, index) => ({ number, place: places[index] as number })).sort((a, b) => a.place - b.place).map(({ number }) => number);
}

/** What somebody typed, with the spaces as two people would agree on. */
export function tidy(drawn: string): string {
  return drawn.normalize('NFC').trim().replace(/\s+/g, ' ');
}
