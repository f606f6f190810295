/** What all runs of Equal Shares on one contest have in common: who supports what, laid out for speed. */
import type { Contest } from './contest.ts';
import type { EqualSharesMethod } from './rule.ts';

export interface Field {
  readonly contest: Contest;
  /** Project p's supporters are the groups `groups[offsets[p]]` up to `groups[offsets[p + 1]]`, with `units` beside them. */
  readonly offsets: Uint32Array;
  readonly groups: Uint32Array;
  /** What a supporter's payment is proportional to: its points, or one. */
  readonly units: Uint32Array;
  /** Beside the contest's ballot lines: the same units, zero for a line that is no support. */
  readonly lineUnits: Int32Array;
  /** By project: units times weights in all. */
  readonly totalUnits: Float64Array;
  /** By project: how many ballots support it. */
  readonly totalWeight: Float64Array;
  /**
   * By project: a purchase's rate (money per unit) divided by this is money per utility, by which purchases are ordered.
   * Its cost where utility is cost, else one.
   */
  readonly divisors: Float64Array;
}

export function fieldFor(contest: Contest, utility: EqualSharesMethod['utility']): Field {
  const { ballots } = contest;
  const size = contest.election.projects.length;
  // A ranking's points go down to one; classical Borda, as pabutools has it, counts the projects ranked below, down to none.
  const isBorda = utility === 'points' && contest.election.voteType === 'ordinal';
  const isWeighed = utility === 'points' || utility === 'ranks';
  const lineUnits = ballots.points.map((points) => Math.max(isBorda ? points - 1 : isWeighed ? points : Math.min(points, 1), 0));
  const offsets = new Uint32Array(size + 1);
  ballots.projects.forEach((project, k) => (offsets[project + 1]! += lineUnits[k]! > 0 ? 1 : 0));
  for (let project = 0; project < size; project++) offsets[project + 1]! += offsets[project]!;
  const next = offsets.slice();
  const groups = new Uint32Array(offsets[size]!);
  const units = new Uint32Array(offsets[size]!);
  const totalUnits = new Float64Array(size);
  const totalWeight = new Float64Array(size);
  for (let group = 0; group < ballots.weights.length; group++) {
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      if (lineUnits[k] === 0) continue;
      const project = ballots.projects[k]!;
      const at = next[project]!++;
      groups[at] = group;
      units[at] = lineUnits[k]!;
      totalUnits[project]! += lineUnits[k]! * ballots.weights[group]!;
      totalWeight[project]! += ballots.weights[group]!;
    }
  }
  const divisors = Float64Array.from(contest.election.projects, (project) => (utility === 'cost' ? project.costMinor : 1));
  return { contest, offsets, groups, units, lineUnits, totalUnits, totalWeight, divisors };
}
