/** What the questions about the charter send, as a charter; and what was wrong with it, in words. Pure. */
import { readMoney } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { CharterContent } from '@commonpot/server/rounds/charter/contract';
import type { Part } from './charter-words.ts';
import type { Agree } from './words.ts';

/** Rows offered for bands and for people at the agency; what is left empty is left out. */
export const BAND_ROWS = 6;
export const BEHIND_ROWS = 10;
export const AGREE: readonly Agree[] = ['at-once', 'one', 'two', 'panel'];

type Given = Pick<FormData, 'get' | 'getAll' | 'has'>;
type Charter = CharterContent;

/** Below every limit, so that the API names the field. */
const UNREADABLE = -1;

const text = (form: Given, name: string): string => String(form.get(name) ?? '').trim();
const whole = (form: Given, name: string): number => (/^\d{1,6}$/.test(text(form, name)) ? Number(text(form, name)) : UNREADABLE);
/** An empty field is null. */
const sum = (form: Given, name: string, currency: string): number | null => (text(form, name) === '' ? null : (readMoney(text(form, name), currency) ?? UNREADABLE));

/** The charter with the answers of one part put in. */
export function withPart(part: Part, charter: Charter, form: Given, currency: string): Charter {
  return { ...charter, ...READ[part](form, currency) };
}

const READ: Record<Part, (form: Given, currency: string) => Partial<Charter>> = {
  amounts: (form, currency) => ({
    bands: rows(BAND_ROWS, (row) => {
      const upToMinor = sum(form, `upTo-${row}`, currency);
      return upToMinor === null ? null : { upToMinor, agree: text(form, `agree-${row}`) as Agree, proofOfAddress: form.has(`proof-${row}`) };
    }),
    atOnceDailyMinor: sum(form, 'daily', currency), panelSeats: text(form, 'seats') === '' ? null : whole(form, 'seats'),
    householdCapMinor: sum(form, 'household', currency), batches: form.has('batches'),
  }),
  limits: (form) => ({ periodDays: whole(form, 'period'), cooldownDays: whole(form, 'cooldown') }),
  order: (form) => ({
    order: text(form, 'order') === 'draw'
      ? { kind: 'draw', firstTimeTickets: whole(form, 'first'), missedTickets: whole(form, 'missed'), mostTickets: whole(form, 'most'), reservePercent: whole(form, 'reserve') }
      : { kind: 'as-they-come' },
  }),
  time: (form) => ({ answerDays: whole(form, 'answer'), payDays: whole(form, 'pay'), ways: form.getAll('way').map(String) as Charter['ways'] }),
  agency: (form) => ({
    agency: {
      sees: text(form, 'sees') as 'figures',
      standsBehind: rows(BEHIND_ROWS, (row) => {
        const each = { agency: text(form, `agency-${row}`), person: text(form, `person-${row}`), role: text(form, `role-${row}`) };
        return each.agency || each.person || each.role ? each : null;
      }),
    },
  }),
  route: (form) => ({
    route: text(form, 'route') === 'agency-adopts'
      ? { kind: 'agency-adopts', body: text(form, 'body'), agency: text(form, 'agency') || null, withinDays: whole(form, 'within'), reasons: text(form, 'reasons').split(/\r?\n/).map((each) => each.trim()).filter((each) => each !== '') }
      : { kind: 'granted-to-host' },
  }),
  dispute: (form) => ({ dispute: { words: text(form, 'words'), appealDays: whole(form, 'appeal') } }),
  data: (form) => ({ eraseAfterDays: whole(form, 'erase'), disclosureDays: whole(form, 'disclosure') }),
};

function rows<T>(most: number, read: (row: number) => T | null): T[] {
  return Array.from({ length: most }, (_, row) => read(row)).filter((each) => each !== null) as T[];
}

const WRONG: readonly [RegExp, () => string][] = [
  [/bands\.\d+\.agree/, m.cadmin_wrong_fewer], [/bands\.\d+\.proof/, m.cadmin_wrong_proof], [/bands/, m.cadmin_wrong_rising],
  [/atOnceDaily/, m.cadmin_wrong_daily], [/panelSeats/, m.cadmin_wrong_seats], [/householdCap/, m.cadmin_wrong_household],
  [/order/, m.cadmin_wrong_tickets], [/ways/, m.cadmin_wrong_ways], [/reasons/, m.cadmin_wrong_reasons], [/route/, m.cadmin_wrong_route],
  [/standsBehind/, m.cadmin_wrong_behind], [/Days/, m.cadmin_wrong_days],
];

/** What to mend, by the fields that the API named. */
export function wrongSentences(fields: unknown): string[] {
  const named = Array.isArray(fields) ? fields.map(String) : [];
  const found = new Set(named.flatMap((field) => WRONG.find(([pattern]) => pattern.test(field))?.[1]() ?? []));
  return found.size > 0 ? [...found] : [m.cadmin_wrong_other()];
}
