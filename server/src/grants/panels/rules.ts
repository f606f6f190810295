/**
 * The draw of a panel, which anybody can run again. Pure: needs the published pool and the seed, and nothing else.
 *
 * Everybody of the pool is put in one order. Areas take their turns by the method of Sainte-Laguë: the next place goes to
 * the area whose number of volunteers, divided by twice its places so far plus one, is the largest, so that however far
 * down one reads, the mix is the pool's. Within an area those who served least come first, so that nobody serves again
 * before the others did; among equals, and between areas that are level, the smaller HMAC-SHA256 of the seed comes first.
 */
import { createHash, createHmac } from 'node:crypto';

export interface Entry {
  /** What stands in the place of a person. */
  code: string;
  area: string;
  /** Panels this person has served on before. */
  served: number;
}

/** Days to answer whether one sits on a panel. */
export const ANSWER_DAYS = 3;

/** Days for which a panel that was drawn sits, before another is drawn for its round: nobody draws again until the result pleases them. */
export const SITS_DAYS = 28;
/** Days after the public draw in which its result is typed in; then the pool can be published anew. */
export const DRAW_DAYS = 7;

/** Compares as the bytes do, whatever the language of the machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The pool as it is published and hashed: by code. */
export function inOrderOfCodes(pool: readonly Entry[]): Entry[] {
  return pool.map(({ code, area, served }) => ({ code, area, served })).sort((a, b) => compare(a.code, b.code));
}

/** SHA-256 of the pool, one entry a line: code, area and panels served as JSON, by code. */
export function digestOf(pool: readonly Entry[]): Buffer {
  return createHash('sha256').update(inOrderOfCodes(pool).map(({ code, area, served }) => `${JSON.stringify([code, area, served])}\n`).join('')).digest();
}

/** A seed as it is typed: one space between, capitals or not. */
export function normaliseSeed(typed: string): string {
  return typed.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The codes of the whole pool in the order in which they are asked. */
export function drawOrder(pool: readonly Entry[], seed: string): string[] {
  const lot = (of: string) => createHmac('sha256', normaliseSeed(seed)).update(of).digest('hex');
  const areas = [...Map.groupBy(inOrderOfCodes(pool), (entry) => entry.area)].map(([area, entries]) => ({
    lot: lot(`area:${area}`), volunteers: entries.length, taken: 0,
    waiting: entries.map((entry) => ({ ...entry, lot: lot(`code:${entry.code}`) })).sort((a, b) => a.served - b.served || compare(a.lot, b.lot)),
  }));
  const order: string[] = [];
  while (order.length < pool.length) {
    const [next] = areas.filter((each) => each.waiting.length > 0)
      .sort((a, b) => b.volunteers * (2 * a.taken + 1) - a.volunteers * (2 * b.taken + 1) || compare(a.lot, b.lot));
    const entry = next?.waiting.shift();
    if (!next || !entry) throw new Error('a pool without its entries');
    next.taken += 1;
    order.push(entry.code);
  }
  return order;
}

export interface Seat {
  code: string;
  area: string;
  place: number;
  isAsked: boolean;
}

/** Who is asked when somebody passes: the next of the same area, or of any where that has nobody left; null when everybody was asked. */
export function nextSeat(seats: readonly Seat[], area: string | null): string | null {
  const free = seats.filter((seat) => !seat.isAsked).sort((a, b) => a.place - b.place);
  return (free.find((seat) => seat.area === area) ?? free[0])?.code ?? null;
}

/** As what a member decides a request in this state. */
export const seatIn = (state: string): 'panel' | 'appeal' => (state === 'appealed' ? 'appeal' : 'panel');

/** What a panel of so many seats has said: the majority of all seats, or nothing yet. */
export function majorityOf(seats: number, votes: readonly ('yes' | 'no')[]): 'yes' | 'no' | null {
  const needed = (seats + 1) / 2;
  const yes = votes.filter((vote) => vote === 'yes').length;
  return yes >= needed ? 'yes' : votes.length - yes >= needed ? 'no' : null;
}
