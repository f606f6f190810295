/** Money and dates as people read them, through `Intl` in the page's language. */
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** Pages are for readers in Britain: 21 November, £1,200, and in Arabic the digits of British price tags and letters. */
const READERS: Partial<Record<string, string>> = { en: 'en-GB', ar: 'ar-u-nu-latn' };

function displayLocale(): string {
  return READERS[getLocale()] ?? getLocale();
}

/** An amount in minor units, without pence when it has none: £1,200 or £12.60; in Polish 1200 £ or 12,60 £. */
export function money(amountMinor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const value = amountMinor / 10 ** digits;
  const isArabic = getLocale() === 'ar';
  const shown = new Intl.NumberFormat(isArabic ? 'en-GB' : displayLocale(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: Number.isInteger(value) ? 0 : digits }).format(value);
  // As on a British till, where Intl would write UK£; isolated, so that the words beside it do not turn it around.
  return isArabic ? `\u2066${shown}\u2069` : shown;
}

/** Minutes and seconds of a recording: 2:05. Isolated, so that the words beside it do not turn it around. */
export function duration(seconds: number): string {
  return `\u2066${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}\u2069`;
}

/** What a person typed as an amount, in minor units; null when it is no amount. Pence come after a point or a comma, whatever the page's language: 1,200.50, 1 200,50 and 12,6 are amounts. */
export function readMoney(typed: string, currency: string): number | null {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const found = /^\D{0,4}(?:(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?|(\d{1,3}(?:\s\d{3})+|\d+)(?:[.,](\d+))?)\s*\D{0,4}$/.exec(latinFigures(typed).trim());
  if (!found) return null;
  const [whole, pence] = [found[1] ?? found[3] ?? '', found[2] ?? found[4] ?? ''];
  if (pence.length > digits) return null;
  const minor = Number(whole.replace(/[,\s]/g, '') + pence.padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** Arabic keyboards write digits and separators of their own: ١٢٫٥٠ is 12.50. */
function latinFigures(typed: string): string {
  return typed.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15)).replace('٫', '.').replace(/[٬،]/g, ',');
}

/** Words of somebody's own, kept from being turned around by Arabic words beside them. */
function apart(words: string): string {
  return getLocale() === 'ar' ? `\u2068${words}\u2069` : words;
}

/** Several things in one line, without those that are missing: Play, Easton. */
export function inOneLine(parts: readonly (string | null)[]): string {
  const said = parts.flatMap((each) => each || []);
  return getLocale() === 'ar' && said.length > 0 ? `\u200f${said.map(apart).join('، ')}` : said.join(', ');
}

/** Names in a row: Amina, Joseph and Rosa. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(displayLocale(), { type: 'conjunction' }).format(items.map(apart));
}

/** A whole number: 12,400. */
export function number(value: number): string {
  return new Intl.NumberFormat(displayLocale()).format(value);
}

/** Sunday 6 December at 20:00, in the fund's time zone. */
export function moment(iso: string, timeZone: string): string {
  return m.date_moment({ ...weekdayParts(iso, timeZone), time: clock(iso, timeZone) });
}

/** 6 December 2026, in the fund's time zone. */
export function day(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(new Date(iso));
}

/** Tuesday 8 December, in the fund's time zone. */
export function weekday(iso: string, timeZone: string): string {
  return m.date_weekday(weekdayParts(iso, timeZone));
}

/** Each language puts the two in its own order: Polish declines a weekday after "until", but never one in brackets. */
function weekdayParts(iso: string, timeZone: string): { weekday: string; day: string } {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(displayLocale(), { ...options, timeZone }).format(new Date(iso));
  return { weekday: format({ weekday: 'long' }), day: format({ day: 'numeric', month: 'long' }) };
}

/** A number of days after a colon: 3 days, 30 dni. */
export function days(count: number): string {
  return new Intl.NumberFormat(displayLocale(), { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(count);
}

/** 14:12, in the fund's time zone; in Arabic 2:12 م, which stays on one line. */
export function clock(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(iso)).replace(' ', '\u00a0');
}
