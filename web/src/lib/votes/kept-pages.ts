/**
 * The ballot's page without a line: a worker keeps a copy of it on this phone, one store for each ballot.
 * The copy says who may vote where, never what somebody chose; choices are `phone.ts`'s.
 */
/** Begins the name of a ballot's store; the ballot's path follows. */
export const STORE = 'commonpot.ballot ';
/** Marks a store whose ballot was cast and not answered yet: its page is shown whatever the server would lead to, so that it can say what became of it. */
export const UNSENT = '/unsent';

/** The path of the ballot that a page belongs to; null for other pages. */
export function ballotOf(path: string): string | null {
  const found = /^(\/f\/[^/]+\/rounds\/[^/]+\/vote)\/(?:ballot|receipt)$/.exec(path);
  return found ? `${found[1]}/ballot` : null;
}

/** Lets go of every kept page. */
export async function forgetPages(): Promise<void> {
  if (!('caches' in globalThis)) return;
  for (const name of await caches.keys()) if (name.startsWith(STORE)) await caches.delete(name);
}
