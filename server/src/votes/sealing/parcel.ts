/** A sealed round as it goes to the thread: a few long stretches of bytes that move there, in the place of a million small ones that would be copied. */
import { setImmediate } from 'node:timers/promises';
import type { Transferable } from 'node:worker_threads';
import type { Folder } from '../published/folder.ts';
import type { Counted, SealedRound, Voided, VoidWhy } from '../published/record.ts';

export interface Parcel {
  rest: Omit<SealedRound, 'leaves' | 'counted' | 'voided'>;
  leaves: Uint8Array;
  counted: Uint8Array;
  voided: Uint8Array;
  receipts: Uint8Array;
}

const NONE = 0xffff_ffff;
const AT_ONCE = 4000;

/** Takes turns with the process's other work. */
export async function packRound({ leaves, counted, voided, ...rest }: SealedRound, receipts: readonly Buffer[]): Promise<Parcel> {
  return {
    rest, leaves: await pack(leaves, (leaf) => [leaf]), receipts: await pack(receipts, (receipt) => [receipt]),
    counted: await pack(counted, (each) => [each.leaf, each.void, each.salt, each.ballot]),
    voided: await pack(voided, (each) => [each.leaf, each.void, each.body, each.voidKey, Buffer.from(each.why, 'ascii')]),
  };
}

export function unpackRound({ rest, leaves, counted, voided, receipts }: Parcel): { round: SealedRound; receipts: Buffer[] } {
  const round: SealedRound = {
    ...rest, leaves: unpack(leaves) as Buffer[],
    counted: inRows(unpack(counted), 4).map(([leaf, voidHash, salt, ballot]) => ({ leaf, void: voidHash, salt, ballot }) as Counted),
    voided: inRows(unpack(voided), 5).map(([leaf, voidHash, body, voidKey, why]) => ({ leaf, void: voidHash, body, voidKey, why: String(why) as VoidWhy }) as Voided),
  };
  return { round, receipts: unpack(receipts) as Buffer[] };
}

/** What moves with a parcel. */
export const moved = ({ leaves, counted, voided, receipts }: Parcel): Transferable[] => [leaves, counted, voided, receipts].map((each) => each.buffer as ArrayBuffer);

/** The bytes of a folder's files that nothing else shares: they move as well. */
export function bytesOwn(folder: Folder): Transferable[] {
  return [...folder.values()].flatMap((bytes) => (bytes.byteLength > 0 && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer as ArrayBuffer] : []));
}

/** Every row's fields, each with its length before it. */
async function pack<Row>(rows: readonly Row[], fieldsOf: (row: Row) => readonly (Buffer | null)[]): Promise<Uint8Array> {
  const blocks: Buffer[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const fields = rows.slice(from, from + AT_ONCE).flatMap(fieldsOf);
    blocks.push(Buffer.concat(fields.flatMap((field) => (field ? [lengthOf(field.length), field] : [lengthOf(NONE)]))));
    await setImmediate();
  }
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(length);
  return bytes;
}

function unpack(packed: Uint8Array): (Buffer | null)[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const all: (Buffer | null)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    at += 4;
    all.push(length === NONE ? null : bytes.subarray(at, at + length));
    if (length !== NONE) at += length;
  }
  return all;
}

function inRows<Item>(items: readonly Item[], width: number): Item[][] {
  return Array.from({ length: items.length / width }, (_, row) => items.slice(row * width, (row + 1) * width));
}
