/**
 * An election as the counting room sees it: costed projects, a budget and ballots merged into groups.
 * Money is in minor units throughout: safe integers, `minorPerUnit` of them to one unit of the currency.
 */
import { BallotBox, type BallotGroups } from './ballots.ts';

export type VoteType = 'approval' | 'choose-1' | 'cumulative' | 'scoring' | 'ordinal';

export interface Project {
  readonly id: string;
  /** Above zero. */
  readonly costMinor: number;
  readonly name?: string;
  readonly categories: readonly string[];
  /** The neighbourhood it is for; without one it is for the whole. */
  readonly area?: string;
  /** On the ballot, but no longer to be funded (found unfeasible after the ballot was printed). */
  readonly withdrawn: boolean;
}

export interface Election {
  readonly unit: { readonly name: string; readonly currency?: string };
  /** 100 where money has cents; 1 for a file in whole units; another power of ten where a file has finer decimals. */
  readonly minorPerUnit: number;
  readonly budgetMinor: number;
  readonly voteType: VoteType;
  /** How many of the ballots' points make one of the file's: 10 where a file has points with one decimal. Absent: 1. */
  readonly pointsPerUnit?: number;
  readonly projects: readonly Project[];
  readonly ballots: BallotGroups;
}

export interface BallotLine {
  readonly projectId: string;
  /** Needed for cumulative and scoring ballots, not read for the others. */
  readonly points?: number;
}

export interface Ballot {
  readonly area?: string;
  /** In order of preference where the ballots are rankings. */
  readonly lines: Iterable<BallotLine>;
}

export interface ElectionInput extends Omit<Election, 'ballots' | 'unit'> {
  readonly unit?: Election['unit'];
  readonly ballots: Iterable<Ballot>;
}

/**
 * Builds an election from valid ballots in one pass, without keeping them.
 * Throws a RangeError for what validation should have refused: money that is no safe positive integer,
 * an unknown project, a project twice on one ballot, points that are no whole number.
 */
export function buildElection(input: ElectionInput): Election {
  const { ballots, ...rest } = input;
  // Where areas have all of the money, the whole has none.
  if (input.budgetMinor !== 0) assertMoney(input.budgetMinor, 'budget');
  for (const project of input.projects) assertMoney(project.costMinor, `cost of ${project.id}`);
  const indexOf = new Map(input.projects.map((project, index) => [project.id, index]));
  if (indexOf.size !== input.projects.length) throw new RangeError('two projects share an id');
  const box = new BallotBox(input.projects.length);
  for (const ballot of ballots) {
    const projects: number[] = [];
    const given: number[] = [];
    for (const line of ballot.lines) {
      const index = indexOf.get(line.projectId);
      if (index === undefined) throw new RangeError(`no project ${line.projectId}`);
      projects.push(index);
      given.push(line.points ?? 0);
    }
    box.add(projects, pointsOfBallot(input.voteType, projects.length, given), ballot.area);
  }
  return { unit: { name: '' }, ...rest, ballots: box.close() };
}

/**
 * What each line of one ballot is worth: 1 where lines are approvals, the points given where they carry points.
 * A ranking of n projects gives n to its first, n - 1 to its second, down to 1 (Borda on the ballot's own length,
 * as Pabulib's score column and pabutools have it).
 */
export function pointsOfBallot(voteType: VoteType, length: number, given: readonly number[]): readonly number[] {
  if (voteType === 'cumulative' || voteType === 'scoring') return given;
  return Array.from({ length }, (_, position) => (voteType === 'ordinal' ? length - position : 1));
}

function assertMoney(minor: number, what: string): void {
  if (!Number.isSafeInteger(minor) || minor <= 0) throw new RangeError(`${what}: ${minor} is not a positive whole number`);
}
