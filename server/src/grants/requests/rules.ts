/** What may be asked, and how words and addresses are written in one form. Pure. */
import type { RequestState } from '@commonpot/db/grants';

/** States in which what was asked for counts against the limits: given, or still open. */
export const COUNTED: readonly RequestState[] = ['asked', 'half', 'listed', 'awarded', 'appealed'];
/** States that wait for somebody. */
export const WAITING: readonly RequestState[] = ['asked', 'half', 'appealed'];

/** Reasons for a no, each a kind sentence on the page. */
export const REASONS = ['no-money-left', 'outside-charter', 'not-reached', 'asked-twice', 'helped-elsewhere'] as const;
export type Reason = (typeof REASONS)[number];

/** States in which somebody may withdraw. */
export const WITHDRAWABLE: readonly RequestState[] = ['asked', 'half', 'listed', 'appealed'];

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
