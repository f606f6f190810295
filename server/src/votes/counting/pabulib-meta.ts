/** The META section: what kind of election it is and what it limits. */
import type { VoteType } from './election.ts';
import { limitKeys, type BallotLimits } from './pabulib-limits.ts';
import { readDecimal, toMinor, type Decimal } from './pabulib-money.ts';
import type { PointScale } from './pabulib-points.ts';
import type { Findings } from './pabulib-problems.ts';

const voteTypes: readonly VoteType[] = ['approval', 'choose-1', 'cumulative', 'scoring', 'ordinal'];

/** Keys on which the outcome may depend: of these a file has one value each. */
const deciding: readonly string[] = [
  'budget', 'vote_type', 'rule', 'scoring_fn', 'default_score', 'min_project_score_threshold',
  'categories', 'budget_per_category', 'neighborhoods', 'budget_per_neighborhood',
];

export interface Entry {
  readonly line: number;
  readonly value: string;
}

/** Keys in the order of the file. */
export type Entries = ReadonlyMap<string, Entry>;

export interface Meta {
  readonly voteType: VoteType;
  readonly budget: Decimal;
  /** Where the file says how many projects and ballots it has. */
  readonly counts: Readonly<Record<'num_projects' | 'num_votes', NumberEntry | undefined>>;
  readonly amounts: ReadonlyMap<string, Decimal>;
}

type NumberEntry = Entry & { readonly number: number };

/** One row of the section. The first of two values holds where nothing depends on it. */
export function enterKey(entries: Map<string, Entry>, key: string, entry: Entry, findings: Findings): void {
  const known = entries.get(key);
  if (!known) entries.set(key, entry);
  else if (known.value === entry.value || !deciding.includes(key)) findings.repairable(entry.line, 'meta-twice', key);
  else findings.fatal(entry.line, 'meta-twice', key);
}

/** Undefined where what a count needs is missing or malformed; `line` is where the section ends. */
export function readMeta(entries: Entries, line: number, findings: Findings): Meta | undefined {
  for (const key of ['budget', 'vote_type']) {
    if (textAt(entries, key) === '') findings.fatal(entries.get(key)?.line ?? line, 'meta-missing', key);
  }
  for (const key of ['num_projects', 'num_votes']) {
    if (textAt(entries, key) === '') findings.repairable(entries.get(key)?.line ?? line, 'meta-missing', key);
  }
  const voteType = readVoteType(entries.get('vote_type'), findings);
  const budget = decimalAt(entries, 'budget', findings);
  const counts = { num_projects: numberAt(entries, 'num_projects', findings), num_votes: numberAt(entries, 'num_votes', findings) };
  // Not a limit of a ballot, but a count goes by it.
  numberAt(entries, 'min_project_score_threshold', findings);
  const amounts = new Map<string, Decimal>();
  for (const key of limitKeys.amounts) {
    const amount = decimalAt(entries, key, findings);
    if (amount) amounts.set(key, amount);
  }
  return voteType && budget && findings.problems.length === 0 ? { voteType, budget, counts, amounts } : undefined;
}

/** The ballots' limits: amounts in minor units, points in the scale's. */
export function readLimits(entries: Entries, meta: Meta, minorPerUnit: number, scale: PointScale, findings: Findings): BallotLimits {
  const limits: BallotLimits = {};
  for (const key of limitKeys.lengths) {
    const limit = numberAt(entries, key, findings);
    if (limit) limits[key] = limit.number;
  }
  for (const key of limitKeys.points) {
    const points = pointsAt(entries, key, scale, findings);
    if (points !== undefined) limits[key] = points;
  }
  for (const key of limitKeys.amounts) {
    const amount = meta.amounts.get(key);
    const minor = amount && toMinor(amount, minorPerUnit);
    if (minor !== undefined) limits[key] = minor;
  }
  return limits;
}

/** What a scoring ballot gives to each project it is silent on, in the scale's points. The format knows it for no other ballots. */
export function readDefaultScore(entries: Entries, { voteType }: Meta, scale: PointScale, findings: Findings): number {
  return voteType === 'scoring' ? (pointsAt(entries, 'default_score', scale, findings) ?? 0) : 0;
}

function readVoteType(entry: Entry | undefined, findings: Findings): VoteType | undefined {
  if (!entry || entry.value.trim() === '') return undefined;
  const asFormat = entry.value.trim().toLowerCase().replaceAll(/[\s_]+/g, '-');
  const voteType = voteTypes.find((known) => known === asFormat);
  if (!voteType) findings.fatal(entry.line, 'vote-type', entry.value);
  else if (entry.value.trim() !== voteType) findings.repairable(entry.line, 'letter-case', `vote_type "${entry.value}"`);
  else if (entry.value !== voteType) findings.repairable(entry.line, 'stray-space', `vote_type "${entry.value}"`);
  return voteType;
}

function textAt(entries: Entries, key: string): string {
  return entries.get(key)?.value.trim() ?? '';
}

function decimalAt(entries: Entries, key: string, findings: Findings): Decimal | undefined {
  const entry = entries.get(key);
  return entry && entry.value.trim() !== '' ? readDecimal(entry.value, entry.line, key, findings) : undefined;
}

function pointsAt(entries: Entries, key: string, scale: PointScale, findings: Findings): number | undefined {
  const entry = entries.get(key);
  if (!entry || entry.value.trim() === '') return undefined;
  const points = scale.read(entry.value);
  if (points === undefined) notANumber(entry, key, findings);
  return points;
}

/** A whole number; as tables are written by some tools, it may end in ".0". */
function numberAt(entries: Entries, key: string, findings: Findings): NumberEntry | undefined {
  const entry = entries.get(key);
  if (!entry || entry.value.trim() === '') return undefined;
  if (/^-?\d{1,9}(\.0+)?$/.test(entry.value.trim())) return { ...entry, number: Number(entry.value) };
  notANumber(entry, key, findings);
  return undefined;
}

function notANumber({ line, value }: Entry, key: string, findings: Findings): void {
  if (deciding.includes(key)) findings.fatal(line, 'not-a-number', `${key} "${value}"`);
  else findings.repairable(line, 'not-a-number', `${key} "${value}"`);
}
