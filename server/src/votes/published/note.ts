/** Signed notes and checkpoints of c2sp.org (signed-note and tlog-checkpoint, v1.0.0) with Ed25519, the only kind that is used here. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** Signs bytes with an Ed25519 key, which may lie anywhere: 64 bytes. */
export type Sign = (message: Buffer) => Buffer;

export interface NoteKey {
  /** Without spaces and plus signs. */
  name: string;
  /** 32 bytes. */
  publicKey: Buffer;
}

export interface Head {
  origin: string;
  size: number;
  root: Buffer;
}

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KIND = 1;

/** A public key from its 32 bytes. Throws where they are none. */
export function publicKeyFrom(bytes: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
}

/** The 32 bytes of a public key. */
export function publicKeyBytes(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'der', type: 'spki' })).subarray(-32);
}

function keyId({ name, publicKey }: NoteKey): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Buffer.from([KIND])).update(publicKey).digest().subarray(0, 4);
}

/** The key as one line, as verifiers of notes take it: name, id, key. */
export function verifierKey(key: NoteKey): string {
  return `${key.name}+${keyId(key).toString('hex')}+${Buffer.concat([Buffer.from([KIND]), key.publicKey]).toString('base64')}`;
}

/** The note: the text, which ends in a newline, and one signature. */
export function signNote(text: string, key: NoteKey, sign: Sign): string {
  return `${text}\n— ${key.name} ${Buffer.concat([keyId(key), sign(Buffer.from(text))]).toString('base64')}\n`;
}

/** Text and signature lines of a note, or null where it is none. Base64 in any but its one proper form is none. */
export function readNote(note: string): { text: string; signatures: { name: string; bytes: Buffer; line: string }[] } | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 1 || !note.endsWith('\n') || /[\0-\x09\x0b-\x1f]/.test(note)) return null;
  const signatures = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    if (name === undefined || base64 === undefined) return null;
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length < 5 || bytes.toString('base64') !== base64) return null;
    signatures.push({ name, bytes, line });
  }
  return { text: note.slice(0, end + 1), signatures };
}

/** The note's text where this key has signed it, else null. */
export function openNote(note: string, key: NoteKey): string | null {
  const read = readNote(note);
  const id = keyId(key);
  const own = read?.signatures.filter(({ name, bytes }) => name === key.name && bytes.subarray(0, 4).equals(id)) ?? [];
  if (!read || own.length !== 1) return null;
  return isSigned(Buffer.from(read.text), key.publicKey, own[0]!.bytes.subarray(4)) ? read.text : null;
}

function isSigned(message: Buffer, publicKey: Buffer, signature: Buffer): boolean {
  try {
    return verify(null, message, publicKeyFrom(publicKey), signature);
  } catch {
    return false;
  }
}

/** A head's text. */
export function checkpointText({ origin, size, root }: Head): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** A signed head of the log; the key has the origin's name. */
export function checkpoint(head: Head, publicKey: Buffer, sign: Sign): string {
  return signNote(checkpointText(head), { name: head.origin, publicKey }, sign);
}

/** The head that a text says, or null. */
export function readCheckpoint(text: string): Head | null {
  const [, origin, size, base64] = /^([^\n]+)\n(0|[1-9]\d{0,9})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? [];
  if (origin === undefined || size === undefined || base64 === undefined) return null;
  const root = Buffer.from(base64, 'base64');
  return root.toString('base64') === base64 ? { origin, size: Number(size), root } : null;
}
