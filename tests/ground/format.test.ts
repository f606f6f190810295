/** Money as people type it, whatever their keyboard, and as pages in each language show it. */
import { describe, expect, it } from 'vitest';

interface Format {
  money(amountMinor: number, currency: string): string;
  readMoney(typed: string, currency: string): number | null;
  inOneLine(parts: readonly (string | null)[]): string;
}
// Of the pages' own world, whose catalogue is compiled by their build: imported without its types.
const web = new URL('../../web/src/lib/', import.meta.url).href;
const { inOneLine, money, readMoney }: Format = await import(`${web}format.ts`);
const { overwriteGetLocale }: { overwriteGetLocale(get: () => string): void } = await import(`${web}paraglide/runtime.js`);

describe('money', () => {
  it('is read as people type it', () => {
    const typed = { '12.60': 1260, '£1,200': 120_000, '1 200,50': 120_050, '١٢٫٥٠': 1250, '١٬٢٠٠': 120_000, '۱۲': 1200, '\u2066£1,200\u2069': 120_000 };
    expect(Object.keys(typed).map((each) => readMoney(each, 'GBP'))).toEqual(Object.values(typed));
    expect(['', 'twelve', '12.345', '١٢٫٥٠٠'].map((each) => readMoney(each, 'GBP'))).toEqual([null, null, null, null]);
  });

  it.each([['en', '£1,200', '£12.60'], ['ar', '\u2066£1,200\u2069', '\u2066£12.60\u2069']] as const)('is shown in %s', (locale, whole, pence) => {
    overwriteGetLocale(() => locale);
    expect([money(120_000, 'GBP'), money(1260, 'GBP')]).toEqual([whole, pence]);
  });
});

it.each([['en', 'Play, Easton'], ['ar', '\u200f\u2068Play\u2069، \u2068Easton\u2069']] as const)('several things stand in one line in %s', (locale, words) => {
  overwriteGetLocale(() => locale);
  expect(inOneLine(['Play', null, 'Easton', ''])).toBe(words);
  expect(inOneLine([null, ''])).toBe('');
});
