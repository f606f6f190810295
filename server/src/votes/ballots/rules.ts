/** What makes a ballot legal, as pure functions. */
import { wholeMinor, type Rule } from '../counting/rule.ts';
import type { BallotLine } from './protocol.ts';
import { ballotBytes } from './protocol.ts';

/**
 * How people choose: within the budget, at most k, at least k, or one; by `total` points, at most `most` on one project;
 * by up to `most` points to each; or up to k in order of preference.
 */
export type BallotForm =
  | { kind: 'knapsack' } | { kind: 'up-to'; k: number } | { kind: 'at-least'; k: number } | { kind: 'one' }
  | { kind: 'points'; total: number; most: number } | { kind: 'scores'; most: number } | { kind: 'ranking'; k: number };

export interface BallotProject {
  number: string;
  costMinor: number;
  area?: string | null;
}

export interface BallotSpec {
  form: BallotForm;
  /** For the whole; the areas' own money is not in it. */
  budgetMinor: number;
  /** Areas with money of their own: whoever votes there has a ballot for it and one for the whole, on one sheet. */
  pots?: readonly { area: string; budgetMinor: number }[];
  /** In the round's frozen order. */
  projects: readonly BallotProject[];
}

export type Illegal =
  | 'unknown-project' | 'project-twice' | 'other-area' | 'over-budget' | 'too-many' | 'too-few'
  | 'points-not-asked' | 'points-missing' | 'over-most' | 'over-points';

/**
 * The area as it stands on a ballot: only where money of its own is decided there. Ballots are published one by one, and
 * where the count does not need an area, it would only say whose a ballot is in an area of which few voted.
 */
export function areaOnBallot({ pots }: Pick<BallotSpec, 'pots'>, area: string): string {
  return pots?.some((pot) => pot.area === area) ? area : '';
}

/** What a round's frozen terms hold ballots to. `budgetMinor` is all of its money. */
export function specOf(round: { ballotForm: BallotForm; budgetMinor: number; rule: Pick<Rule, 'pots'>; projects: readonly BallotProject[] }): BallotSpec {
  const { ballotForm: form, budgetMinor, rule, projects } = round;
  return { form, budgetMinor: wholeMinor(budgetMinor, rule), projects, ...(rule.pots && { pots: rule.pots.areas }) };
}

/** Whether lines carry points. */
export function givesPoints(form: BallotForm): boolean {
  return form.kind === 'points' || form.kind === 'scores';
}

/**
 * The lines in the round's order (a ranking's in order of preference, the area's own before the whole's), or the first
 * rule they break. The form holds for each pot apart. A project with no points is no line. An empty ballot is legal
 * under every form: it says "none of these" and counts in the turnout.
 */
export function orderLines(spec: BallotSpec, lines: readonly BallotLine[], area = ''): readonly BallotLine[] | Illegal {
  const place = new Map(spec.projects.map((project, index) => [project.number, index]));
  const potOf = potsOf(spec);
  const seen = new Set<string>();
  for (const line of lines) {
    const index = place.get(line.project);
    if (index === undefined) return 'unknown-project';
    if (seen.has(line.project)) return 'project-twice';
    const pot = potOf(spec.projects[index]!);
    if (pot !== null && pot !== area) return 'other-area';
    if (!givesPoints(spec.form) && line.points !== undefined) return 'points-not-asked';
    if (givesPoints(spec.form) && line.points === undefined) return 'points-missing';
    seen.add(line.project);
  }
  const kept = lines.filter((line) => line.points !== 0).map(({ project, points }) => (points === undefined ? { project } : { project, points }));
  if (spec.form.kind !== 'ranking') kept.sort((a, b) => place.get(a.project)! - place.get(b.project)!);
  const inPot = (pot: string | null) => kept.filter((line) => potOf(spec.projects[place.get(line.project)!]!) === pot);
  const own = spec.pots?.find((pot) => pot.area === area);
  const [ofArea, ofWhole] = [own ? inPot(own.area) : [], inPot(null)];
  const costOf = (line: BallotLine) => spec.projects[place.get(line.project)!]!.costMinor;
  const breach = (own && breachOf(spec.form, own.budgetMinor, ofArea, costOf)) ?? breachOf(spec.form, spec.budgetMinor, ofWhole, costOf);
  return breach ?? (spec.form.kind === 'ranking' ? [...ofArea, ...ofWhole] : kept);
}

/** The area whose own money a project competes for, or null for the whole. */
function potsOf(spec: BallotSpec): (project: BallotProject) => string | null {
  const areas = new Set(spec.pots?.map((pot) => pot.area));
  return ({ area = null }) => (area !== null && areas.has(area) ? area : null);
}

function breachOf(form: BallotForm, budgetMinor: number, chosen: readonly BallotLine[], costOf: (line: BallotLine) => number): Illegal | null {
  if (chosen.length === 0) return null;
  const points = chosen.map((line) => line.points ?? 0);
  switch (form.kind) {
    case 'knapsack':
      return chosen.reduce((sum, line) => sum + costOf(line), 0) > budgetMinor ? 'over-budget' : null;
    case 'up-to':
    case 'ranking':
      return chosen.length > form.k ? 'too-many' : null;
    case 'at-least':
      return chosen.length < form.k ? 'too-few' : null;
    case 'one':
      return chosen.length > 1 ? 'too-many' : null;
    case 'scores':
      return points.some((each) => each > form.most) ? 'over-most' : null;
    case 'points':
      if (points.some((each) => each > form.most)) return 'over-most';
      return points.reduce((sum, each) => sum + each, 0) > form.total ? 'over-points' : null;
  }
}

/** Bytes of the longest legal ballot text: every project on it, with the longest points, in the longest area. An upper bound for every form. */
export function longestBallot(areas: readonly string[], projects: readonly BallotProject[], form?: BallotForm): number {
  const longestArea = areas.reduce((longest, area) => (Buffer.byteLength(area) > Buffer.byteLength(longest) ? area : longest), '');
  const points = form?.kind === 'points' || form?.kind === 'scores' ? { points: form.most } : {};
  return ballotBytes(longestArea, projects.map((project) => ({ project: project.number, ...points }))).length;
}

/** Whether a rule counts what a ballot of this form says: points by points, rankings by rank, and no points where none are given. */
export function fitsForm({ method }: Pick<Rule, 'method'>, form: BallotForm): boolean {
  if (method.kind === 'greedy') return true;
  const isApproval = !givesPoints(form) && form.kind !== 'ranking';
  if (method.kind === 'phragmen') return isApproval;
  switch (method.utility) {
    case 'cost':
    case 'cardinality':
      return isApproval;
    case 'points':
      return !isApproval;
    case 'ranks':
      return form.kind === 'ranking';
  }
}
