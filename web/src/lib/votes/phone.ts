/**
 * What this phone keeps of one round, and nobody else has: choices that are not cast, a ballot on its way,
 * and the secrets of the ballot that is in. Gone with "forget me here".
 */

/** A ballot as it is sent: the same again until there is an answer, so that it can never become two. */
export interface Sending {
  /** Its lines as `lines.ts` writes them. */
  projects: string[];
  salt: string;
  void: string;
  voidKey: string;
  replaces: string | null;
  oldVoidKey: string | null;
}

export interface Line {
  title: string;
  costMinor: number;
  /** The part of the ballot it belongs to, where there are two. */
  part?: number;
  /** Where points are given. */
  points?: number;
  /** Where projects are ranked. */
  rank?: number;
}

export interface Cast {
  /** What was chosen, as it was called then. */
  lines: Line[];
  salt: string;
  voidKey: string;
  leaf: string;
  code: string;
  /** The handle that a replacement names. */
  current: string;
  /** The host's signature over round and leaf; gone where the receipt was not wanted. */
  signature?: string;
}

export interface Kept {
  /** The sign-in it belongs to. */
  sitting: string;
  /** Lines as `lines.ts` writes them. */
  choices: string[];
  sending: Sending | null;
  cast: Cast | null;
}

const PREFIX = 'commonpot.round.';
let isForgotten = false;

/** Once all is forgotten, this page neither keeps nor sends anything any more. */
export const hasForgotten = (): boolean => isForgotten;

/** What is kept of a round, or null. A phone that refuses storage keeps nothing. */
export function readPhone(round: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + round) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

/** Keeps it; the answer says whether the phone did. */
export function writePhone(round: string, kept: Kept): boolean {
  if (isForgotten) return false;
  try {
    localStorage.setItem(PREFIX + round, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** Forgets one round. */
export function forgetRound(round: string): void {
  try {
    localStorage.removeItem(PREFIX + round);
  } catch { /* Nothing was kept. */ }
}

/** Forgets every round. */
export function forgetEverything(): void {
  isForgotten = true;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch { /* Nothing was kept. */ }
}
