/** What checking cost, from the record. Pure. */

export const INCIDENT_KINDS = ['paid-twice', 'wrong-person', 'over-cap', 'stolen', 'cash-short'] as const;

const MINUTE = 60_000;
/** Acts of one person closer together than this are one sitting. */
const SITTING_MINUTES = 15;
/** What the first act of a sitting is counted as: nothing says when it began. */
const FIRST_MINUTES = 3;

/** Minutes of checking: from act to act within a sitting, and three for the first of each. Acts come in any order. */
export function minutesOf(acts: readonly { by: string; at: Date }[]): number {
  let total = 0;
  for (const mine of Map.groupBy(acts, (act) => act.by).values()) {
    const times = mine.map((act) => act.at.getTime()).sort((a, b) => a - b);
    times.forEach((time, index) => {
      const gap = index === 0 ? Infinity : (time - (times[index - 1] as number)) / MINUTE;
      total += gap <= SITTING_MINUTES ? gap : FIRST_MINUTES;
    });
  }
  return Math.round(total);
}

/** What so many minutes cost, in minor units, rounded to the nearest. */
export const costOf = (minutes: number, hourMinor: number): number => Math.round((minutes * hourMinor) / 60);
