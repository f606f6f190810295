/** Sentences about requests, ways of being paid, and the charter. */
import { days, money } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { CharterContent } from '@commonpot/server/rounds/charter/contract';

export type Way = CharterContent['ways'][number];
export type Agree = CharterContent['bands'][number]['agree'];

export function wayWords(way: Way): string {
  return { voucher: m.ask_way_voucher, cash: m.ask_way_cash, bank: m.ask_way_bank }[way]();
}

/** The most that one person is given in a period. */
export function mostOf(charter: CharterContent): number {
  return charter.bands.at(-1)?.upToMinor ?? 0;
}

function agreeWords(agree: Agree): string {
  return { 'at-once': m.grant_agree_at_once, one: m.grant_agree_one, two: m.grant_agree_two, panel: m.grant_agree_panel }[agree]();
}

/** "Up to £50: given at once", one for each band. */
export function bandSentences(charter: CharterContent, currency: string): { sentence: string; proof: boolean }[] {
  return charter.bands.map((band) => ({ sentence: m.grant_band({ amount: money(band.upToMinor, currency), who: agreeWords(band.agree) }), proof: band.proofOfAddress }));
}

/** Where caps rest on trust, the fund says so. */
export function trustSentence(charter: CharterContent, currency: string): string {
  const proof = charter.bands.findIndex((band) => band.proofOfAddress);
  if (proof < 0) return m.ask_trust();
  const below = charter.bands[proof - 1];
  return below ? m.ask_trust_proof({ from: money(below.upToMinor, currency) }) : m.ask_trust_proof_all();
}

/** The kind reason of a no; empty for one that this page has no words for. */
export function reasonWords(reason: string | null): string {
  const key = `asked_reason_${reason?.replaceAll('-', '_')}` as keyof typeof m;
  const sentence = m[key] as (() => string) | undefined;
  return sentence?.() ?? '';
}
