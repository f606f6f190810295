/** What messages say, in the reader's language. The sentences lie in `server/messages`; pages have a catalogue of their own. */
import ar from '../../messages/ar.json' with { type: 'json' };
import en from '../../messages/en.json' with { type: 'json' };
import pl from '../../messages/pl.json' with { type: 'json' };

export const languages = ['en', 'pl', 'ar'] as const;
export type Language = (typeof languages)[number];
export type Sentence = keyof typeof en;

const catalogues: Record<Language, Record<Sentence, string>> = { en, pl, ar };
const READERS: Record<Language, string> = { en: 'en-GB', pl: 'pl', ar: 'ar-u-nu-latn' };

/** Which way a language runs. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** The language that a text names, or null: `en`, `pl-PL`. */
export function readLanguage(text: string | null | undefined): Language | null {
  const first = text?.slice(0, 2).toLowerCase();
  return languages.find((each) => each === first) ?? null;
}

/** A sentence with its facts. In Arabic each fact is kept apart, so that the words beside it do not turn it around. */
export function words(language: Language, sentence: Sentence, facts: Record<string, string> = {}): string {
  const apart = directionOf(language) === 'rtl' ? (fact: string) => `\u2068${fact}\u2069` : (fact: string) => fact;
  return catalogues[language][sentence].replace(/\{(\w+)\}/g, (_, name: string) => apart(facts[name] ?? ''));
}

/** A code as a voice reads it: one character at a time, with a stop after each. */
export function spell(code: string): string {
  return [...code].join('. ');
}

/** An amount in minor units: £40, 40 £. */
export function sayAmount(language: Language, amountMinor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const value = amountMinor / 10 ** digits;
  return new Intl.NumberFormat(language === 'pl' ? 'pl' : 'en-GB', { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: Number.isInteger(value) ? 0 : digits }).format(value);
}

/** A day (YYYY-MM-DD): 6 December 2026. */
export function sayDay(language: Language, day: string): string {
  return new Intl.DateTimeFormat(READERS[language], { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`));
}
