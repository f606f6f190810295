/** Money and dates as people read them, through `Intl` in the page's language. */
import { getLocale } from '#lib/paraglide/runtime.js';

/** English pages are for readers in Britain: 21 November, £1,200. */
function displayLocale(): string {
  const locale = getLocale();
  return locale === 'en' ? 'en-GB' : locale;
}

/** An amount in minor units, without pence when it has none: £1,200 or £12.60. */
export function money(amountMinor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const value = amountMinor / 10 ** digits;
  return new Intl.NumberFormat(displayLocale(), { style: 'currency', currency, minimumFractionDigits: Number.isInteger(value) ? 0 : digits }).format(value);
}

/** What a person typed as an amount, in minor units; null when it is no amount. */
export function readMoney(typed: string, currency: string): number | null {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const found = /^\D{0,4}(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d+))?\s*\D{0,4}$/.exec(typed.trim());
  if (!found || (found[2]?.length ?? 0) > digits) return null;
  const minor = Number(found[1]?.replace(/[, ]/g, '') + (found[2] ?? '').padEnd(digits, '0'));
  return Number.isSafeInteger(minor) ? minor : null;
}

/** A whole number: 12,400. */
export function number(value: number): string {
  return new Intl.NumberFormat(displayLocale()).format(value);
}

/** Sunday 6 December at 20:00, in the fund's time zone. */
export function moment(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(iso));
}

/** 6 December 2026, in the fund's time zone. */
export function day(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(new Date(iso));
}

/** Tuesday 8 December, in the fund's time zone. */
export function weekday(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(new Date(iso));
}

/** 14:12, in the fund's time zone. */
export function clock(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat(displayLocale(), { hour: 'numeric', minute: '2-digit', timeZone }).format(new Date(iso));
}
