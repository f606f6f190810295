/** Caps and projects that exclude each other, between the rule's data and the fields of a form. Pure. */
import type { AdminRound } from './steps.ts';

interface Named {
  number: string;
  title: string;
  category: string | null;
  area: string | null;
}

interface Limit {
  name: string;
  minor: number | null;
}

export interface Limits {
  categories: Limit[];
  areas: Limit[];
  /** `group` has the letters of the sets that a project stands in, with commas between them; empty for none. */
  projects: { number: string; title: string; group: string }[];
}

/** Every theme and area that the projects name, with its cap; and every project with its letter. */
export function limitsOf({ rule }: Pick<AdminRound, 'rule'>, projects: readonly Named[]): Limits {
  const caps = (rule?.caps ?? { categories: {}, areas: {} }) as Record<'categories' | 'areas', Record<string, number>>;
  const conflicts = (rule?.conflicts ?? []) as string[][];
  const limits = (kind: 'categories' | 'areas', named: readonly (string | null)[]): Limit[] =>
    [...new Set([...named.flatMap((name) => name ?? []), ...Object.keys(caps[kind])])].sort((a, b) => a.localeCompare(b))
      .map((name) => ({ name, minor: Object.hasOwn(caps[kind], name) ? (caps[kind][name] ?? null) : null }));
  return {
    categories: limits('categories', projects.map((project) => project.category)), areas: limits('areas', projects.map((project) => project.area)),
    projects: projects.map(({ number, title }) => ({ number, title, group: conflicts.flatMap((set, index) => (set.includes(number) ? [letterOf(index)] : [])).join(', ') })),
  };
}

/** Projects with the same letter, whatever its case; a project may have several, with anything but letters between them. A letter alone excludes nothing. */
export function conflictsOf(given: readonly { number: string; group: string }[]): string[][] {
  const sets = new Map<string, string[]>();
  for (const { number, group } of given) {
    for (const key of new Set(group.toUpperCase().match(/[\p{L}\p{N}]+/gu) ?? [])) sets.set(key, [...(sets.get(key) ?? []), number]);
  }
  return [...sets.values()].filter((set) => set.length > 1);
}

/** A, B, … Z, AA, AB: the letter of the set with this index; empty below zero. */
function letterOf(index: number): string {
  return index < 0 ? '' : letterOf(Math.floor(index / 26) - 1) + String.fromCharCode(65 + (index % 26));
}
