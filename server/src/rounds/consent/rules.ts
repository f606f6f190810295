/** Consent as pure functions. */
import { DAY } from '../../platform/days.ts';
import { newCode, readCode, showCode } from '../../platform/codes.ts';
import type { Round } from '../rules.ts';
import { isOldEnough } from '../roll/rules.ts';

export const ASKS_MAX = 3;
const REFERENCE_LENGTH = 7;
const KEPT_DAYS = 28;

export type ConsentState = 'not-needed' | 'needed' | 'given' | 'refused' | 'withdrawn';

/** What is known of one elector's age and consent. */
export interface Known {
  /** Null without a row. */
  state: Exclude<ConsentState, 'not-needed'> | null;
  bornYear: number | null;
  /** Joined with an account, and so said whether they are under the age. */
  hasJoined: boolean;
}

/**
 * Whether consent is needed and where it stands. Whoever came with a printed code and is on the roll without a year
 * of birth is taken to need it: nothing says that they do not.
 */
export function standingOf(belowAge: number | null, known: Known, now: Date): ConsentState {
  if (belowAge === null) return 'not-needed';
  if (known.state) return known.state;
  if (known.bornYear !== null) return isOldEnough(known.bornYear, belowAge, now) ? 'not-needed' : 'needed';
  return known.hasJoined ? 'not-needed' : 'needed';
}

/** Whether a ballot may be cast. */
export function mayCast(state: ConsentState): boolean {
  return state === 'not-needed' || state === 'given';
}

/** The last day on which anything is kept: four weeks after voting closes, or after a year in a round without a date. */
export function forgetAt(round: Pick<Round, 'votingClosesAt'>, now: Date): Date {
  return new Date((round.votingClosesAt?.getTime() ?? now.getTime() + 365 * DAY) + KEPT_DAYS * DAY);
}

/** What a paper form bears: no name, seven random characters and a check. */
export function newReference(): string {
  return showCode(newCode(REFERENCE_LENGTH));
}

/** A reference as it was typed, in the form in which it is kept; null when it cannot be one. */
export function readReference(typed: string): string | null {
  const code = readCode(typed, REFERENCE_LENGTH);
  return code && showCode(code);
}

/** The day alone, in UTC: 2026-11-21. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
