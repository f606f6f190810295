/** The charter as data: what is asked, who agrees, and within which limits. Pure; the code that decides reads it from here. */
import { z } from 'zod';
import { daysAfter } from '../../platform/days.ts';

const minor = z.int().min(1).max(1_000_000_000_000);
const days = (most: number) => z.int().min(0).max(most);
const words = (most: number) => z.string().trim().min(1).max(most);

/** Who agrees to a request: nobody within limits, one administrator, two, or a panel of residents. */
export const AGREE = ['at-once', 'one', 'two', 'panel'] as const;
export type Agree = (typeof AGREE)[number];
export const WAYS = ['voucher', 'cash', 'bank'] as const;

/** Amounts up to `upToMinor`, counted together with what the person was given in the period. */
const band = z.strictObject({
  upToMinor: minor,
  agree: z.enum(AGREE),
  /** Shown once to a person and not kept. */
  proofOfAddress: z.boolean(),
});

const draw = z.strictObject({
  kind: z.literal('draw'),
  /** Tickets of somebody who was never given anything here. */
  firstTimeTickets: z.int().min(1).max(10),
  /** More tickets for each draw that was missed before, up to `mostTickets` in all. */
  missedTickets: z.int().min(0).max(5),
  mostTickets: z.int().min(1).max(20),
  /** Of a window's money, kept for what cannot wait. */
  reservePercent: z.int().min(0).max(50),
});

export const charterSchema = z.strictObject({
  /** Rising; the last one is the most that a person is given in a period. */
  bands: z.array(band).min(1).max(6),
  /** How long what was given counts against the limits. */
  periodDays: z.int().min(1).max(366),
  /** Between being given something and asking again. */
  cooldownDays: days(366),
  /** The most that an address is given in a period; null asks nobody for an address. */
  householdCapMinor: minor.nullable(),
  /** What may be given at once in a day, in all; needed where a band is paid at once. */
  atOnceDailyMinor: minor.nullable(),
  /** People on a panel; needed where a band goes to one. An odd number, so that it is never level. */
  panelSeats: z.int().min(3).max(15).nullable(),
  /** Whether one administrator may agree to many requests in one go. */
  batches: z.boolean(),
  order: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('as-they-come') }), draw]),
  ways: z.array(z.enum(WAYS)).min(1).max(3),
  answerDays: z.int().min(1).max(120),
  payDays: z.int().min(1).max(120),
  agency: z.strictObject({
    /** Totals, or rows without names as well. Never who the neighbour was. */
    sees: z.enum(['figures', 'coded-rows']),
    standsBehind: z.array(z.strictObject({ agency: words(120), person: words(120), role: words(120) })).max(10),
  }),
  /** Whose money it is when it is given: the host's, or still the agency's, where a named body adopts the result. */
  route: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('granted-to-host') }),
    z.strictObject({
      kind: z.literal('agency-adopts'), body: words(120), withinDays: z.int().min(1).max(60),
      /** The agency whose officers speak for the body, by its name in the fund; a round opens only with one. */
      agency: words(200).nullable().default(null),
      /** The only reasons for which it may refuse; a list that is published before the round opens. */
      reasons: z.array(words(200)).min(1).max(12),
    }),
  ]),
  dispute: z.strictObject({ words: words(1000), appealDays: z.int().min(7).max(120) }),
  /** After the last request ended: names, addresses and words go; figures stay. */
  eraseAfterDays: z.int().min(1).max(2200),
  /** How long what was told in private to the safeguarding lead is kept, when the lead does not end it before. */
  disclosureDays: z.int().min(7).max(730).default(180),
}).superRefine((given, context) => {
  const say = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  given.bands.forEach((each, index) => {
    if (index > 0 && each.upToMinor <= (given.bands[index - 1]?.upToMinor ?? 0)) say(['bands', index, 'upToMinor'], 'not-rising');
    // Checks rise with the amount: a larger sum is never agreed to by fewer.
    if (index > 0 && AGREE.indexOf(each.agree) < AGREE.indexOf(given.bands[index - 1]?.agree ?? 'at-once')) say(['bands', index, 'agree'], 'fewer-agree');
    // What is given at once nobody looks at.
    if (each.agree === 'at-once' && each.proofOfAddress) say(['bands', index, 'proofOfAddress'], 'at-once');
    if (index > 0 && given.bands[index - 1]?.proofOfAddress && !each.proofOfAddress) say(['bands', index, 'proofOfAddress'], 'fewer-agree');
  });
  if (given.bands.some((each) => each.agree === 'at-once') !== (given.atOnceDailyMinor !== null)) say(['atOnceDailyMinor'], 'at-once');
  if (given.bands.some((each) => each.agree === 'panel') !== (given.panelSeats !== null)) say(['panelSeats'], 'panel');
  if (given.panelSeats !== null && given.panelSeats % 2 === 0) say(['panelSeats'], 'even');
  if (given.householdCapMinor !== null && given.householdCapMinor < capOf(given)) say(['householdCapMinor'], 'below-person');
  if (given.order.kind === 'draw' && given.order.mostTickets < given.order.firstTimeTickets) say(['order', 'mostTickets'], 'below-first');
  if (new Set(given.ways).size !== given.ways.length) say(['ways'], 'twice');
  if (given.route.kind === 'agency-adopts' && new Set(given.route.reasons).size !== given.route.reasons.length) say(['route', 'reasons'], 'twice');
});

export type Charter = z.output<typeof charterSchema>;
export type Band = Charter['bands'][number];

/** Whether what is known of people is kept as long as their limits count; else erasing it would give everybody a full limit again. */
export function outlivesLimits({ eraseAfterDays, periodDays, cooldownDays }: Charter): boolean {
  return eraseAfterDays >= Math.max(periodDays, cooldownDays);
}

/** The most that one person is given in a period, in minor units. */
export function capOf(charter: Pick<Charter, 'bands'>): number {
  return charter.bands.at(-1)?.upToMinor ?? 0;
}

/** What is known of somebody who asks, at the time they ask. Sums in minor units. */
export interface Standing {
  amountMinor: number;
  /** Given to this person within the period, and asked for and still open. */
  receivedMinor: number;
  /** The same for everybody else at the address; zero where nobody is asked for one, or who stands apart. */
  householdMinor: number;
  /** When something was last given to this person, or null. */
  lastGivenAt: Date | null;
}

export type Measure =
  | { kind: 'within'; band: Band; cumulativeMinor: number }
  | { kind: 'over-cap'; leftMinor: number }
  | { kind: 'over-household-cap'; leftMinor: number }
  | { kind: 'too-soon'; againAt: Date };

/** Measures a request against the charter: the band it falls into, or the limit it meets and what is left below it. */
export function measure(charter: Charter, standing: Standing, now: Date): Measure {
  const { amountMinor, receivedMinor, householdMinor, lastGivenAt } = standing;
  const againAt = lastGivenAt ? daysAfter(lastGivenAt, charter.cooldownDays) : null;
  if (againAt && againAt > now) return { kind: 'too-soon', againAt };
  const cumulativeMinor = receivedMinor + amountMinor;
  const left = capOf(charter) - receivedMinor;
  if (amountMinor > left) return { kind: 'over-cap', leftMinor: Math.max(0, left) };
  const cap = charter.householdCapMinor;
  if (cap !== null && cumulativeMinor + householdMinor > cap) return { kind: 'over-household-cap', leftMinor: Math.max(0, cap - householdMinor - receivedMinor) };
  const band = charter.bands.find((each) => cumulativeMinor <= each.upToMinor);
  if (!band) throw new Error('an amount within the cap has a band');
  return { kind: 'within', band, cumulativeMinor };
}

/** One request gone by, without its person's name. Minor units. */
export interface PastRequest {
  /** The same for every request of one person. */
  person: string;
  amountMinor: number;
  askedAt: Date;
  givenAt: Date | null;
  /** When it was taken back, declined or returned; null for one that is given or open. */
  endedAt: Date | null;
  /** Whether the round was asked with it; others of the same people only count against their limits. */
  isAsk: boolean;
}

/**
 * How a round's requests would have been met under a charter: how many by whom, and how many not at all. `past` is in the order of
 * asking. What this charter would not have let through counts against nobody's limits later. Households are left out.
 */
export function replay(charter: Charter, past: readonly PastRequest[]): Record<Agree | 'over-cap' | 'over-household-cap' | 'too-soon', number> {
  const met = { 'at-once': 0, one: 0, two: 0, panel: 0, 'over-cap': 0, 'over-household-cap': 0, 'too-soon': 0 };
  const before = new Map<string, PastRequest[]>();
  for (const each of past) {
    const theirs = before.get(each.person) ?? [];
    const measured = each.isAsk ? measure(charter, standingAt(charter, theirs, each), each.askedAt) : null;
    if (measured) met[measured.kind === 'within' ? measured.band.agree : measured.kind] += 1;
    if (!measured || measured.kind === 'within') before.set(each.person, [...theirs, each]);
  }
  return met;
}

/** What counted against somebody's limits when they asked: given within the period, or still open. */
function standingAt({ periodDays }: Charter, theirs: readonly PastRequest[], { amountMinor, askedAt }: PastRequest): Standing {
  const lasting = theirs.filter((each) => !each.endedAt || each.endedAt > askedAt);
  const isGiven = (each: PastRequest) => each.givenAt !== null && each.givenAt <= askedAt;
  const counted = lasting.filter((each) => !isGiven(each) || daysAfter(each.givenAt as Date, periodDays) > askedAt);
  const given = lasting.flatMap((each) => (isGiven(each) ? [(each.givenAt as Date).getTime()] : []));
  return { amountMinor, receivedMinor: counted.reduce((sum, each) => sum + each.amountMinor, 0), householdMinor: 0, lastGivenAt: given.length > 0 ? new Date(Math.max(...given)) : null };
}
