/** Turnout by channel and by area, in figures that single nobody out. Pure. */

import { SMALLEST_GROUP } from '../published/record.ts';

export interface Figure {
  name: string;
  /** Null: a number too small to be shown, or one from which such a number would follow. */
  people: number | null;
}

/**
 * Hides small numbers, and of the others as many of the smallest as it takes that what is hidden does not follow by
 * subtraction from the whole: never one alone, and never together fewer than a group.
 */
export function hideSmall(all: readonly { name: string; people: number }[]): Figure[] {
  const hidden = new Set(all.filter(({ people }) => people > 0 && people < SMALLEST_GROUP));
  const sum = () => [...hidden].reduce((total, { people }) => total + people, 0);
  const rest = all.filter((each) => !hidden.has(each)).sort((a, b) => a.people - b.people || (a.name < b.name ? -1 : 1));
  while (hidden.size > 0 && (hidden.size < 2 || sum() < SMALLEST_GROUP)) {
    const next = rest.find((each) => each.people > 0 && !hidden.has(each)) ?? rest.find((each) => !hidden.has(each));
    if (!next) break;
    hidden.add(next);
  }
  return all.map((each) => ({ name: each.name, people: hidden.has(each) ? null : each.people }));
}
