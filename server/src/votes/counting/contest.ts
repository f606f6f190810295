/** One pot's share of an election: who competes for it, whose ballots count in it, and what they add up to. */
import { BallotBox, type BallotGroups } from './ballots.ts';
import type { Election } from './election.ts';

export interface Contest {
  readonly election: Election;
  /** Absent for the whole. */
  readonly area?: string;
  readonly budgetMinor: number;
  /** Indexes into the election's projects. */
  readonly candidates: readonly number[];
  /** Lines name candidates only. */
  readonly ballots: BallotGroups;
  /** By project index: points in all, and ballots that give it any. */
  readonly votes: Float64Array;
  readonly supporters: Float64Array;
}

/**
 * The contest for an area's own pot, or for the whole where `area` is absent and `potAreas` have pots of their own.
 * A ballot belongs to an area's contest if it was cast there, or, cast nowhere in particular, names a project there;
 * to the contest for the whole belongs every ballot. Of a ranking, each contest counts its own projects as a ranking of theirs.
 */
export function contestFor(election: Election, budgetMinor: number, potAreas: ReadonlySet<string>, area?: string): Contest {
  const candidates = election.projects.flatMap((project, index) => {
    const pot = project.area !== undefined && potAreas.has(project.area) ? project.area : undefined;
    return pot === area ? [index] : [];
  });
  const ballots = potAreas.size === 0 ? election.ballots : ballotsFor(election, new Set(candidates), area);
  return { election, budgetMinor, candidates, ballots, ...tally(ballots, election.projects.length), ...(area !== undefined && { area }) };
}

function ballotsFor(election: Election, candidates: ReadonlySet<number>, area: string | undefined): BallotGroups {
  const all = election.ballots;
  const box = new BallotBox(election.projects.length);
  for (let group = 0; group < all.weights.length; group++) {
    const projects: number[] = [];
    const points: number[] = [];
    for (let k = all.offsets[group]!; k < all.offsets[group + 1]!; k++) {
      if (!candidates.has(all.projects[k]!)) continue;
      projects.push(all.projects[k]!);
      points.push(all.points[k]!);
    }
    const castIn = all.areaNames[all.areas[group]!];
    const belongs = area === undefined || castIn === area || (castIn === undefined && projects.length > 0);
    if (belongs) box.add(projects, election.voteType === 'ordinal' ? ranked(points) : points, undefined, all.weights[group]!);
  }
  return box.close();
}

/** Borda over what is left of a ranking: the highest becomes as many as there are, the lowest 1. */
function ranked(points: readonly number[]): number[] {
  return points.map((own) => points.filter((other) => other <= own).length);
}

function tally(ballots: BallotGroups, projectCount: number): Pick<Contest, 'votes' | 'supporters'> {
  const votes = new Float64Array(projectCount);
  const supporters = new Float64Array(projectCount);
  for (let group = 0; group < ballots.weights.length; group++) {
    const weight = ballots.weights[group]!;
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      const points = ballots.points[k]!;
      votes[ballots.projects[k]!]! += weight * points;
      if (points > 0) supporters[ballots.projects[k]!]! += weight;
    }
  }
  return { votes, supporters };
}
