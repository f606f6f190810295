/** What a check is asked, and what it answers. Plain data; the sentences about notes are the command's. */
import type { BeaconNetwork } from '../../platform/beacon.ts';
import type { DataFile } from './files.ts';
import type { Finding } from './findings.ts';
import type { Counted, Seal, Statement, Voided } from './record.ts';

export interface Asked {
  /** All files of the folder, where they can be listed: others than the folder's own are findings. */
  listed?: Iterable<string>;
  /** Networks whose values may be seeds; the known ones where none are named. */
  networks?: readonly BeaconNetwork[];
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
  /** The last head was too late for the beacon's value that was named; a later one decided. */
  | { name: 'closed-late'; lastHeadAt: string }
  | { name: 'saved-head'; size: number }
  /** The order in the hall, worked out again from its draw; null where none was held. */
  | { name: 'hall-order'; how: string; order: readonly string[] | null }
  /** The lot was drawn by a value of the public beacon, whose signature was checked. */
  | { name: 'beacon-drawn'; round: number; at: string; address: string };

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
