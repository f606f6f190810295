/** Elections of any size in the shape of a real one: for measuring, not for deciding. */
import { buildElection, type Ballot, type Election } from '../../../server/src/votes/counting/election.ts';

/** The same costs and budget, grown with the number of ballots, so that each ballot's share stays what it was. */
export function sampleElection(real: Election, ballotCount: number): Election {
  const factor = ballotCount / real.ballots.count;
  const grown = (minor: number) => Math.max(1, Math.round(minor * factor));
  return buildElection({
    ...real,
    budgetMinor: grown(real.budgetMinor),
    projects: real.projects.map((project) => ({ ...project, costMinor: grown(project.costMinor) })),
    ballots: sampleBallots(real, ballotCount),
  });
}

/** Real ballots drawn with replacement; in every second one a project gives way to one drawn by its votes, so that most differ. */
function* sampleBallots({ ballots, projects }: Election, ballotCount: number): Generator<Ballot> {
  const random = generator(2022);
  const groupOf = Uint32Array.from({ length: ballots.count });
  let at = 0;
  ballots.weights.forEach((weight, group) => groupOf.fill(group, at, (at += weight)));
  for (let number = 0; number < ballotCount; number++) {
    const group = groupOf[random(ballots.count)]!;
    const lines = [...ballots.projects.subarray(ballots.offsets[group], ballots.offsets[group + 1])];
    if (lines.length > 0 && random(2) === 0) {
      const drawn = ballots.projects[random(ballots.projects.length)]!;
      if (!lines.includes(drawn)) lines[random(lines.length)] = drawn;
    }
    yield { lines: lines.map((index) => ({ projectId: projects[index]!.id })) };
  }
}

/** Whole numbers below a bound, always the same ones for the same seed (xorshift32). */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
