/** What a voucher is at a moment, and how its code looks. Pure. */
import QRCode from 'qrcode';
import { refuse, type Refusal } from '../../platform/problems.ts';

/** Eight random characters; a ninth checks them. */
export const CODE_LENGTH = 8;
/** A shop may take back what it took for this long. */
export const UNDO_MINUTES = 10;
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
export function linkOf(publicUrl: string, code: string): string {
  return `${publicUrl}/v/${code}`;
}

const QUIET_ZONE = 4;

/** The square as dark runs of modules: x, y, length. With the quiet zone that scanners need (ISO/IEC 18004). */
export function drawQr(text: string): { size: number; runs: [number, number, number][] } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const runs: [number, number, number][] = [];
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (!modules.get(y, x)) continue;
      const from = x;
      while (x + 1 < modules.size && modules.get(y, x + 1)) x += 1;
      runs.push([from + QUIET_ZONE, y + QUIET_ZONE, x - from + 1]);
    }
  }
  return { size: modules.size + 2 * QUIET_ZONE, runs };
}

/** All that a voucher shows at a till. */
export function faceOf(publicUrl: string, code: string) {
  const link = linkOf(publicUrl, code);
  return { code, link, qr: drawQr(link) };
}
