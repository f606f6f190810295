/** The public draw that is waited for where nobody named another. Pure. */
import { dayIn } from '../../platform/days.ts';
import type { Config } from '../../platform/config.ts';
import { DAY, daysAfter } from '../../platform/days.ts';
import { beaconDraw, hourAfter, MARGIN_HOURS } from './beacon.ts';

export const ANY_DRAW = 'The main numbers of that day’s EuroMillions draw, lowest first, a space between them';
const ANY_DRAW_DAYS = ['Tue', 'Fri'];

/** The day of that draw which comes first from a moment on, where the fund is: YYYY-MM-DD. */
function anyDrawFrom(from: Date, timeZone: string): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' });
  let at = from.getTime();
  while (!ANY_DRAW_DAYS.includes(weekday.format(at))) at += DAY;
  return dayIn(new Date(at), timeZone);
}

/** Whether nobody has to do anything for a draw by the beacon, because this server asks it. */
export function asksBeacon({ urls }: Config['beacon']): boolean {
  return urls.length > 0;
}

/** The beacon's first value of the full hour that is a day or more after `from`. */
export function beaconDrawAfter({ network }: Config['beacon'], from: Date): { name: string; date: string } {
  return beaconDraw(network, hourAfter(from, MARGIN_HOURS));
}

/** The public draw that is waited for once nothing can change any more: the beacon where the server asks it, else a lottery so many days later. */
export function usualDrawAfter(from: Date, given: { beacon: Config['beacon']; timeZone: string; days: number }): { name: string; date: string } {
  if (asksBeacon(given.beacon)) return beaconDrawAfter(given.beacon, from);
  return { name: ANY_DRAW, date: anyDrawFrom(daysAfter(from, given.days), given.timeZone) };
}
