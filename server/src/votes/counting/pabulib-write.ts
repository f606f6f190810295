/** Writes the Pabulib format, byte for byte the same for the same election: ballots sorted by their text and numbered anew. */
import type { Election, Project } from './election.ts';
import { compareText } from './lot.ts';
import { moneyText } from './pabulib-money.ts';
import { pointsText } from './pabulib-points.ts';
import { rowText } from './pabulib-rows.ts';

export interface PabulibExtras {
  /** Further keys for META, behind those that the election itself answers for. */
  readonly meta?: Iterable<readonly [string, string]>;
  /** Ids of the funded projects; gives the column `selected`. */
  readonly selected?: readonly string[];
}

const ownKeys = new Set(['num_projects', 'num_votes', 'budget', 'vote_type']);

/** The file in pieces that end with a newline, so that a million ballots need not stand in memory as one text. */
export function* writePabulib(election: Election, extras: PabulibExtras = {}): Generator<string> {
  yield `META\n${rows([['key', 'value'], ...metaRows(election, extras)])}`;
  yield `PROJECTS\n${rows(projectRows(election, extras))}`;
  yield 'VOTES\n';
  const hasPoints = election.voteType === 'cumulative' || election.voteType === 'scoring';
  const hasAreas = election.ballots.areaNames.length > 0;
  yield rows([['voter_id', 'vote', ...(hasPoints ? ['points'] : []), ...(hasAreas ? ['neighborhood'] : [])]]);
  let voter = 0;
  for (const { fields, weight } of sortedBallots(election, hasPoints, hasAreas)) {
    const text = rowText(fields);
    let piece = '';
    for (let copy = 0; copy < weight; copy++) piece += `${++voter};${text}\n`;
    yield piece;
  }
}

function rows(all: readonly (readonly string[])[]): string {
  return all.map((fields) => `${rowText(fields)}\n`).join('');
}

function metaRows(election: Election, extras: PabulibExtras): string[][] {
  const further = [...(extras.meta ?? [])].filter(([key]) => !ownKeys.has(key)).map((entry) => [...entry]);
  return [
    ['num_projects', String(election.projects.length)],
    ['num_votes', String(election.ballots.count)],
    ['budget', moneyText(election.budgetMinor, election.minorPerUnit)],
    ['vote_type', election.voteType],
    ...further,
  ];
}

function projectRows(election: Election, extras: PabulibExtras): string[][] {
  const { votes, score } = countsOf(election);
  const columns: [string, boolean, (project: Project, index: number) => string][] = [
    ['project_id', true, (project) => project.id],
    ['cost', true, (project) => moneyText(project.costMinor, election.minorPerUnit)],
    ['votes', true, (_, index) => String(votes[index])],
    ['score', !['approval', 'choose-1'].includes(election.voteType), (_, index) => pointsText(score[index]!, election.pointsPerUnit)],
    ['name', election.projects.some((project) => project.name !== undefined), (project) => project.name ?? ''],
    ['category', election.projects.some((project) => project.categories.length > 0), (project) => project.categories.join(',')],
    ['selected', extras.selected !== undefined, (project) => (extras.selected!.includes(project.id) ? '1' : '0')],
    ['neighborhood', election.projects.some((project) => project.area !== undefined), (project) => project.area ?? ''],
    ['withdrawn', election.projects.some((project) => project.withdrawn), (project) => (project.withdrawn ? '1' : '0')],
  ];
  const present = columns.filter(([, isPresent]) => isPresent);
  return [present.map(([name]) => name), ...election.projects.map((project, index) => present.map(([, , value]) => value(project, index)))];
}

/** Every mention is a vote, points or not. */
function countsOf({ ballots, projects }: Election): { votes: number[]; score: number[] } {
  const votes = projects.map(() => 0);
  const score = projects.map(() => 0);
  ballots.weights.forEach((weight, group) => {
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      votes[ballots.projects[k]!]! += weight;
      score[ballots.projects[k]!]! += weight * ballots.points[k]!;
    }
  });
  return { votes, score };
}

function sortedBallots(election: Election, hasPoints: boolean, hasAreas: boolean): { fields: string[]; weight: number }[] {
  const { ballots, projects, voteType, pointsPerUnit } = election;
  const all = Array.from(ballots.weights, (weight, group) => {
    const lines: { project: number; points: number }[] = [];
    for (let k = ballots.offsets[group]!; k < ballots.offsets[group + 1]!; k++) {
      lines.push({ project: ballots.projects[k]!, points: ballots.points[k]! });
    }
    if (voteType === 'ordinal') lines.sort((a, b) => b.points - a.points);
    const fields = [lines.map((line) => projects[line.project]!.id).join(',')];
    if (hasPoints) fields.push(lines.map((line) => pointsText(line.points, pointsPerUnit)).join(','));
    if (hasAreas) fields.push(ballots.areaNames[ballots.areas[group]!] ?? '');
    return { fields, weight };
  });
  return all.sort((a, b) => compareText(a.fields.join('\n'), b.fields.join('\n')));
}
