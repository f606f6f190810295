/** The public draw that is waited for where nobody named another. Pure. */
import { dayIn } from '../money/rules.ts';
import { DAY } from '../platform/days.ts';

export const ANY_DRAW = 'The main numbers of that day’s EuroMillions draw, lowest first, a space between them';
const ANY_DRAW_DAYS = ['Tue', 'Fri'];

/** The day of that draw which comes first from a moment on, where the fund is: YYYY-MM-DD. */
export function anyDrawFrom(from: Date, timeZone: string): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' });
  let at = from.getTime();
  while (!ANY_DRAW_DAYS.includes(weekday.format(at))) at += DAY;
  return dayIn(new Date(at), timeZone);
}
