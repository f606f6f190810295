/** The last word in a tie: an order of all projects that nobody could know or steer. */
import { createHmac } from 'node:crypto';
import type { Project } from './election.ts';

export type Lot =
  /** Projects by HMAC-SHA256(seed, id), the smallest first: the lot of the ballot protocol. */
  | { readonly kind: 'seed'; readonly seed: Uint8Array }
  /** The ids as drawn, the first to be preferred; all of them. */
  | { readonly kind: 'order'; readonly ids: readonly string[] }
  /** By id as text, so that "10" comes before "9": no lot at all, for comparing with other tools. */
  | { readonly kind: 'id' };

/** Each project's place in the lot, from 0. Throws a RangeError where a drawn order lacks a project. */
export function lotPlaces(lot: Lot, projects: readonly Project[]): Uint32Array {
  const keys = projects.map((project) => keyOf(lot, project.id));
  const order = projects.map((_, index) => index).sort((a, b) => compareText(keys[a]!, keys[b]!));
  const places = new Uint32Array(projects.length);
  order.forEach((index, place) => (places[index] = place));
  return places;
}

/** By UTF-16 code units, the same on every machine and in every language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf(lot: Lot, id: string): string {
  if (lot.kind === 'id') return id;
  if (lot.kind === 'seed') return createHmac('sha256', lot.seed).update(id, 'utf8').digest('hex');
  const place = lot.ids.indexOf(id);
  if (place < 0) throw new RangeError(`the drawn order lacks project ${id}`);
  return String(place).padStart(10, '0');
}
