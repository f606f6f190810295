/** What a voucher is at a moment, and how its code looks. Pure. */
import { drawSquare } from '../../platform/press/square.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';

/** Eight random characters; a ninth checks them. */
export const CODE_LENGTH = 8;
/** A shop may take back what it took for this long. */
const UNDO_MINUTES = 10;
const LONGEST_YEARS = 5;

export type VoucherState = 'good' | 'spent' | 'expired' | 'cancelled';

/** Where a voucher stands at `now`. The clock ends it, whether the job has come by or not. */
export function stateOf(voucher: { endedAs: 'expired' | 'cancelled' | null; expiresAt: Date }, balanceMinor: number, now: Date): VoucherState {
  if (voucher.endedAs) return voucher.endedAs;
  if (now >= voucher.expiresAt) return 'expired';
  return balanceMinor === 0 ? 'spent' : 'good';
}

/** Why nothing can be done with a voucher any more; null while something can. */
export function endOf(voucher: { endedAs: 'expired' | 'cancelled' | null; expiresAt: Date; lastDay: string }, now: Date): Refusal | null {
  if (voucher.endedAs === 'cancelled') return refuse('voucher-cancelled');
  return stateOf(voucher, 1, now) === 'expired' ? refuse('voucher-expired', { lastDay: voucher.lastDay }) : null;
}

export function undoUntil(takenAt: Date): Date {
  return new Date(takenAt.getTime() + UNDO_MINUTES * 60_000);
}

/** Expired vouchers are swept once nothing taken from them can come back. */
export function sweepBefore(now: Date): Date {
  return new Date(now.getTime() - UNDO_MINUTES * 60_000);
}

/** The latest last day that a voucher issued now may have. */
export function latestLastDay(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear() + LONGEST_YEARS, now.getUTCMonth(), now.getUTCDate())).toISOString().slice(0, 10);
}

/** The link that a voucher's square holds: no name and no amount. */
function linkOf(publicUrl: string, code: string): string {
  return `${publicUrl}/v/${code}`;
}

/** All that a voucher shows at a till. */
export function faceOf(publicUrl: string, code: string) {
  const link = linkOf(publicUrl, code);
  return { code, link, qr: drawSquare(link) };
}
