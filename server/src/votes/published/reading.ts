/** Reads the folder's files as strictly as they are written. Whatever a stranger puts there is a finding, never an exception. */
import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { countedLine, hiddenLine, jsonBytes, LIMITS, PAGE_LIMIT, voidLine, type DataFile } from './files.ts';
import type { Findings } from './findings.ts';
import { VOID_WHYS, type Counted, type Voided } from './record.ts';

/** A file's bytes, null where there is none, or `too-large` where it has more than `limit`. */
export type Read = (path: string, limit: number) => Promise<Uint8Array | null | 'too-large'>;

export interface Reader {
  /** The bytes of a file that must be there, or null; the finding is noted. */
  file(path: DataFile | `${string}.html`): Promise<Buffer | null>;
  /** As `file`, without a finding where there is none. */
  optional(path: DataFile): Promise<Buffer | null>;
}

export function makeReader(read: Read, findings: Findings): Reader {
  const bounded = async (path: string, isNeeded: boolean): Promise<Buffer | null> => {
    const limit = Object.hasOwn(LIMITS, path) ? LIMITS[path as DataFile] : PAGE_LIMIT;
    const bytes = await read(path, limit);
    if (bytes === null && isNeeded) findings.add('file-missing', path);
    if (bytes === null) return null;
    if (bytes === 'too-large' || bytes.length > limit) {
      findings.add('file-too-large', path);
      return null;
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return { file: (path) => bounded(path, true), optional: (path) => bounded(path, false) };
}

/** The value of a JSON file, or null. Double keys, other spaces and unknown keys make it malformed, for it is written one way only. */
export function readJson<Shape extends z.ZodType>(path: DataFile, bytes: Buffer, shape: Shape, findings: Findings): z.infer<Shape> | null {
  const malformed = (why: string) => {
    findings.add('file-malformed', `${path}: ${why}`);
    return null;
  };
  if (!isUtf8(bytes)) return malformed('it is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return malformed('it is not JSON');
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unknown'}`);
  }
  if (!jsonBytes(parsed.data).equals(bytes)) return malformed('it is not written as it must be (a key twice, other spaces, other line ends)');
  return parsed.data;
}

/** Each line of a file through `parse`; null where one of them is not as it must be. */
export function readLines<Parsed>(path: DataFile, bytes: Buffer, parse: (line: string) => Parsed | null, findings: Findings): Parsed[] | null {
  const all: Parsed[] = [];
  if (!isUtf8(bytes) || bytes.includes(13)) {
    findings.add('file-malformed', `${path}: ${bytes.includes(13) ? 'its lines do not end in LF alone' : 'it is not UTF-8'}`);
    return null;
  }
  for (let start = 0, number = 1; start < bytes.length; number += 1) {
    const end = bytes.indexOf(10, start);
    const parsed = end < 0 ? null : parse(bytes.toString('utf8', start, end));
    if (parsed === null) {
      findings.add('file-malformed', `${path}, line ${number}`);
      return null;
    }
    all.push(parsed);
    start = end + 1;
  }
  return all;
}

export function hexLine(length: number): (line: string) => Buffer | null {
  const pattern = new RegExp(`^[0-9a-f]{${length * 2}}$`);
  return (line) => (pattern.test(line) ? Buffer.from(line, 'hex') : null);
}

export function readCounted(line: string): Counted | null {
  const { leaf, void: voidHash, salt, ballot } = fieldsOf(line);
  if (typeof ballot !== 'string') return null;
  const entry = { leaf: hash(leaf), void: hash(voidHash), salt: hash(salt), ballot: Buffer.from(ballot, 'utf8') };
  return countedLine(entry) === `${line}\n` ? entry : null;
}

export function readHidden(line: string): Pick<Voided, 'leaf' | 'void' | 'body'> | null {
  const { leaf, void: voidHash, body } = fieldsOf(line);
  const entry = { leaf: hash(leaf), void: hash(voidHash), body: hash(body) };
  return hiddenLine(entry) === `${line}\n` ? entry : null;
}

export function readVoid(line: string): Voided | null {
  const { leaf, void: voidHash, body, voidkey, why } = fieldsOf(line);
  const known = VOID_WHYS.find((each) => each === why);
  if (!known || (known === 'replaced') === (voidkey === null)) return null;
  const entry = { leaf: hash(leaf), void: hash(voidHash), body: hash(body), voidKey: voidkey === null ? null : hash(voidkey), why: known };
  return voidLine(entry) === `${line}\n` ? entry : null;
}

/** Whatever the line is; the caller writes the entry again and compares. */
function fieldsOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** 32 bytes; anything else becomes none, which no line that is written again can equal. */
function hash(value: unknown): Buffer {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? Buffer.from(value, 'hex') : Buffer.alloc(0);
}
