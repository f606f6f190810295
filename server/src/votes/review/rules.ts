/** Credit, order and words of a review. Pure. */
import type { Standing } from '../proposals/rules.ts';

interface Credited {
  id: string;
  authorId: string | null;
  by: string | null;
}

/** Whose ideas these are: names of those who agreed, each once, and how many neighbours beside them. */
export function creditsOf(ideas: readonly Credited[]): { names: string[]; neighbours: number } {
  const people = Map.groupBy(ideas, (idea) => idea.authorId ?? idea.id);
  const names = [...people.values()].map((theirs) => theirs.find((idea) => idea.by !== null)?.by ?? null);
  const shown = names.filter((name) => name !== null);
  return { names: [...new Set(shown)], neighbours: names.length - shown.length };
}

const ORDER: readonly Standing[] = ['unanswered', 'waiting', 'gathering', 'changes', 'yes', 'no', 'withdrawn'];

/** What waits for an answer first; among these what most people support. */
export function byUrgency(a: { standing: Standing; supports: number; number: number }, b: typeof a): number {
  return ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing) || b.supports - a.supports || a.number - b.number;
}

const SUMMARY_MAX = 200;

/** The first sentence of an idea, or its first words where that is long. */
export function summaryOf(description: string): string {
  const [first = ''] = description.trim().split(/\n|(?<=[.!?])\s/);
  if (first.length <= SUMMARY_MAX) return first;
  return `${first.slice(0, SUMMARY_MAX - 1).replace(/\s+\S*$/, '')}…`;
}
