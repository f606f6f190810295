/** When paper adds up, as pure functions: a batch that was counted twice alike, a sheet that was read twice alike. */

export interface SheetCount {
  /** Never given out. */
  unused: number;
  /** Spoilt at the table and exchanged for a new one. */
  exchanged: number;
  /** In the box. */
  castSheets: number;
}

/** A batch as it stands, with what people counted of it. */
export interface BatchStanding {
  sheets: number;
  /** How many were taken off the roll for one of its sheets. */
  people: number;
  counts: readonly SheetCount[];
}

export type Standing = 'uncounted' | 'once' | 'differs' | 'unbalanced' | 'holds';

/**
 * The one value that two or more people found, each for themselves; undefined where there is none, and where two pairs of
 * people found different ones.
 */
export function foundTwice<T>(values: readonly T[], nameOf: (value: T) => string): T | undefined {
  const found = new Map<string, T[]>();
  for (const value of values) found.set(nameOf(value), [...(found.get(nameOf(value)) ?? []), value]);
  const pairs = [...found.values()].filter((each) => each.length >= 2);
  return pairs.length === 1 ? pairs[0]?.[0] : undefined;
}

/** What two people counted alike, or undefined. */
export function agreedCount(counts: readonly SheetCount[]): SheetCount | undefined {
  return foundTwice(counts, ({ unused, exchanged, castSheets }) => `${unused}/${exchanged}/${castSheets}`);
}

/** Sheets given to people are the people taken off the roll, and no more lie in the box. */
export function standingOf({ sheets, people, counts }: BatchStanding): Standing {
  if (counts.length === 0) return 'uncounted';
  const agreed = agreedCount(counts);
  if (!agreed) return counts.length === 1 ? 'once' : 'differs';
  return sheets - agreed.unused - agreed.exchanged === people && agreed.castSheets <= people ? 'holds' : 'unbalanced';
}

/** A sheet's standing by what people read on it. */
export function sheetStanding(readings: readonly string[]): 'unread' | 'once' | 'differs' | 'agreed' {
  if (readings.length === 0) return 'unread';
  if (foundTwice(readings, (each) => each) !== undefined) return 'agreed';
  return readings.length === 1 ? 'once' : 'differs';
}

/** The areas in which more sheets were read than people were given one. */
export function overfullAreas(read: readonly string[], people: ReadonlyMap<string, number>): string[] {
  const sums = new Map<string, number>();
  for (const area of read) sums.set(area, (sums.get(area) ?? 0) + 1);
  return [...sums].filter(([area, count]) => count > (people.get(area) ?? 0)).map(([area]) => area);
}
