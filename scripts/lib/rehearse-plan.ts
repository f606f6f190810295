/** What a Pabulib file asks of a rehearsal: the round to set up and the ballots to cast. Never what the city decided. */
import type { BallotForm } from '@commonpot/db/rounds';
import type { PabulibFile } from '@commonpot/server/votes/counting/pabulib';
import { ruleOfFile } from '@commonpot/server/votes/counting/pabulib-rule';
import type { Rule } from '@commonpot/server/votes/counting/rule';

export interface Plan {
  title: string;
  budgetMinor: number;
  form: BallotForm;
  rule: Rule;
  projects: { number: string; title: string; costMinor: number; category: string | null }[];
  /** Project numbers of each ballot. */
  ballots: string[][];
  /** What the file says was selected, for comparing at the end; null where the run is smaller than the file or it does not say. */
  selected: readonly string[] | null;
}

/** The plan, or one sentence saying why this file cannot be rehearsed. */
export function makePlan(file: PabulibFile, size: { voters: number; projects: number }): Plan | string {
  const { election, meta, limits } = file;
  const rule = ruleOfFile(file);
  if (!rule) return `The rule ${meta.get('rule') ?? '(none named)'} is not built.`;
  if (election.voteType !== 'approval' && election.voteType !== 'choose-1') return `Ballots of the type ${election.voteType} cannot be cast yet.`;
  const scale = 100 / election.minorPerUnit;
  if (!Number.isInteger(scale)) return 'The file counts in smaller units than hundredths.';
  const chosen = election.projects.slice(0, size.projects);
  const ballots = expand(file, size.voters, new Set(chosen.map((project) => project.id)));
  const isWhole = chosen.length === election.projects.length && ballots.length === election.ballots.count;
  return {
    title: `${meta.get('unit') ?? 'Rehearsal'} ${meta.get('instance') ?? ''}`.trim(),
    budgetMinor: election.budgetMinor * scale,
    form: formOf(election.voteType, limits, election.projects.length, election.budgetMinor),
    rule,
    projects: chosen.map((project) => ({ number: project.id, title: (project.name ?? project.id).slice(0, 200), costMinor: project.costMinor * scale, category: project.categories[0] ?? null })),
    ballots,
    selected: isWhole ? (file.selected ?? null) : null,
  };
}

function formOf(voteType: string, limits: PabulibFile['limits'], projects: number, budgetMinor: number): BallotForm {
  if (voteType === 'choose-1') return { kind: 'one' };
  if (limits.max_sum_cost === budgetMinor) return { kind: 'knapsack' };
  if (limits.max_length === undefined && (limits.min_length ?? 0) > 1) return { kind: 'at-least', k: limits.min_length as number };
  return { kind: 'up-to', k: limits.max_length ?? projects };
}

/** One list of numbers for each voter; equal ballots were merged when the file was read. */
function expand(file: PabulibFile, voters: number, kept: ReadonlySet<string>): string[][] {
  const { weights, offsets, projects } = file.election.ballots;
  const ballots: string[][] = [];
  for (let group = 0; group < weights.length && ballots.length < voters; group += 1) {
    const numbers = [...projects.subarray(offsets[group], offsets[group + 1])].map((index) => file.election.projects[index]?.id ?? '').filter((id) => kept.has(id));
    for (let copy = 0; copy < (weights[group] ?? 0) && ballots.length < voters; copy += 1) ballots.push(numbers);
  }
  return ballots;
}
