/** Where the payment of an award stands, and whose turn it is. Pure. */
import type { RequestState } from '@commonpot/db/grants';
import { daysAfter } from '../../platform/days.ts';

export type Way = 'voucher' | 'cash' | 'bank';

/** Days a person has to say where to pay to, or to choose again after a way failed; then the money goes back. */
export const CLAIM_DAYS = 28;
/** Days a voucher is good for, and days cash waits to be collected. */
export const VOUCHER_DAYS = 90;
export const CASH_DAYS = 28;

/** What became of one try, by what the room that carries it out says of it. */
export type TryState = 'going' | 'in-doubt' | 'paid' | 'part' | 'failed';

export interface Carried {
  voucher: { endedAs: 'expired' | 'cancelled' | null; returnedMinor: number | null; valueMinor: number; balanceMinor: number } | null;
  cash: { state: 'ready' | 'handed-over' | 'collected' | 'cancelled' | 'expired' | 'disputed' } | null;
  /** The newest transfer of a disbursement; null while none was ordered. */
  bank: { state: 'open' | 'paid' | 'failed' | 'unknown' | 'returned' } | null;
}

/** Where a try stands. What nobody can say stays in doubt: it is neither paid nor tried again. */
export function tryState({ voucher, cash, bank }: Carried): TryState {
  if (voucher) {
    if (!voucher.endedAs) return voucher.balanceMinor === 0 ? 'paid' : 'going';
    if ((voucher.returnedMinor ?? 0) === voucher.valueMinor) return 'failed';
    return (voucher.returnedMinor ?? 0) === 0 ? 'paid' : 'part';
  }
  if (cash) {
    if (cash.state === 'collected') return 'paid';
    if (cash.state === 'disputed') return 'in-doubt';
    return cash.state === 'cancelled' || cash.state === 'expired' ? 'failed' : 'going';
  }
  if (!bank || bank.state === 'open') return 'going';
  if (bank.state === 'unknown') return 'in-doubt';
  return bank.state === 'paid' ? 'paid' : 'failed';
}

export interface Standing {
  state: RequestState;
  way: Way;
  awardedAt: Date;
  /** When the person last chose a way; null when they never chose again. */
  chosenAt: Date | null;
  /** The newest try, or null. */
  last: { state: TryState; endedAt: Date | null } | null;
  hasAccount: boolean;
  /** Where a body of the agency adopts it: whether it did, and when, or by when; null where nobody needs to. */
  adoption: { adoptedAt: Date | null; dueAt: Date | null } | null;
}

/** Whose turn it is: nobody's (not awarded, or over), the body's that adopts (until a date, once it was asked), the person's until a date, the fund's, or a try is going. */
export type Turn = { of: 'nobody' } | { of: 'body'; until: Date | null } | { of: 'person'; until: Date } | { of: 'fund' } | { of: 'try' } | { of: 'paid' };

export function turnOf({ state, way, awardedAt, chosenAt, last, hasAccount, adoption }: Standing): Turn {
  if (state !== 'awarded') return { of: 'nobody' };
  if (adoption && !adoption.adoptedAt) return { of: 'body', until: adoption.dueAt };
  if (last && (last.state === 'paid' || last.state === 'part')) return { of: 'paid' };
  if (last && last.state !== 'failed') return { of: 'try' };
  const failedAt = last?.endedAt ?? null;
  const until = (from: Date) => ({ of: 'person' as const, until: daysAfter(from, CLAIM_DAYS) });
  if (failedAt && (!chosenAt || chosenAt < failedAt)) return until(failedAt);
  if (way === 'bank' && !hasAccount) return until(latest(chosenAt ?? awardedAt, adoption?.adoptedAt));
  return { of: 'fund' };
}

/** Nobody's days run while a body has not adopted. */
const latest = (one: Date, other: Date | null | undefined): Date => (other && other > one ? other : one);

/** The day that is so many days from `now`, in UTC. */
export const utcDayAfter = (now: Date, days: number): string => daysAfter(now, days).toISOString().slice(0, 10);
