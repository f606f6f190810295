/** The META section: what kind of election it is and what it limits. */
import type { VoteType } from './election.ts';
import { limitKeys, type BallotLimits } from './pabulib-limits.ts';
import { readDecimal, toMinor, type Decimal } from './pabulib-money.ts';
import type { Findings } from './pabulib-problems.ts';

const voteTypes: readonly string[] = ['approval', 'choose-1', 'cumulative', 'scoring', 'ordinal'] satisfies VoteType[];

export interface Entry {
  readonly line: number;
  readonly value: string;
}

/** Keys in the order of the file. */
export type Entries = ReadonlyMap<string, Entry>;

export interface Meta {
  readonly voteType: VoteType;
  readonly budget: Decimal;
  readonly projectCount: Entry & { readonly number: number };
  readonly ballotCount: Entry & { readonly number: number };
  readonly amounts: ReadonlyMap<string, Decimal>;
}

/** Undefined where what a count needs is missing or malformed; `line` is where the section ends. */
export function readMeta(entries: Entries, line: number, findings: Findings): Meta | undefined {
  for (const key of ['num_projects', 'num_votes', 'budget', 'vote_type']) {
    if (!entries.has(key)) findings.fatal(line, 'meta-missing', key);
  }
  const type = entries.get('vote_type');
  const voteType = type?.value.trim();
  if (type && !voteTypes.includes(voteType!)) findings.fatal(type.line, 'vote-type', type.value);
  else if (type && type.value !== voteType) findings.repairable(type.line, 'stray-space', `vote_type "${type.value}"`);
  const budget = decimalAt(entries, 'budget', findings);
  const projectCount = numberAt(entries, 'num_projects', findings);
  const ballotCount = numberAt(entries, 'num_votes', findings);
  // Not a limit of a ballot, but a count goes by it.
  numberAt(entries, 'min_project_score_threshold', findings);
  const amounts = new Map<string, Decimal>();
  for (const key of limitKeys.amounts) {
    const amount = decimalAt(entries, key, findings);
    if (amount) amounts.set(key, amount);
  }
  if (!type || !budget || !projectCount || !ballotCount || findings.problems.length > 0) return undefined;
  return { voteType: voteType as VoteType, budget, projectCount, ballotCount, amounts };
}

/** The ballots' limits in minor units. */
export function readLimits(entries: Entries, meta: Meta, minorPerUnit: number, findings: Findings): BallotLimits {
  const limits: BallotLimits = {};
  for (const key of limitKeys.wholeNumbers) {
    const limit = numberAt(entries, key, findings);
    if (limit) limits[key] = limit.number;
  }
  for (const key of limitKeys.amounts) {
    const amount = meta.amounts.get(key);
    const minor = amount && toMinor(amount, minorPerUnit);
    if (minor !== undefined) limits[key] = minor;
  }
  return limits;
}

function decimalAt(entries: Entries, key: string, findings: Findings): Decimal | undefined {
  const entry = entries.get(key);
  return entry && entry.value !== '' ? readDecimal(entry.value, entry.line, key, findings) : undefined;
}

function numberAt(entries: Entries, key: string, findings: Findings): (Entry & { number: number }) | undefined {
  const entry = entries.get(key);
  if (!entry || entry.value === '') return undefined;
  if (/^-?\d{1,9}$/.test(entry.value.trim())) return { ...entry, number: Number(entry.value) };
  findings.fatal(entry.line, 'not-a-number', `${key} "${entry.value}"`);
  return undefined;
}
