/** What makes a ballot legal, as pure functions. */
import type { BallotLine } from './protocol.ts';
import { ballotBytes } from './protocol.ts';

/** How people choose: within the budget, at most k, at least k, or one. */
export type BallotForm = { kind: 'knapsack' } | { kind: 'up-to'; k: number } | { kind: 'at-least'; k: number } | { kind: 'one' };

export interface BallotProject {
  number: string;
  costMinor: number;
}

export interface BallotSpec {
  form: BallotForm;
  budgetMinor: number;
  /** In the round's frozen order. */
  projects: readonly BallotProject[];
}

export type Illegal = 'unknown-project' | 'project-twice' | 'over-budget' | 'too-many' | 'too-few' | 'points-not-asked';

/**
 * The lines in the round's order, or the first rule they break. An empty ballot is legal under every form:
 * it says "none of these" and counts in the turnout.
 */
export function orderLines(spec: BallotSpec, lines: readonly BallotLine[]): readonly BallotLine[] | Illegal {
  const place = new Map(spec.projects.map((project, index) => [project.number, index]));
  const seen = new Set<string>();
  for (const line of lines) {
    if (!place.has(line.project)) return 'unknown-project';
    if (seen.has(line.project)) return 'project-twice';
    if (line.points !== undefined) return 'points-not-asked';
    seen.add(line.project);
  }
  const ordered = spec.projects.filter((project) => seen.has(project.number));
  return breachOf(spec, ordered) ?? ordered.map((project) => ({ project: project.number }));
}

function breachOf(spec: BallotSpec, chosen: readonly BallotProject[]): Illegal | null {
  if (chosen.length === 0) return null;
  switch (spec.form.kind) {
    case 'knapsack':
      return chosen.reduce((sum, project) => sum + project.costMinor, 0) > spec.budgetMinor ? 'over-budget' : null;
    case 'up-to':
      return chosen.length > spec.form.k ? 'too-many' : null;
    case 'at-least':
      return chosen.length < spec.form.k ? 'too-few' : null;
    case 'one':
      return chosen.length > 1 ? 'too-many' : null;
  }
}

/** Bytes of the longest legal ballot text: every project on it, in the longest area. An upper bound for every form. */
export function longestBallot(areas: readonly string[], projects: readonly BallotProject[]): number {
  const longestArea = areas.reduce((longest, area) => (Buffer.byteLength(area) > Buffer.byteLength(longest) ? area : longest), '');
  return ballotBytes(longestArea, projects.map((project) => ({ project: project.number }))).length;
}
