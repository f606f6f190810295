/** Decimal text to whole minor units and back, without a float between. */
import type { Findings } from './pabulib-problems.ts';

/** `digits` / 10^`decimals`, exactly what the text says. */
export interface Decimal {
  readonly digits: bigint;
  readonly decimals: number;
}

const WHOLE_MAX = 15;
const DECIMALS_MAX = 6;

/** Undefined where the text is no decimal of zero or more; the finding is noted. */
export function readDecimal(text: string, line: number, name: string, findings: Findings): Decimal | undefined {
  let plain = text;
  if (/^\d+,\d+$/.test(text)) {
    findings.repairable(line, 'decimal-comma', `${name} ${text}`);
    plain = text.replace(',', '.');
  } else if (text !== text.trim()) {
    findings.repairable(line, 'stray-space', `${name} "${text}"`);
    plain = text.trim();
  }
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  const decimals = fraction.length > DECIMALS_MAX ? fraction.replace(/0+$/, '') : fraction;
  if (match && sign === '' && whole.length <= WHOLE_MAX && decimals.length <= DECIMALS_MAX) return { digits: BigInt(whole + decimals), decimals: decimals.length };
  findings.fatal(line, !match ? 'not-a-number' : sign ? 'not-positive' : whole.length > WHOLE_MAX ? 'too-large' : 'too-fine', `${name} "${text}"`);
  return undefined;
}

/** One scale for all amounts of a file: whole units stay as they are, up to two decimals make hundredths, more a finer power of ten. */
export function scaleFor(amounts: Iterable<Decimal>): number {
  let decimals = 0;
  for (const amount of amounts) decimals = Math.max(decimals, amount.decimals);
  return decimals === 0 ? 1 : 10 ** Math.max(2, decimals);
}

/** Undefined where it would be beyond the safe integers. */
export function toMinor(amount: Decimal, minorPerUnit: number): number | undefined {
  const minor = (amount.digits * BigInt(minorPerUnit)) / 10n ** BigInt(amount.decimals);
  return minor <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(minor) : undefined;
}

/** With as many decimals as the scale has, so that reading it again finds the same scale. */
export function moneyText(minor: number, minorPerUnit: number): string {
  if (minorPerUnit === 1) return String(minor);
  const decimals = String(minorPerUnit).length - 1;
  const digits = String(minor).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
