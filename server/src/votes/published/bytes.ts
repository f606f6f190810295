/** The protocol's bytes that come into play at the sealing: openings, receipts, the lot. */
import { createHash } from 'node:crypto';

const domain = (name: string) => Buffer.from(`${name}\0`, 'ascii');
const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** What hides a ballot: its hash with the voter's salt. */
export function bodyOf(salt: Buffer, ballot: Buffer): Buffer {
  return sha256(domain('commonpot.body.v1'), salt, ballot);
}

/** The leaf of a ballot that stays hidden. */
export function leafOfBody(round: Buffer, voidHash: Buffer, body: Buffer): Buffer {
  return sha256(Buffer.from([0]), domain('commonpot.leaf.v1'), round, voidHash, body);
}

/** What the log's key signs as a receipt. No time is in it, so the same leaf has one receipt. */
export function receiptBytes(round: Buffer, leaf: Buffer): Buffer {
  return Buffer.concat([domain('commonpot.receipt.v1'), round, leaf]);
}

/** What rule.json names of it. */
export function lotCommitment(lot: Buffer): Buffer {
  return sha256(lot);
}

/** The seed of the lot: nobody knows it before the draw, and nobody can steer it after the last head is mirrored. */
export function lotSeed(given: { round: Buffer; lotKey: Buffer; root: Buffer; draw: string }): Buffer {
  return sha256(domain('commonpot.lot.v1'), given.round, given.lotKey, given.root, Buffer.from(given.draw, 'utf8'));
}
