/** What a simulated year holds, by its seed alone: who asks when and for how much, and what goes wrong. Pure. */
import type { Charter } from '@commonpot/server/rounds/charter/rules';
import { chanceOf } from './chance.ts';

export interface Size {
  requests: number;
  weeks: number;
  seed: number;
}

export interface Person {
  /** What the fund can know them by. */
  channel: 'sms' | 'email';
  address: string;
  name: string;
  door: string;
}

/** What happens while somebody sends: nothing, twice at once, a line that dies and a second try, the same key with another sum. */
export type Sending = 'plain' | 'twice' | 'line-dies' | 'key-reused';

export interface Ask {
  index: number;
  kind: 'rolling' | 'window';
  person: Person;
  amountMinor: number;
  way: 'voucher' | 'cash' | 'bank';
  sending: Sending;
  /** Somebody asks for them, and keeps touch where they have no address of their own. */
  helper: { withContact: boolean; collects: boolean } | null;
  /** Gives another name than the last time. */
  otherName: boolean;
  apart: boolean;
  group: boolean;
  mayWrite: boolean;
}

/** Days after asking on which somebody takes their request back, and whether a person declined asks for another look. */
export interface After {
  withdrawsAfterDays: number | null;
  appeals: boolean;
  appealsTwice: boolean;
}

export const DAYS = 7;
/** A window: two weeks to ask, one for the draw, one to decide. */
export const WINDOW_DAYS = 4 * DAYS;
export const ASKING_DAYS = 2 * DAYS;
/** Of what is asked while a window is open, this share goes there. */
export const WINDOW_SHARE = 0.7;
/** Of what is asked for, the pot meets this share. */
export const MET = 0.25;
/** What is asked for on average, in minor units. */
export const MEAN_MINOR = 66_00;

const POUNDS = [15, 20, 25, 30, 30, 40, 40, 50, 60, 70, 80, 80, 100, 120, 150, 180];
export const ADMINISTRATORS = ['ada', 'bela', 'cleo', 'dan'] as const;
export const RESIDENTS = ['ines', 'jon', 'kim', 'lea', 'mo', 'nia', 'omar', 'pia', 'quinn'] as const;

/** Where a member of the fund signs in, and asks when they ask for themselves. */
export const addressOf = (name: string): string => `${name}@example.org`;
/** Where an administrator lives. */
export const doorOf = (index: number): string => `${index + 1} Founders Row`;

const base: Charter = {
  bands: [
    { upToMinor: 30_00, agree: 'at-once', proofOfAddress: false }, { upToMinor: 80_00, agree: 'one', proofOfAddress: false },
    { upToMinor: 150_00, agree: 'two', proofOfAddress: false }, { upToMinor: 200_00, agree: 'panel', proofOfAddress: true },
  ],
  periodDays: 28, cooldownDays: 7, householdCapMinor: 300_00, atOnceDailyMinor: 90_00, panelSeats: 3, batches: true, order: { kind: 'as-they-come' },
  ways: ['voucher', 'cash', 'bank'], answerDays: 7, payDays: 7, agency: { sees: 'figures', standsBehind: [] }, route: { kind: 'granted-to-host' },
  dispute: { words: 'Somebody who did not decide the first time looks again.', appealDays: 28 }, eraseAfterDays: 60, disclosureDays: 180,
};

/** The fund's charters, one after the other: the first for the rolling round, the second for windows, the third for those of the second half. */
export const charters: readonly [Charter, Charter, Charter] = [
  base,
  {
    ...base, bands: base.bands.slice(1), atOnceDailyMinor: null, periodDays: 56, cooldownDays: 14,
    order: { kind: 'draw', firstTimeTickets: 3, missedTickets: 1, mostTickets: 5, reservePercent: 10 },
  },
  {
    ...base, bands: [{ upToMinor: 60_00, agree: 'one', proofOfAddress: false }, { upToMinor: 180_00, agree: 'two', proofOfAddress: false }], panelSeats: null, atOnceDailyMinor: null,
    periodDays: 56, cooldownDays: 21, householdCapMinor: 240_00, order: { kind: 'draw', firstTimeTickets: 2, missedTickets: 1, mostTickets: 4, reservePercent: 0 },
  },
];

/** Asks in their order, without end: what the charter does not allow is made up for by the next. */
export function* asksOf({ seed }: Pick<Size, 'seed'>): Generator<Ask, never> {
  let strangers = 0;
  for (let index = 0; ; index += 1) {
    const chance = chanceOf(seed, 'ask', index);
    const isNew = strangers < 5 || chance.happens(0.5);
    const person = special(chance.below(400)) ?? personOf(isNew ? strangers++ : chance.below(strangers));
    const helped = chance.happens(0.05);
    yield {
      index, person, kind: chance.happens(WINDOW_SHARE) ? 'window' : 'rolling',
      amountMinor: chance.pick(POUNDS) * 100, way: chance.pick(['voucher', 'voucher', 'cash', 'bank']),
      sending: chance.happens(0.03) ? 'twice' : chance.happens(0.03) ? 'line-dies' : chance.happens(0.01) ? 'key-reused' : 'plain',
      helper: helped ? { withContact: chance.happens(0.5), collects: chance.happens(0.3) } : null,
      otherName: chance.happens(0.03), apart: chance.happens(0.01), group: chance.happens(0.02), mayWrite: chance.happens(0.4),
    };
  }
}

/** How many are taken in by the end of a day. */
export const takenBy = ({ requests, weeks }: Size, day: number): number => Math.floor(((day + 1) * requests) / (weeks * DAYS));

/** What somebody does once they asked. */
export function afterOf(seed: number, index: number): After {
  const chance = chanceOf(seed, 'after', index);
  return { withdrawsAfterDays: chance.happens(0.04) ? chance.below(DAYS) : null, appeals: chance.happens(0.25), appealsTwice: chance.happens(0.1) };
}

/** Two or three at a door. */
function personOf(index: number): Person {
  const isMail = index % 4 === 0;
  return {
    channel: isMail ? 'email' : 'sms', address: isMail ? `neighbour${index}@example.org` : `07700 9${String(index).padStart(5, '0')}`,
    name: `Neighbour ${index}`, door: `${Math.floor(index / 2.4)} Mill Road`,
  };
}

/** A few who ask decide as well, sit on panels, or live with somebody who decides. */
function special(lot: number): Person | null {
  if (lot < 2) return { channel: 'email', address: addressOf(ADMINISTRATORS[lot] as string), name: 'One who decides', door: doorOf(lot) };
  if (lot < 4) return { channel: 'sms', address: `07700 99999${lot}`, name: 'One at their door', door: doorOf(lot - 2) };
  if (lot < 6) return { channel: 'email', address: addressOf(RESIDENTS[lot - 4] as string), name: 'One on a panel', door: `${lot} Panel Lane` };
  return null;
}
