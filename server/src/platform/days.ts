/** Days of 24 hours, for dates that are promised and limits that are counted back. */

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The moment so many days after another; before it, where `days` is negative. */
export function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY);
}
