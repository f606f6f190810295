/** An observer's half of checking a small round: the line that names them, and what they sign. Pure. */
import { createHash, verify } from 'node:crypto';
import { observerKeyName, sealText } from './folder.ts';
import { openNote, publicKeyFrom, readNote } from './note.ts';
import type { Statement } from './record.ts';

/** How long a question for the ballots is good, in seconds, either way of the server's clock. */
const ASKED_WITHIN = 300;

/** The line an observer hands in: their name, and behind it the public half of their key. */
export function observerLine(name: string, publicKey: Buffer): string {
  return `${name} ed25519:${publicKey.toString('hex')}`;
}

/** Name and key of such a line; a name alone has no key. */
export function readObserverLine(line: string): Statement['observers'][number] {
  const [, name, publicKey] = /^(.+?) ed25519:([0-9a-f]{64})$/.exec(line) ?? [];
  return name !== undefined && publicKey !== undefined ? { name, publicKey } : { name: line, publicKey: null };
}

/** What an observer signs to be shown the ballots; good for minutes, and for one round. */
export function askBytes(origin: string, at: string): Buffer {
  return Buffer.concat([Buffer.from('commonpot.observe.v1\0'), createHash('sha256').update(`${origin}\n${at}\n`).digest()]);
}

/** The place, from 1, of the observer who signed the question; null where it was none of them, or not now. `at` is an ISO moment. */
export function askedBy(statement: Statement, asked: { at: string; signature: Buffer }, now: Date): number | null {
  if (!(Math.abs(now.getTime() - Date.parse(asked.at)) <= ASKED_WITHIN * 1000)) return null;
  const bytes = askBytes(statement.log.origin, asked.at);
  const place = statement.observers.findIndex(({ publicKey }) => publicKey !== null && verify(null, bytes, publicKeyFrom(Buffer.from(publicKey, 'hex')), asked.signature));
  return place < 0 ? null : place + 1;
}

/** The place, from 1, of the observer whose one signature over this seal the note is; null where it is anything else. */
export function signedBy(statement: Statement, sealJson: Uint8Array, note: string): number | null {
  const [only, ...more] = readNote(note)?.signatures ?? [];
  if (!only || more.length > 0) return null;
  const place = statement.observers.findIndex(({ publicKey }, index) => {
    const key = publicKey === null ? null : { name: observerKeyName(statement.log.origin, index), publicKey: Buffer.from(publicKey, 'hex') };
    return key !== null && openNote(note, key) === sealText(statement, sealJson);
  });
  return place < 0 ? null : place + 1;
}
