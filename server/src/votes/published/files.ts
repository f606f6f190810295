/** The folder's files: their names, their largest sizes, and the one way each of them is written. */
import { createHash } from 'node:crypto';
import { ALPHABET } from '../../platform/codes.ts';
import type { Counted, Voided } from './record.ts';

const MEGABYTE = 1 << 20;

/** The most bytes of each data file; a reader need not fetch more. */
export const LIMITS = {
  'rule.json': 4 * MEGABYTE, 'leaves.txt': 128 * MEGABYTE, 'receipts.txt': 256 * MEGABYTE, 'heads.txt': 64 * MEGABYTE,
  'counted.jsonl': 512 * MEGABYTE, 'hidden.jsonl': MEGABYTE, 'void.jsonl': 512 * MEGABYTE, 'ballots.pb': 256 * MEGABYTE,
  'trace.json': 64 * MEGABYTE, 'seal.json': 4 * MEGABYTE, 'seal.txt': 64 << 10, 'waived.txt': 64 << 10, 'hall.json': MEGABYTE,
} as const satisfies Record<string, number>;

export type DataFile = keyof typeof LIMITS;

/** The most bytes of a page. */
export const PAGE_LIMIT = 64 * MEGABYTE;

/** Every page of codes is for at least so many leaves, so that asking for one says little. */
const CODES_PER_PAGE = 50;

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Indented JSON with its keys sorted: the same value, the same bytes. */
export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(sorted(value), null, 2)}\n`, 'utf8');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  // Without a prototype, for a name may be "__proto__".
  const copy = Object.create(null) as Record<string, unknown>;
  for (const key of keys) copy[key] = sorted((value as Record<string, unknown>)[key]);
  return copy;
}

export function countedLine({ leaf, void: voidHash, salt, ballot }: Counted): string {
  return `${JSON.stringify({ leaf: leaf.toString('hex'), void: voidHash.toString('hex'), salt: salt.toString('hex'), ballot: ballot.toString('utf8') })}\n`;
}

export function hiddenLine({ leaf, void: voidHash, body }: Pick<Voided, 'leaf' | 'void' | 'body'>): string {
  return `${JSON.stringify({ leaf: leaf.toString('hex'), void: voidHash.toString('hex'), body: body.toString('hex') })}\n`;
}

export function voidLine({ leaf, void: voidHash, body, voidKey, why }: Voided): string {
  return `${JSON.stringify({ leaf: leaf.toString('hex'), void: voidHash.toString('hex'), body: body.toString('hex'), voidkey: voidKey?.toString('hex') ?? null, why })}\n`;
}

/** Joins many short texts without ever holding them all as one string. */
export function bytesOf(texts: Iterable<string>): Buffer {
  const blocks: Buffer[] = [];
  let block = '';
  for (const text of texts) {
    block += text;
    if (block.length < MEGABYTE) continue;
    blocks.push(Buffer.from(block, 'utf8'));
    block = '';
  }
  return Buffer.concat([...blocks, Buffer.from(block, 'utf8')]);
}

/** How many characters of a code name its page: the most that leave no page with fewer than fifty leaves. */
export function prefixLength(leaves: readonly Buffer[]): number {
  for (let length = 1; ; length += 1) {
    if (leaves.length < CODES_PER_PAGE * 32 ** length) return length - 1;
    const counts = new Map<string, number>();
    for (const leaf of leaves) {
      const prefix = prefixOf(leaf, length);
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
    if (counts.size < 32 ** length || [...counts.values()].some((count) => count < CODES_PER_PAGE)) return length - 1;
  }
}

/** The first characters, up to six, of a leaf's code; a code's hyphens are no characters of it. */
export function prefixOf(leaf: Buffer, length: number): string {
  const bits = leaf.readUInt32BE(0);
  let prefix = '';
  for (let index = 0; index < length; index += 1) prefix += ALPHABET[(bits >>> (27 - 5 * index)) & 31]!;
  return prefix;
}

/** All prefixes of a length, in the order of the alphabet. */
export function prefixes(length: number): string[] {
  return length === 0 ? [''] : prefixes(length - 1).flatMap((prefix) => [...ALPHABET].map((letter) => prefix + letter));
}

export function pagePath(prefix: string): string {
  return `codes/${prefix || 'all'}.html`;
}
