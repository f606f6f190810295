/** What somebody typed who asks, what is missing of it, and the body for the API. */
import { readMoney } from '#lib/format.ts';
import type { CharterContent } from '@commonpot/server/rounds/charter/contract';
import type { Way } from './words.ts';

export interface TypedAsk {
  amount: string;
  way: string;
  contact: string;
  mayWrite: boolean;
  name: string;
  household: string;
  apart: boolean;
  words: string;
  purpose: string;
  group: string;
  consent: string;
  collects: boolean;
}
export type AskFault = 'amount' | 'way' | 'contact' | 'name' | 'household' | 'consent';

export const BLANK: TypedAsk = { amount: '', way: '', contact: '', mayWrite: true, name: '', household: '', apart: false, words: '', purpose: '', group: '', consent: '', collects: false };

export function readAsk(form: FormData): TypedAsk {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    amount: text('amount'), way: text('way'), contact: text('contact'), mayWrite: form.has('mayWrite'), name: text('name'), household: text('household'), apart: form.has('apart'),
    words: text('words'), purpose: text('purpose'), group: text('group'), consent: text('consent'), collects: form.has('collects'),
  };
}

/** What keeps it from being sent, in the order of the form. */
export function faultsOf(typed: TypedAsk, charter: CharterContent, currency: string, isForOther: boolean): AskFault[] {
  return [
    ...(readMoney(typed.amount, currency) ? [] : ['amount' as const]),
    ...(charter.ways.some((way) => way === typed.way) ? [] : ['way' as const]),
    ...(readContact(typed.contact) || (isForOther && typed.contact === '') ? [] : ['contact' as const]),
    ...(typed.name ? [] : ['name' as const]),
    ...(charter.householdCapMinor !== null && !typed.household && !typed.apart ? ['household' as const] : []),
    ...(!isForOther || ['there', 'phone', 'written'].includes(typed.consent) ? [] : ['consent' as const]),
  ];
}

/** One field takes both: what has an at sign is an email address. */
export function readContact(typed: string): { channel: 'email' | 'sms'; address: string } | null {
  if (typed.includes('@')) return /^\S+@\S+\.\S+$/.test(typed) ? { channel: 'email', address: typed } : null;
  return /\p{Nd}/u.test(typed) && typed.replace(/\P{Nd}/gu, '').length >= 7 ? { channel: 'sms', address: typed } : null;
}

/** The body for the API; call it on what has no faults. */
export function bodyOf(typed: TypedAsk, given: { currency: string; language: 'en' | 'pl' | 'ar'; clientKey: string }) {
  return {
    amountMinor: readMoney(typed.amount, given.currency) ?? 0, way: typed.way as Way, contact: readContact(typed.contact), mayWrite: typed.mayWrite, name: typed.name,
    words: typed.words || null, purpose: (typed.purpose || null) as 'GTIP010' | null, household: typed.household || null, apart: typed.apart, group: typed.group || null,
    language: given.language, clientKey: given.clientKey,
  };
}

/** A key for one asking: sent twice, it is one request. */
export function newClientKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
