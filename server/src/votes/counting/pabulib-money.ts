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
  const plain = plainDecimal(text, line, name, findings);
  if (plain === undefined) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  const decimals = fraction.length > DECIMALS_MAX ? fraction.replace(/0+$/, '') : fraction;
  if (match && sign === '' && whole.length <= WHOLE_MAX && decimals.length <= DECIMALS_MAX) return { digits: BigInt(whole + decimals), decimals: decimals.length };
  findings.fatal(line, !match ? 'not-a-number' : sign ? 'not-positive' : whole.length > WHOLE_MAX ? 'too-large' : 'too-fine', `${name} "${text}"`);
  return undefined;
}

/** The text as a plain decimal where it is one or, read leniently, stands for one. Undefined where it could stand for two: 500,000 is refused. */
function plainDecimal(text: string, line: number, name: string, findings: Findings): string | undefined {
  if (/^\d+,\d+$/.test(text)) {
    if (findings.lenient && /^[1-9]\d{0,2},\d{3}$/.test(text)) {
      findings.fatal(line, 'two-readings', `${name} ${text}`);
      return undefined;
    }
    findings.repairable(line, 'decimal-comma', `${name} ${text}`);
    return text.replace(',', '.');
  }
  if (text !== text.trim()) findings.repairable(line, 'stray-space', `${name} "${text}"`);
  const trimmed = text.trim();
  const asMeant = findings.lenient && !/^-?\d+(\.\d+)?$/.test(trimmed) ? asPeopleWrite(trimmed) : undefined;
  if (asMeant !== undefined) findings.repairable(line, 'number-form', `${name} "${text}"`);
  return asMeant ?? trimmed;
}

/** Thousands apart (1 000 000, 1'000.50, 1.000.000,50), a currency before or behind, a spreadsheet's exponent (2.5E+05). */
function asPeopleWrite(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const bare = /^[^\d.,'’-]{0,5}?\s*(\d[\d\s.,'’]*?(?:[eE]\+?\d{1,2})?)\s*[^\d.,'’-]{0,5}$/.exec(text)?.[1];
  if (bare === undefined) return undefined;
  const exponent = /^(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})$/.exec(bare);
  if (exponent) {
    const [, whole = '', fraction = '', power = ''] = exponent;
    const digits = (whole + fraction).padEnd(whole.length + Number(power), '0');
    return [digits.slice(0, whole.length + Number(power)), digits.slice(whole.length + Number(power))].filter((part) => part !== '').join('.');
  }
  const grouped =
    /^(\d{1,3}(?:([\s'’])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?$/.exec(bare) ?? /^(\d{1,3}(?:(\.)\d{3})+),(\d+)$/.exec(bare) ??
    /^(\d{1,3}(?:(,)\d{3})+)\.(\d+)$/.exec(bare) ?? /^(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})+)$/.exec(bare) ?? /^(\d+)(?:()[.,](\d{1,2}))?$/.exec(bare);
  if (!grouped) return undefined;
  return `${grouped[1]!.replaceAll(/\D/g, '')}${grouped[3] === undefined ? '' : `.${grouped[3]}`}`;
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
