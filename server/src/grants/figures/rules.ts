/** Public figures that give nobody away. Pure. */
import type { Agree, RequestState } from '@commonpot/db/grants';
import { DAY } from '../../platform/days.ts';

/** Groups of fewer are never shown, nor told by subtraction. */
export const FEWEST = 10;

/** One request without its person. */
export interface Fact {
  askedAt: Date;
  /** How it stood when the figures were drawn up. */
  state: RequestState;
  agree: Agree;
  way: string;
  purpose: string | null;
  amountMinor: number;
  /** The first yes or no; a yes that waits for money is one. */
  answeredAt: Date | null;
  /** When it was in the person's hands: a voucher issued, cash collected, a transfer confirmed. */
  paidAt: Date | null;
  appealed: boolean;
}

export interface Row {
  group: string;
  /** Null: too few to show, or shown it would give away another. */
  count: number | null;
}

/**
 * Counts by group. Groups of fewer than ten are hidden, and with them the smallest others until what is hidden is at least two
 * groups and ten people together: so the total less what is shown tells of no small group. Null when that leaves nothing.
 */
export function tabulate(groups: readonly string[]): Row[] | null {
  if (groups.length < FEWEST) return null;
  const counts = [...Map.groupBy(groups, (each) => each)].map(([group, each]) => ({ group, count: each.length })).sort((a, b) => a.count - b.count || (a.group < b.group ? -1 : 1));
  let hidden = counts.filter((each) => each.count < FEWEST).length;
  if (hidden > 0) {
    const sum = () => counts.slice(0, hidden).reduce((total, each) => total + each.count, 0);
    while (hidden < counts.length && (hidden < 2 || sum() < FEWEST)) hidden += 1;
    if (hidden === counts.length) return null;
  }
  return counts.map(({ group, count }, index) => ({ group, count: index < hidden ? null : count })).sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** A row of an award in which nothing that is said is true of fewer than ten; an empty string says nothing. */
export interface CodedRow {
  agree: string;
  way: string;
  upTo: string;
  quarter: string;
}
const COLUMNS = ['agree', 'way', 'upTo', 'quarter'] as const;

/** Rows whose every combination at least ten share: of those that fewer share, the last columns are left out, one after the other. Null below ten. */
export function codeRows(rows: readonly CodedRow[]): CodedRow[] | null {
  if (rows.length < FEWEST) return null;
  const shown: CodedRow[][] = [];
  let rest = [...rows];
  for (let columns = COLUMNS.length; columns > 0 && rest.length > 0; columns -= 1) {
    const kept = COLUMNS.slice(0, columns);
    const blank = (row: CodedRow): CodedRow => ({ agree: '', way: '', upTo: '', quarter: '', ...Object.fromEntries(kept.map((name) => [name, row[name]])) });
    const groups = [...Map.groupBy(rest.map(blank), (row) => COLUMNS.map((name) => row[name]).join('|')).values()];
    // What is left of a group is put together with others on the next turn, where it is blanked further.
    shown.push(...groups.filter((each) => each.length >= FEWEST));
    rest = groups.filter((each) => each.length < FEWEST).flat();
  }
  // A few that share nothing with anybody are hidden among the smallest group.
  while (rest.length > 0 && rest.length < FEWEST) rest.push(...(shown.sort((a, b) => b.length - a.length).pop() ?? []));
  const all = [...shown.flat(), ...rest.map(() => ({ agree: '', way: '', upTo: '', quarter: '' }))];
  return all.sort((a, b) => (COLUMNS.map((name) => a[name]).join('|') < COLUMNS.map((name) => b[name]).join('|') ? -1 : 1));
}

/** The median and what nine of ten were within, in whole days begun; null below ten. */
export function daysOf(spans: readonly { from: Date; to: Date | null }[]): { median: number; nineOfTen: number } | null {
  const days = spans.flatMap(({ from, to }) => (to ? [Math.ceil((to.getTime() - from.getTime()) / DAY)] : [])).sort((a, b) => a - b);
  if (days.length < FEWEST) return null;
  const at = (share: number) => days[Math.min(days.length - 1, Math.ceil(days.length * share) - 1)] as number;
  return { median: at(0.5), nineOfTen: at(0.9) };
}

/** Up to when figures are drawn up: the first of this month, so that two looks a day apart do not tell of the one person in between; all of a closed round. */
export function figuresUntil(phase: string, now: Date): Date {
  return phase === 'closed' ? now : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
}

/** All that is public of a round's requests. `bands` are the charter's, rising. */
export function drawUp(facts: readonly Fact[], bands: readonly { upToMinor: number }[]) {
  const outcomes = tabulate(facts.map((each) => outcomeOf(each.state)));
  const awarded = facts.filter((each) => each.state === 'awarded');
  const isGivenShown = awarded.length >= FEWEST && (outcomes?.find((each) => each.group === 'awarded')?.count ?? null) !== null;
  const coded = isGivenShown ? codeRows(awarded.map((each) => ({
    agree: each.agree, way: each.way, upTo: String(bands.find((band) => each.amountMinor <= band.upToMinor)?.upToMinor ?? ''),
    quarter: `${each.askedAt.getUTCFullYear()}-Q${Math.floor(each.askedAt.getUTCMonth() / 3) + 1}`,
  }))) : null;
  // Tables of what the rows say, and of nothing more: so that rows and tables together tell no more than the rows.
  const count = (column: keyof CodedRow) => coded && tabulate(coded.map((row) => row[column] || 'not-shown'));
  return {
    asked: facts.length >= FEWEST ? facts.length : null,
    givenMinor: isGivenShown ? awarded.reduce((sum, each) => sum + each.amountMinor, 0) : null,
    outcomes, agree: count('agree'), ways: count('way'), amounts: count('upTo'),
    purposes: isGivenShown ? tabulate(awarded.map((each) => each.purpose ?? 'not-said')) : null,
    appeals: tabulate(facts.map(appealOf)),
    daysToAnswer: daysOf(facts.map((each) => ({ from: each.askedAt, to: each.answeredAt }))),
    daysToMoney: daysOf(awarded.map((each) => ({ from: each.askedAt, to: each.paidAt }))),
    rows: coded,
  };
}

function outcomeOf(state: RequestState): string {
  if (state === 'asked' || state === 'half' || state === 'appealed') return 'waiting';
  return state === 'upheld' ? 'declined' : state;
}

function appealOf({ appealed, state }: Fact): string {
  if (!appealed) return 'none';
  return state === 'awarded' || state === 'returned' ? 'given' : state === 'upheld' ? 'upheld' : state === 'appealed' ? 'waiting' : 'taken-back';
}
