/** What a check is asked, and what it answers. Plain data; the sentences about notes are the command's. */
import type { DataFile } from './files.ts';
import type { Finding } from './findings.ts';
import type { Counted, Seal, Statement, Voided } from './record.ts';

export interface Asked {
  /** All files of the folder, where they can be listed: others than the folder's own are findings. */
  listed?: Iterable<string>;
  /** A head that somebody saved. */
  savedHead?: string;
  /** A receipt's code, or its leaf with or without its signature. */
  receipt?: { code: string } | { leaf: Buffer; signature: Buffer | null };
}

/** What is true and no fault, and worth knowing. */
export type Note =
  | { name: 'totals-only'; hasBallots: boolean }
  | { name: 'no-observers' }
  | { name: 'observer-signed'; observer: string }
  | { name: 'observer-named-only'; observer: string }
  | { name: 'observer-waived'; observer: string; reason: string }
  | { name: 'voided-without-key'; ballots: number; why: Exclude<Voided['why'], 'replaced'> }
  | { name: 'no-mirrors' }
  | { name: 'draws-missed'; dates: string[] }
  | { name: 'saved-head'; size: number };

export interface Facts {
  title: string;
  origin: string;
  /** The log's key as a line that other tools take. */
  key: string;
  /** Of the counting rule; the round's page shows it from the day it is frozen. */
  ruleDigest: string;
  size: number;
  root: string;
  counted: number;
  voided: number;
  /** Null where the count could not be repeated. */
  winners: readonly string[] | null;
}

/** `counted`, a reason why not, or `absent`. Two ballots may share a code, though that is very rare. */
export type ReceiptAnswer = { fate: 'counted' | Voided['why'] | 'absent'; leaf: string | null; isSigned: boolean | null };

export interface Verdict {
  /** Empty where everything holds. */
  findings: Finding[];
  notes: Note[];
  /** Null where rule.json or seal.json cannot be read. */
  facts: Facts | null;
  /** To `receipt`; empty where nothing was asked. */
  receipts: ReceiptAnswer[];
}

/** The folder as far as it can be read. */
export interface Parts {
  statement: Statement;
  round: Buffer;
  bytes: ReadonlyMap<DataFile, Buffer>;
  seal: Seal | null;
  leaves: Buffer[];
  counted: Counted[] | null;
  hidden: Pick<Voided, 'leaf' | 'void' | 'body'>[] | null;
  voided: Voided[] | null;
}
