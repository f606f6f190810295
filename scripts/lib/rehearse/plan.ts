/** What a Pabulib file asks of a rehearsal: the round to set up and the ballots to cast. Never what the city decided. */
import type { BallotForm } from '@commonpot/db/rounds';
import type { BallotLine } from '@commonpot/server/votes/ballots/protocol';
import { fitsForm, givesPoints } from '@commonpot/server/votes/ballots/rules';
import type { Election } from '@commonpot/server/votes/counting/election';
import type { PabulibFile } from '@commonpot/server/votes/counting/pabulib';
import type { ChosenRule } from '../count/rule.ts';
import { ruleNamedBy } from '../count/rule.ts';
import type { Rule } from '@commonpot/server/votes/counting/rule';

export interface Plan {
  title: string;
  budgetMinor: number;
  form: BallotForm;
  rule: Rule;
  projects: { number: string; title: string; costMinor: number; category: string | null }[];
  /** A ranking's lines in order of preference. */
  ballots: BallotLine[][];
  /** What the file says was selected, for comparing at the end; null where the run is not the file's own or it does not say. */
  selected: readonly string[] | null;
}

export interface Wish {
  voters: number;
  projects: number;
  /** Another rule than the file's. */
  rule: ChosenRule | undefined;
}

/** What a round here takes: see the contracts of rounds and projects. */
const MOST = { points: 1000, score: 100, ranks: 100 };
const NUMBER = /^[^\p{Cc}\s]{1,40}$/u;

/** The plan, or one sentence saying why this file cannot be rehearsed. */
export function makePlan(file: PabulibFile, wish: Wish): Plan | string {
  const { election, meta } = file;
  const { name, rule } = wish.rule ? { name: wish.rule.name, rule: wish.rule.for(file) } : ruleNamedBy(file);
  if (!rule) return `The rule ${name || '(none named)'} does not say how to count; name one with --rule.`;
  if (rule.pots) return 'A rule with pots of their own for areas needs a roll that knows who lives where; no file has one.';
  const scale = 100 / election.minorPerUnit;
  if (!Number.isInteger(scale)) return 'The file counts in smaller units than hundredths.';
  const form = formOf(file);
  if (typeof form === 'string') return form;
  if (!fitsForm(rule, form)) return `The rule ${name} does not count ballots of the type ${election.voteType}.`;
  const odd = election.projects.find((project) => !NUMBER.test(project.id));
  if (odd) return `The project id "${odd.id}" cannot stand on a ballot: it is longer than 40 characters, or has spaces in it.`;
  const chosen = election.projects.slice(0, wish.projects);
  const ballots = expand(election, form, wish.voters, new Set(chosen.map((project) => project.id)));
  const isWhole = chosen.length === election.projects.length && ballots.length === election.ballots.count && !wish.rule;
  return {
    title: `${meta.get('unit') ?? 'Rehearsal'} ${meta.get('instance') ?? ''}`.trim(),
    budgetMinor: election.budgetMinor * scale,
    form, rule: scaled(rule, scale),
    projects: chosen.map((project) => ({ number: project.id, title: (project.name ?? project.id).slice(0, 200), costMinor: project.costMinor * scale, category: project.categories[0] ?? null })),
    ballots,
    selected: isWhole ? (file.selected ?? null) : null,
  };
}

/** The ballot that asks for what the file's ballots say, or why there is none. */
function formOf({ election, limits }: PabulibFile): BallotForm | string {
  const { ballots, projects, voteType, budgetMinor } = election;
  const longest = ballots.weights.reduce((most, _, group) => Math.max(most, ballots.offsets[group + 1]! - ballots.offsets[group]!), 1);
  switch (voteType) {
    case 'choose-1':
      return { kind: 'one' };
    case 'ordinal': {
      const k = limits.max_length ?? longest;
      return k > MOST.ranks ? `A ranking here has at most ${MOST.ranks} places, and the file's has ${k}.` : { kind: 'ranking', k };
    }
    case 'cumulative': {
      const total = limits.max_sum_points ?? most(ballots.weights.keys(), (group) => ballots.points.subarray(ballots.offsets[group], ballots.offsets[group + 1]).reduce((sum, points) => sum + points, 0));
      return total > MOST.points ? `People share out at most ${MOST.points} points here, and ${total} in the file.` : { kind: 'points', total, most: Math.min(total, limits.max_points ?? total) };
    }
    case 'scoring': {
      const score = limits.max_points ?? most(ballots.points, (points) => points);
      return score > MOST.score ? `A project gets at most ${MOST.score} points here, and ${score} in the file.` : { kind: 'scores', most: score };
    }
    case 'approval':
      if (limits.max_sum_cost === budgetMinor) return { kind: 'knapsack' };
      if (limits.max_length === undefined && (limits.min_length ?? 0) > 1) return { kind: 'at-least', k: limits.min_length as number };
      return { kind: 'up-to', k: limits.max_length ?? projects.length };
  }
}

/** At least one, for a form has to allow something. */
function most<Each>(all: Iterable<Each>, value: (each: Each) => number): number {
  let highest = 1;
  for (const each of all) highest = Math.max(highest, value(each));
  return highest;
}

/** Caps are amounts, and the round counts in hundredths. */
function scaled(rule: Rule, scale: number): Rule {
  const times = (caps: Record<string, number>) => Object.fromEntries(Object.entries(caps).map(([name, minor]) => [name, minor * scale]));
  return { ...rule, caps: { categories: times(rule.caps.categories), areas: times(rule.caps.areas) } };
}

/** One ballot for each voter; equal ones were merged when the file was read. */
function expand({ ballots, projects, voteType }: Election, form: BallotForm, voters: number, kept: ReadonlySet<string>): BallotLine[][] {
  const all: BallotLine[][] = [];
  for (let group = 0; group < ballots.weights.length && all.length < voters; group += 1) {
    const lines: { project: string; points: number }[] = [];
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k += 1) lines.push({ project: projects[ballots.projects[k]!]!.id, points: ballots.points[k]! });
    // A ranking's points are its places, the first the highest.
    if (voteType === 'ordinal') lines.sort((a, b) => b.points - a.points);
    const said = lines.filter(({ project, points }) => kept.has(project) && points > 0).map(({ project, points }) => (givesPoints(form) ? { project, points } : { project }));
    for (let copy = 0; copy < ballots.weights[group]! && all.length < voters; copy += 1) all.push(said);
  }
  return all;
}
