/** The tally as pure functions: the order to show it in, and the digest of what was counted. */
import type { Outcome } from '../counting/outcome.ts';
import { presets, type PresetName } from '../counting/presets.ts';
import type { Rule } from '../counting/rule.ts';

interface Described {
  number: string;
  title: string;
  costMinor: number;
}

/** Winners as they were taken, then the others by votes; each with its title and cost. */
export function inOrderOfCounting(outcome: Outcome, projects: readonly Described[]) {
  const described = new Map(projects.map((project) => [project.number, project]));
  // A place counts within its pot; the winners stand in the order of all pots.
  const taken = new Map(outcome.winners.map((number, index) => [number, index]));
  const place = (decision: Outcome['decisions'][number]) => taken.get(decision.projectId) ?? Infinity;
  return [...outcome.decisions].sort((a, b) => (place(a) === place(b) ? b.votes - a.votes : place(a) - place(b))).map((decision) => {
    const project = described.get(decision.projectId);
    if (!project) throw new Error(`the tally names ${decision.projectId}, which is no project of the round`);
    return { project: project.number, title: project.title, costMinor: project.costMinor, votes: decision.votes, reason: decision.reason };
  });
}

/** The preset that a rule was made from, for its sentence; null for a rule of the round's own. */
export function presetOf(rule: Rule): PresetName | null {
  const method = JSON.stringify(rule.method);
  if (rule.threshold && method === JSON.stringify(presets['greedy-threshold'].method)) return 'greedy-threshold';
  if (rule.conflicts.length > 0 && method === JSON.stringify(presets['greedy-exclusive'].method)) return 'greedy-exclusive';
  const names = Object.keys(presets) as PresetName[];
  return names.find((name) => JSON.stringify(presets[name].method) === method) ?? null;
}
