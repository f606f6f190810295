/** What may be asked, when it fits the limits, and how words and addresses are written in one form. Pure. */
import type { RequestState } from '@commonpot/db/grants';
import { daysAfter } from '../../platform/days.ts';
import { capOf, measure, type Charter, type Measure } from '../../rounds/charter/rules.ts';

/** States in which what was asked for counts against the limits: given, or still open. */
export const COUNTED: readonly RequestState[] = ['asked', 'half', 'listed', 'awarded', 'appealed'];
/** States that wait for somebody. */
export const WAITING: readonly RequestState[] = ['asked', 'half', 'appealed'];

/** Reasons for a no, each a kind sentence on the page. */
export const REASONS = ['no-money-left', 'outside-charter', 'not-reached', 'asked-twice', 'helped-elsewhere'] as const;
export type Reason = (typeof REASONS)[number];

/** States in which somebody may withdraw. */
export const WITHDRAWABLE: readonly RequestState[] = ['asked', 'half', 'listed', 'appealed'];

/** Random characters of a reference; one more checks them. */
export const REFERENCE_CHARACTERS = 6;

/** The purposes of a grant to an individual in the 360Giving standard. */
export const PURPOSES = [
  'GTIP010', 'GTIP020', 'GTIP030', 'GTIP040', 'GTIP050', 'GTIP060', 'GTIP070', 'GTIP080', 'GTIP090', 'GTIP100', 'GTIP110', 'GTIP120', 'GTIP130', 'GTIP140', 'GTIP150', 'GTIP160', 'GTIP170',
] as const;

/** An address as it is compared: two spellings of one door are one household. */
export function normaliseHousehold(address: string): string {
  return address.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** A name as it is compared. */
export function sameName(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  return plain(one) === plain(other);
}

/** What the charter makes of an amount alone, as if nothing was known of whoever asks: all that a stranger may learn. */
export function measureAlone(charter: Charter, amountMinor: number, now: Date): Measure {
  return measure(charter, { amountMinor, receivedMinor: 0, householdMinor: 0, lastGivenAt: null }, now);
}

/**
 * The first moment, from `now` on, at which an amount fits a person's limits if nothing else happens: after the time since they were given
 * something, and when enough of what counts against them was given longer ago than the period. The amount alone is within the cap.
 */
export function fitsFrom(charter: Charter, amountMinor: number, counted: readonly { givenAt: Date; amountMinor: number }[], lastGivenAt: Date | null, now: Date): Date {
  const rested = lastGivenAt ? daysAfter(lastGivenAt, charter.cooldownDays) : now;
  let sumMinor = counted.reduce((sum, each) => sum + each.amountMinor, 0);
  let room = now;
  for (const each of [...counted].sort((a, b) => a.givenAt.getTime() - b.givenAt.getTime())) {
    if (sumMinor + amountMinor <= capOf(charter)) break;
    sumMinor -= each.amountMinor;
    room = daysAfter(each.givenAt, charter.periodDays);
  }
  return rested > room ? rested : room;
}
