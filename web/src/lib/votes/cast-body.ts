/** What the phone sends to cast a ballot. */
import { readLine } from './lines.ts';

/** Bytes that a cast is filled up to: whoever sees the length of what is sent, on the line or in a log, sees no choice by it. */
const LENGTH = 4096;

interface Ballot {
  /** Its lines as `lines.ts` writes them. */
  projects: readonly string[];
  salt: string;
  void: string;
  replaces: string | null;
  oldVoidKey: string | null;
}

/** A ballot's bytes on the line: as many for whatever was chosen, for a first ballot and for one that replaces. */
export function castBody({ projects, salt, void: voidHash, replaces, oldVoidKey }: Ballot): string {
  const write = (filler: string) => JSON.stringify({ lines: projects.map(readLine), salt, void: voidHash, replaces, oldVoidKey, filler });
  const length = new TextEncoder().encode(write('')).length;
  return write('0'.repeat((LENGTH - (length % LENGTH)) % LENGTH));
}
