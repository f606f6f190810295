/** Public draws whose results are seeds: which one is waited for, and whether the one that was typed is it. Pure. */
import { dayIn } from '../money/rules.ts';
import { DAY } from '../platform/days.ts';

/** The draw that is waited for where nobody named another. */
export const ANY_DRAW = 'The main numbers of that day’s EuroMillions draw, lowest first, a space between them';
const ANY_DRAW_DAYS = ['Tue', 'Fri'];

/** The day of that draw which comes first from a moment on, where the fund is: YYYY-MM-DD. */
export function anyDrawFrom(from: Date, timeZone: string): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' });
  let at = from.getTime();
  while (!ANY_DRAW_DAYS.includes(weekday.format(at))) at += DAY;
  return dayIn(new Date(at), timeZone);
}

/** Whether a draw is the planned one, or the next after each planned one that was not held; and is over. Days as YYYY-MM-DD. */
export function isDrawInOrder(draw: { drawnOn: string; missed: readonly string[] }, planned: string, today: string): boolean {
  const days = [...draw.missed, draw.drawnOn];
  return days[0] === planned && days.every((day, index) => index === 0 || day > (days[index - 1] ?? '')) && draw.drawnOn <= today;
}
