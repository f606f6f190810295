/** Choices on their way from page to page where no script runs: in the body of a post, and nowhere else. */
import type { Project } from './round.ts';

export interface Filters {
  find: string;
  only: 'all' | 'mine' | 'fits';
  category: string;
  area: string;
}

export interface Posted {
  /** Public numbers of projects of this round, each once, in the ballot's order. */
  chosen: string[];
  salt: string;
  void: string;
  /** The handle of the ballot to replace; null for a first one. */
  replaces: string | null;
  filters: Filters;
}

/** Reads a form of the ballot's pages; what is no project of the round is left out. */
export function readPosted(form: FormData, projects: readonly Project[]): Posted {
  const text = (name: string): string => String(form.get(name) ?? '').slice(0, 200);
  const given = new Set(form.getAll('p').map(String));
  const only = text('only');
  return {
    chosen: projects.filter((project) => given.has(project.number)).map((project) => project.number),
    salt: text('salt'), void: text('void'), replaces: text('replaces') || null,
    filters: { find: text('find'), only: only === 'mine' || only === 'fits' ? only : 'all', category: text('category'), area: text('area') },
  };
}
