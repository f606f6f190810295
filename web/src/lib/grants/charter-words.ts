/** The charter in sentences: one source for the page that everybody reads, for what changed between versions, and for the desk. Pure. */
import { days, money, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { CharterContent } from '@commonpot/server/rounds/charter/contract';
import { bandSentences, mostOf, trustSentence, wayWords } from './words.ts';

export const PARTS = ['amounts', 'limits', 'order', 'time', 'agency', 'route', 'dispute', 'data'] as const;
export type Part = (typeof PARTS)[number];

/** One sentence, and what is listed below it. */
export interface Line {
  /** The same in every version, so that two can be laid beside each other. */
  key: string;
  sentence: string;
  more?: string[];
}

interface Setting {
  currency: string;
  host: string;
}

type Charter = CharterContent;

export function partTitle(part: Part): string {
  return {
    amounts: m.charter_s_amounts, limits: m.charter_s_limits, order: m.charter_s_order, time: m.charter_s_time,
    agency: m.charter_s_agency, route: m.charter_s_route, dispute: m.grant_dispute, data: m.charter_s_data,
  }[part]();
}

/** The sentences of one part of a charter. */
export function linesOf(part: Part, charter: Charter, setting: Setting): Line[] {
  return LINES[part](charter, setting).filter((line) => line !== null);
}

const line = (key: string, sentence: string, more?: string[]): Line => ({ key, sentence, ...(more ? { more } : {}) });

const LINES: Record<Part, (charter: Charter, setting: Setting) => (Line | null)[]> = {
  amounts: (charter, { currency }) => [
    ...bandSentences(charter, currency).map(({ sentence, proof }, index) => line(`band-${index}`, sentence, proof ? [m.grant_band_proof()] : undefined)),
    line('counts', m.grant_band_counts({ days: days(charter.periodDays) })),
    charter.atOnceDailyMinor === null ? null : line('daily', m.grant_at_once_daily({ amount: money(charter.atOnceDailyMinor, currency) })),
    charter.panelSeats === null ? null : line('panel', m.charter_panel({ n: number(charter.panelSeats) })),
    charter.batches ? line('batches', m.charter_batches()) : null,
    line('own', m.grant_own()),
  ],
  limits: (charter, { currency }) => [
    line('most', m.ask_amount_hint({ most: money(mostOf(charter), currency), days: days(charter.periodDays) })),
    line('cooldown', charter.cooldownDays === 0 ? m.charter_no_wait() : `${m.ask_cooldown()}: ${m.ask_cooldown_means({ days: days(charter.cooldownDays) })}`),
    line('household', charter.householdCapMinor === null ? m.charter_no_household() : m.grant_household({ amount: money(charter.householdCapMinor, currency) })),
    line('trust', trustSentence(charter, currency)),
  ],
  order: ({ order }) => order.kind === 'as-they-come' ? [line('order', m.grant_order_come())] : [
    line('order', m.grant_order_draw({ first: number(order.firstTimeTickets), others: `1–${order.mostTickets}` })),
    line('missed', m.charter_missed({ more: number(order.missedTickets), most: number(order.mostTickets) })),
    order.reservePercent === 0 ? null : line('reserve', m.charter_reserve({ percent: number(order.reservePercent) })),
  ],
  time: (charter) => [
    line('answer', m.grant_answer({ answer: days(charter.answerDays), pay: days(charter.payDays) })),
    charter.route.kind === 'agency-adopts' ? line('adopt-days', m.charter_adopt_days({ body: charter.route.body, days: days(charter.route.withinDays) })) : null,
    line('ways', m.charter_ways(), charter.ways.map(wayWords)),
  ],
  agency: ({ agency, route }) => [
    line('sees', agency.sees === 'figures' ? m.grant_agency_figures() : m.grant_agency_rows()),
    route.kind === 'granted-to-host' ? line('nothing', m.charter_agency_nothing()) : null,
    ...agency.standsBehind.map((each, index) => line(`behind-${index}`, m.grant_stands(each))),
  ],
  route: ({ route }, { host }) => route.kind === 'granted-to-host' ? [line('route', m.grant_route_host({ host }))] : [
    line('route', route.agency === null ? m.charter_adopt_open({ body: route.body, days: days(route.withinDays) }) : m.charter_adopt({ body: route.body, agency: route.agency, days: days(route.withinDays) })),
    line('silence', m.charter_adopt_silence()),
    line('reasons', m.charter_adopt_reasons(), route.reasons),
    line('never', m.charter_adopt_never()),
  ],
  dispute: ({ dispute }) => [line('dispute', dispute.words), line('appeal', m.grant_dispute_days({ days: days(dispute.appealDays) }))],
  data: (charter) => [
    line('erase', m.ask_erased_means({ days: days(charter.eraseAfterDays) })),
    line('disclosure', m.charter_disclosure({ days: days(charter.disclosureDays) })),
    line('stay', m.charter_figures_stay()),
  ],
};

export interface Change {
  key: string;
  part: Part;
  /** Null where there was none, and where there is none any more. */
  before: Line | null;
  now: Line | null;
}

/** What is said otherwise in `now` than in `before`, sentence by sentence. */
export function changesBetween(before: Charter, now: Charter, setting: Setting): Change[] {
  return PARTS.flatMap((part) => {
    const [was, is] = [before, now].map((charter) => new Map(linesOf(part, charter, setting).map((each) => [each.key, each]))) as [Map<string, Line>, Map<string, Line>];
    return [...new Set([...was.keys(), ...is.keys()])]
      .map((key) => ({ key: `${part}-${key}`, part, before: was.get(key) ?? null, now: is.get(key) ?? null }))
      .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.now));
  });
}
