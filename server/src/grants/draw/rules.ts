/**
 * The draw of a waiting list, which anybody can run again. Pure: needs the published pool and the seed, and nothing else.
 *
 * Every ticket of an entry is an HMAC-SHA256 under the seed; an entry stands where its smallest ticket falls, smallest first.
 * No number is rounded anywhere. All tickets together lie in an order in which each is as likely as any other, so whoever
 * stands first does so with the chance of their tickets among all, and so on among those that are left: successive sampling
 * with chances in proportion to the tickets, the model of R. L. Plackett, "The Analysis of Permutations", Applied Statistics
 * 24 (1975) 193–202. The smallest of n even keys is, with whole weights, the method of P. S. Efraimidis and P. G. Spirakis,
 * "Weighted random sampling with a reservoir", Information Processing Letters 97 (2006) 181–185.
 */
import { createHash, createHmac } from 'node:crypto';
import { normaliseSeed } from '../panels/rules.ts';

/** What a charter says of tickets. */
export interface Weights {
  /** Of somebody who was never given anything. */
  firstTime: number;
  /** More for each draw that was missed before. */
  missed: number;
  /** The most of one person. */
  most: number;
}

/** What is known of a request's person when the pool is committed to. */
export interface Standing {
  /** Was never given anything by this fund. */
  firstTime: boolean;
  /** Draws in which the money did not come to them. */
  missedBefore: number;
  /** Stands in the pool with another request already. */
  askedAgain: boolean;
}

export interface Entry extends Standing {
  code: string;
  tickets: number;
}

/** The tickets of a request. A second one of the same person has none, so that nobody stands in the pool twice: it comes after everybody. */
export function ticketsOf({ firstTime, missedBefore, askedAgain }: Standing, weights: Weights): number {
  return askedAgain ? 0 : Math.min(weights.most, (firstTime ? weights.firstTime : 1) + weights.missed * missedBefore);
}

/** Compares as the bytes do, whatever the language of the machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The pool as it is published and hashed: by code. */
export function inOrderOfCodes(pool: readonly Entry[]): Entry[] {
  return pool.map(({ code, tickets, firstTime, missedBefore, askedAgain }) => ({ code, tickets, firstTime, missedBefore, askedAgain }))
    .sort((a, b) => compare(a.code, b.code));
}

const sha256 = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** SHA-256 of the pool, one entry a line: code, tickets, first time, missed before and asked again as JSON, by code. */
export function digestPool(pool: readonly Entry[]): Buffer {
  return sha256(inOrderOfCodes(pool).map((each) => `${JSON.stringify([each.code, each.tickets, each.firstTime, each.missedBefore, each.askedAgain])}\n`).join(''));
}

export interface Terms {
  charter: { version: number; digest: string };
  weights: Weights;
  /** The grant round's id. */
  round: string;
  number: number;
  /** The public draw that is waited for, and its day as YYYY-MM-DD. */
  draw: { name: string; date: string };
}

/** SHA-256 of the charter's version, its digest and its weights. */
export function digestWeights({ charter, weights }: Pick<Terms, 'charter' | 'weights'>): Buffer {
  return sha256(JSON.stringify([charter.version, charter.digest, weights.firstTime, weights.missed, weights.most]));
}

/** SHA-256 of the round, the draw's number, and the public draw that was named. */
export function digestName({ round, number, draw }: Pick<Terms, 'round' | 'number' | 'draw'>): Buffer {
  return sha256(JSON.stringify([round, number, draw.name, draw.date]));
}

/** All that a draw goes by, in 32 bytes. */
export function digestTerms(terms: Terms): Buffer {
  return sha256(digestWeights(terms), digestName(terms));
}

/** The seed: what was drawn in public, bound to the terms and the pool that were committed to before. `text` as it was typed. */
export function seedOf(given: { terms: Buffer; pool: Buffer; text: string }): Buffer {
  return sha256('commonpot.list.v1\0', given.terms, given.pool, normaliseSeed(given.text));
}

/** The codes of a pool in the order of the draw: those with tickets first. */
export function drawList(pool: readonly Entry[], seed: Buffer): string[] {
  const lot = (code: string, ticket: number) => createHmac('sha256', seed).update(`${code} ${ticket}`).digest('hex');
  const keyed = inOrderOfCodes(pool).map(({ code, tickets }) => {
    let key = lot(code, Math.min(1, tickets));
    for (let ticket = 2; ticket <= tickets; ticket += 1) {
      const next = lot(code, ticket);
      if (next < key) key = next;
    }
    return { code, isLast: tickets === 0, key };
  });
  return keyed.sort((a, b) => Number(a.isLast) - Number(b.isLast) || compare(a.key, b.key)).map((each) => each.code);
}

/**
 * How many of a list, in its order, there is money for. It ends at the first who asked for more than is left: nobody is
 * passed over because they asked for more, and what is left waits for them.
 */
export function reachOf(list: readonly { amountMinor: number }[], availableMinor: number): number {
  let left = availableMinor;
  const stop = list.findIndex(({ amountMinor }) => (left -= amountMinor) < 0);
  return stop < 0 ? list.length : stop;
}
