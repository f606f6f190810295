/** Choices on their way from page to page where no script runs: in the body of a post, and nowhere else. */
import { readLine, type BallotLine } from './lines.ts';
import { partOf, type Project } from './round.ts';
import { givesPoints, type Part } from './terms.ts';

export interface Filters {
  find: string;
  only: 'all' | 'mine' | 'fits';
  category: string;
  area: string;
}

export interface Posted {
  /** Lines of projects on this ballot, each once, in the ballot's order. */
  lines: BallotLine[];
  /** Two projects were given the same place in the ranking. */
  isTied: boolean;
  salt: string;
  void: string;
  /** The handle of the ballot to replace; null for a first one. */
  replaces: string | null;
  filters: Filters;
}

/** Begins the name of a number field; the project's number follows. */
const VALUE = 'v:';

/** Reads a form of the ballot's pages; what is no project of this ballot is left out. `projects` are in the round's order. */
export function readPosted(form: FormData, projects: readonly Project[], parts: readonly Part[]): Posted {
  const text = (name: string): string => String(form.get(name) ?? '').slice(0, 200);
  const only = text('only');
  return {
    ...readLines(form, projects, parts),
    salt: text('salt'), void: text('void'), replaces: text('replaces') || null,
    filters: { find: text('find'), only: only === 'mine' || only === 'fits' ? only : 'all', category: text('category'), area: text('area') },
  };
}

/** Whole lines come from the check, ticks and numbers from the ballot. */
function readLines(form: FormData, projects: readonly Project[], parts: readonly Part[]): Pick<Posted, 'lines' | 'isTied'> {
  const { form: kind } = parts[0] as Part;
  const given = [...form.getAll('p'), ...form.getAll('p1')].map((each) => readLine(String(each)));
  const order = new Map(given.map((line, index) => [line.project, { ...line, index }]));
  const found = projects.filter((project) => partOf(parts, project) !== null).flatMap((project) => {
    const line = order.get(project.number);
    const value = line ? (line.points ?? line.index + 1) : numberIn(form, project.number);
    return line || value > 0 ? [{ project: project.number, part: partOf(parts, project) ?? 0, value }] : [];
  });
  if (kind.kind !== 'ranking') return { lines: found.map(({ project, value }) => ({ project, ...(givesPoints(kind) && { points: value }) })).filter((line) => line.points !== 0), isTied: false };
  found.sort((a, b) => a.part - b.part || a.value - b.value);
  const isTied = found.some((each, index) => index > 0 && found[index - 1]?.part === each.part && found[index - 1]?.value === each.value);
  return { lines: found.map(({ project }) => ({ project })), isTied };
}

function numberIn(form: FormData, project: string): number {
  const typed = String(form.get(VALUE + project) ?? '').trim();
  return /^\d{1,6}$/.test(typed) ? Number(typed) : 0;
}
