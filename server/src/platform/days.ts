/** Days of 24 hours, for dates that are promised and limits that are counted back; and the day of a calendar. */

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** The moment so many days after another; before it, where `days` is negative. */
export function daysAfter(at: Date, days: number): Date {
  return new Date(at.getTime() + days * DAY);
}

/** The calendar day of a moment in a time zone, as 2026-11-21. */
export function dayIn(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).format(at);
}
