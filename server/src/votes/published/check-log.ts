/** The log: its heads, its batches, its receipts, and the heads that somebody saved. */
import { verify } from 'node:crypto';
import { promisify } from 'node:util';
import { receiptBytes } from './bytes.ts';
import type { Findings } from './findings.ts';
import { openNote, publicKeyFrom, readCheckpoint, type Head } from './note.ts';
import { SMALLEST_CROWD, type Statement } from './record.ts';
import { Tree } from './tree.ts';

const LINES_OF_A_HEAD = 5;
const RECEIPTS_AT_ONCE = 4000;
const verifyLater = promisify(verify) as (algorithm: null, data: Buffer, key: ReturnType<typeof publicKeyFrom>, signature: Buffer) => Promise<boolean>;

/** The heads of heads.txt, given its lines, as far as they are signed; the log's key has the origin's name. */
export function readHeads(lines: readonly string[], statement: Statement, findings: Findings): Head[] {
  const heads: Head[] = [];
  for (let start = 0; start < lines.length; start += LINES_OF_A_HEAD) {
    const note = `${lines.slice(start, start + LINES_OF_A_HEAD).join('\n')}\n`;
    const head = readHead(note, statement);
    if (head) heads.push(head);
    else findings.add('head-signature', `heads.txt, line ${start + 1}`);
  }
  return heads;
}

/** The head that the log's key signed in this note, or null. */
export function readHead(note: string, { log }: Statement): Head | null {
  const text = openNote(note, { name: log.origin, publicKey: Buffer.from(log.publicKey, 'hex') });
  const head = text === null ? null : readCheckpoint(text);
  return head?.origin === log.origin ? head : null;
}

/** Every head from the leaves, and each from the one before it; batches. The root of the whole log. */
export function checkHeads(leaves: readonly Buffer[], heads: readonly Head[], findings: Findings): Buffer {
  const tree = new Tree();
  heads.forEach((head, index) => {
    const place = `head ${index + 1}, of ${head.size} ballots`;
    // At the close a head is signed even where nothing is new.
    const isLast = index === heads.length - 1;
    if (head.size < tree.size || (head.size === tree.size && !isLast)) return findings.add('head-order', place);
    if (head.size > leaves.length) return findings.add('head-root', place);
    const start = tree.size;
    while (tree.size < head.size) tree.append(leaves[tree.size]!);
    if (!tree.root().equals(head.root)) findings.add('head-root', place);
    if (head.size - start < SMALLEST_CROWD && !isLast) findings.add('batch-small', place);
    for (let at = start + 1; at < head.size; at += 1) {
      if (Buffer.compare(leaves[at - 1]!, leaves[at]!) > 0) findings.add('batch-unsorted', `leaves.txt, line ${at + 1}`);
    }
  });
  if (tree.size < leaves.length) findings.add('head-last', `${leaves.length} ballots in the list, ${tree.size} of them signed for`);
  while (tree.size < leaves.length) tree.append(leaves[tree.size]!);
  return tree.root();
}

/** A head from elsewhere: its tree must be the beginning of this log. */
export function checkSavedHead(note: string, statement: Statement, leaves: readonly Buffer[], findings: Findings): Head | null {
  const head = readHead(note, statement);
  if (!head) {
    findings.add('head-signature', 'the saved head');
    return null;
  }
  const tree = new Tree();
  while (tree.size < Math.min(head.size, leaves.length)) tree.append(leaves[tree.size]!);
  if (tree.size < head.size || !tree.root().equals(head.root)) findings.add('head-saved', `the saved head, of ${head.size} ballots`);
  return head;
}

/** Line n of receipts.txt is the receipt of leaf n. Runs beside other work. */
export async function checkReceipts(leaves: readonly Buffer[], receipts: readonly Buffer[], statement: Statement, round: Buffer, findings: Findings): Promise<void> {
  if (receipts.length !== leaves.length) findings.add('receipt-wrong', `${receipts.length} receipts of ${leaves.length} ballots`);
  const key = publicKeyFrom(Buffer.from(statement.log.publicKey, 'hex'));
  const number = Math.min(leaves.length, receipts.length);
  for (let start = 0; start < number; start += RECEIPTS_AT_ONCE) {
    const end = Math.min(start + RECEIPTS_AT_ONCE, number);
    await Promise.all(Array.from({ length: end - start }, async (_, offset) => {
      const at = start + offset;
      const isSigned = await verifyLater(null, receiptBytes(round, leaves[at]!), key, receipts[at]!).catch(() => false);
      if (!isSigned) findings.add('receipt-wrong', `receipts.txt, line ${at + 1}`);
    }));
  }
}
