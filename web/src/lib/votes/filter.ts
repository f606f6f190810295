/** Which projects a search shows. */
import type { Project } from './round.ts';

/** Letters without case and accents, so that "cafe" finds "Café". */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether every word of the search is somewhere in the text. */
export function finds(search: string, text: string): boolean {
  const within = plain(text);
  return plain(search).split(/\s+/).every((word) => within.includes(word));
}

/** What of a project a search looks through. */
export function searchText({ number, title, summary, category, area }: Project): string {
  return [number, title, summary, category, area].join(' ');
}
