/**
 * Whether first-time askers had the chances that the charter's weights promise. In every draw the first quarter of the
 * places is looked at, a number that was fixed before the draw. Drawing one after the other with chances in proportion to the
 * tickets is the same as giving everybody an exponential time with their tickets as its rate, earliest first; a thousand such
 * draws per pool say how many first-timers to expect there. What was drawn, summed over all draws, may stray as far as
 * Bernstein's inequality lets it with a chance of one in a million: it holds for numbers as small as a short year's, where few
 * are no first-timers, and drawing without putting back only strays less. As variance it takes the smaller of the expected
 * numbers of first-timers and of others, which it does not exceed.
 */
import { createHash } from 'node:crypto';
import type { Finding } from './case.ts';
import type { DrawRow, EntryRow, FundRecord } from './record.ts';

export interface Chances {
  /** Shares of first-timers: of those drawn, of the first quarter by the weights, and of the first quarter as it was drawn; null without a draw. */
  asked: number | null;
  expected: number | null;
  got: number | null;
  /** How many standard deviations, as a thousand draws had them, lie between expected and got. */
  deviations: number;
}

const RUNS = 1000;
const FALSE_ALARM = 1e-6;
const QUARTER = 4;

/** Compares all draws of a fund with what their tickets promise. */
export function judgeChances({ draws, entries }: Pick<FundRecord, 'draws' | 'entries'>): { chances: Chances; findings: Finding[] } {
  const sum = { people: 0, first: 0, places: 0, expected: 0, variance: 0, got: 0 };
  const entriesOf = Map.groupBy(entries, (entry) => entry.draw);
  for (const draw of draws) {
    const pool = (entriesOf.get(draw.id) ?? []).filter((entry) => (entry.tickets ?? 0) > 0);
    const places = Math.ceil(pool.length / QUARTER);
    if (draw.drawnAt === null || pool.length === 0) continue;
    const { mean, variance } = expect(draw, pool, places);
    const drawn = [...pool].sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).slice(0, places);
    sum.people += pool.length;
    sum.first += pool.filter((entry) => entry.firstTime).length;
    sum.places += places;
    sum.expected += mean;
    // The mean is itself of so many runs.
    sum.variance += variance * (1 + 1 / RUNS);
    sum.got += drawn.filter((entry) => entry.firstTime).length;
  }
  if (sum.people === 0) return { chances: { asked: null, expected: null, got: null, deviations: 0 }, findings: [] };
  const deviations = sum.variance === 0 ? 0 : (sum.got - sum.expected) / Math.sqrt(sum.variance);
  const share = (value: number, of: number): number => Math.round((value / of) * 10_000) / 10_000;
  return {
    chances: { asked: share(sum.first, sum.people), expected: share(sum.expected, sum.places), got: share(sum.got, sum.places), deviations: Math.round(deviations * 100) / 100 },
    findings: chanceOf(sum) < FALSE_ALARM ? [{ rule: 'first-time-chances', what: `${deviations.toFixed(1)} deviations` }] : [],
  };
}

/** The most that the chance of a fair draw to stray so far, either way, can be: Bernstein (1946). */
function chanceOf({ got, expected, places }: { got: number; expected: number; places: number }): number {
  const stray = Math.abs(got - expected);
  const variance = Math.min(expected, places - expected);
  return 2 * Math.exp(-(stray ** 2) / (2 * (variance + stray / 3)));
}

/** How many first-timers the first places hold, on average, and the variance of that number. */
function expect(draw: DrawRow, pool: readonly EntryRow[], places: number): { mean: number; variance: number } {
  const real = numbersFrom(createHash('sha256').update(draw.id).digest());
  let [sum, squares] = [0, 0];
  for (let run = 0; run < RUNS; run += 1) {
    const times = pool.map(({ tickets, firstTime }) => ({ time: -Math.log(1 - real()) / (tickets ?? 1), firstTime })).sort((a, b) => a.time - b.time);
    let first = 0;
    for (let place = 0; place < places; place += 1) first += times[place]?.firstTime ? 1 : 0;
    sum += first;
    squares += first * first;
  }
  const mean = sum / RUNS;
  return { mean, variance: (squares - RUNS * mean * mean) / (RUNS - 1) };
}

/** Numbers from 0 up to 1 that follow from 32 bytes: SplitMix-like mixing of a counter (Steele, Lea and Flood, 2014). */
function numbersFrom(bytes: Buffer): () => number {
  let state = bytes.readUInt32LE(0);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
