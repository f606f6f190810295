/** Dates of the sealing, and who is called, as pure functions. */
import { createHash, createHmac } from 'node:crypto';
import { daysAfter } from '../../platform/days.ts';

/** How many people of the turnout roll are called. */
const SAMPLE_SIZE = 20;

/**
 * When objections end: `workingDays` later, Saturdays and Sundays not counted, at the same minute as the close. The fund's
 * time zone says which day it is.
 */
export function objectionsEnd(closedAt: Date, workingDays: number, timeZone: string): Date {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' });
  let end = closedAt;
  for (let left = workingDays; left > 0;) {
    end = daysAfter(end, 1);
    if (!['Sat', 'Sun'].includes(weekday.format(end))) left -= 1;
  }
  return end;
}

/**
 * Who is called, in their order: drawn from what seal.json shows, so that nobody chose them. `entries` are electors' ids.
 */
export function drawSample(seed: Buffer, entries: readonly string[], size = SAMPLE_SIZE): string[] {
  const place = new Map(entries.map((id) => [id, createHmac('sha256', seed).update(Buffer.from(id.replaceAll('-', ''), 'hex')).digest('hex')]));
  return [...entries].sort((a, b) => ((place.get(a) ?? '') < (place.get(b) ?? '') ? -1 : 1)).slice(0, size);
}

/** H(D(commonpot.sample.v1) || round16 || k lot || root): known to everybody once the round is sealed, and to nobody before. */
export function sampleSeed(given: { round: Buffer; lotKey: Buffer; root: Buffer }): Buffer {
  return createHash('sha256').update('commonpot.sample.v1\0').update(given.round).update(given.lotKey).update(given.root).digest();
}
