/** A random order of projects for each voter, so that no project is helped by its place. */
import { createHash, randomBytes } from 'node:crypto';
import type { Cookies } from '@sveltejs/kit';

const SEED = 'order';

/**
 * The seed of this browser for one round: random, no identity, seen by no route but the ballot's own pages,
 * never handed to the API and never stored.
 */
export function orderSeed(cookies: Cookies, path: string): string {
  const known = cookies.get(SEED);
  if (known && /^[\w-]{22}$/.test(known)) return known;
  const seed = randomBytes(16).toString('base64url');
  cookies.set(SEED, seed, { path, httpOnly: true, sameSite: 'lax', secure: true, maxAge: 90 * 24 * 3600 });
  return seed;
}

/** The same seed, the same order. */
export function shuffle<T extends { number: string }>(projects: readonly T[], seed: string): T[] {
  const place = (project: T) => createHash('sha256').update(`${seed}\0${project.number}`).digest('hex');
  return projects.map((project) => ({ project, at: place(project) })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ project }) => project);
}
