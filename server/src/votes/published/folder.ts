/** Writes the published folder of a sealed round: the same round and key, the same bytes. */
import { uuidBytes } from '../ballots/protocol.ts';
import type { Outcome } from '../counting/outcome.ts';
import { bodyOf, receiptBytes } from './bytes.ts';
import { electionOf, pabulibOf, recount } from './election.ts';
import { bytesOf, countedLine, hiddenLine, jsonBytes, sha256Hex, voidLine, type DataFile } from './files.ts';
import { readNote, signNote, type Sign } from './note.ts';
import { codePages, indexPage } from './pages.ts';
import { SMALLEST_CROWD, VOID_WHYS, type Counted, type Seal, type SealedRound, type Statement, type Voided } from './record.ts';
import { rootOf } from './tree.ts';

export type Folder = Map<string, Uint8Array>;

/** What follows from a round by long work. */
export interface Known {
  /** The count by its rule and lot. */
  outcome?: Outcome;
  /** The signatures of its leaves, in their order. */
  receipts?: readonly Buffer[];
}

/**
 * Every file by its path. `sign` holds the log's key: it makes the receipts of all ballots and signs the seal.
 * With fewer than 100 counted ballots the folder holds totals only; `whole` adds the ballots for the observers, and is never published.
 * `known` saves the slow parts where they are done already. Throws where a tie still needs the lot, and where a ballot cannot be read.
 */
export function writeFolder(round: SealedRound, sign: Sign, audience: 'public' | 'whole' = 'public', known: Known = {}): Folder {
  const { outcome, receipts = receiptsOf(round, sign) } = known;
  return signFolder(writeFiles(round, { receipts, ...(outcome && { outcome }) }, audience), round, sign);
}

/** All that takes long and needs no key: every file but the signatures over the seal. */
export function writeFiles(round: SealedRound, known: Known & { receipts: readonly Buffer[] }, audience: 'public' | 'whole' = 'public'): Folder {
  const { files, seal } = dataOf(round, known);
  files.set('seal.json', jsonBytes(seal));
  if (seal.totalsOnly && audience === 'public') for (const path of BALLOT_FILES) files.delete(path);
  for (const [path, page] of codePages(round.statement, entriesOf(round))) files.set(path, page);
  files.set('index.html', indexPage(round.statement, seal));
  return files;
}

/** Adds the signatures over the seal. */
export function signFolder(files: Folder, round: Pick<SealedRound, 'statement' | 'counted' | 'observed' | 'waived'>, sign: Sign): Folder {
  const { origin, publicKey } = round.statement.log;
  const sealJson = files.get('seal.json');
  if (!sealJson) throw new Error('there is no seal to sign');
  files.set('seal.txt', Buffer.from(sealNote(round, sealJson, sign), 'utf8'));
  if (isSmall(round) && round.waived !== undefined) {
    files.set('waived.txt', Buffer.from(signNote(waiverText(origin, sealJson, round.waived), { name: origin, publicKey: Buffer.from(publicKey, 'hex') }, sign), 'utf8'));
  }
  return files;
}

function receiptsOf({ statement, leaves }: SealedRound, sign: Sign): Buffer[] {
  const id = uuidBytes(statement.round.id);
  return leaves.map((leaf) => sign(receiptBytes(id, leaf)));
}

const isSmall = ({ counted }: Pick<SealedRound, 'counted'>) => counted.length < SMALLEST_CROWD;

/** Files that show single ballots. */
const BALLOT_FILES = ['counted.jsonl', 'ballots.pb'] satisfies DataFile[];

/** What an observer signs, as a note under their own key: the digest of seal.json, which holds the digests of all else. */
export function sealText(statement: Statement, sealJson: Uint8Array): string {
  return `${statement.log.origin}/seal\n${sha256Hex(sealJson)}\n`;
}

/** The name under which an observer signs; `index` is their place in rule.json, from 0. */
export function observerKeyName(origin: string, index: number): string {
  return `${origin}/observers/${index + 1}`;
}

/** What the log's key signs where the round is published without an observer's signature: of which seal, and why. */
export function waiverText(origin: string, sealJson: Uint8Array, reason: string): string {
  return `${origin}/waived\n${sha256Hex(sealJson)}\n${reason}\n`;
}

/** The bytes of seal.json alone, before anybody has signed them. */
export function writeSeal(round: SealedRound, sign: Sign): Buffer {
  return jsonBytes(dataOf(round, { receipts: receiptsOf(round, sign) }).seal);
}

function sealNote(round: Pick<SealedRound, 'statement' | 'observed'>, sealJson: Uint8Array, sign: Sign): string {
  const { log } = round.statement;
  const own = signNote(sealText(round.statement, sealJson), { name: log.origin, publicKey: Buffer.from(log.publicKey, 'hex') }, sign);
  const others = round.observed.flatMap((note) => readNote(note)?.signatures.map(({ line }) => `${line}\n`) ?? []);
  return own + others.join('');
}

function dataOf(round: SealedRound, known: Known & { receipts: readonly Buffer[] }): { files: Folder; seal: Seal } {
  const { statement, leaves, heads } = round;
  const counted = byLeaf(round.counted);
  const election = electionOf(statement, counted.map(({ ballot }) => ballot));
  const outcome = known.outcome ?? recount(statement, election, round.lot);
  if (outcome.kind === 'needs-lot') throw new Error(`a tie between ${outcome.tied.join(', ')} still needs the lot`);
  const totalsOnly = isSmall(round);
  const files: Folder = new Map<DataFile, Uint8Array>([
    ['rule.json', jsonBytes(statement)],
    ['leaves.txt', bytesOf(map(leaves, (leaf) => `${leaf.toString('hex')}\n`))],
    ['receipts.txt', bytesOf(map(known.receipts, (receipt) => `${receipt.toString('hex')}\n`))],
    ['heads.txt', bytesOf(heads)],
    ['counted.jsonl', bytesOf(map(counted, countedLine))],
    ['void.jsonl', bytesOf(map(byLeaf(round.voided), voidLine))],
    ['ballots.pb', bytesOf(pabulibOf(statement, election, outcome.winners))],
    ['trace.json', jsonBytes(outcome)],
  ]);
  if (round.hall) files.set('hall.json', jsonBytes(round.hall));
  if (totalsOnly) files.set('hidden.jsonl', bytesOf(map(counted, (each) => hiddenLine({ ...each, body: bodyOf(each.salt, each.ballot) }))));
  // With few ballots the digest of ballots.pb could be guessed from; that of counted.jsonl has every voter's salt in it.
  const sealed = [...files].filter(([path]) => !(totalsOnly && path === 'ballots.pb'));
  return { files, seal: sealOf(round, totalsOnly, Object.fromEntries(sealed.map(([path, bytes]) => [path, sha256Hex(bytes)]))) };
}

function sealOf(round: SealedRound, totalsOnly: boolean, files: Record<string, string>): Seal {
  const { leaves, heads, counted, voided, turnout, spoiledPaper, strikes, lot } = round;
  return {
    version: 1, size: leaves.length, root: rootOf(leaves).toString('hex'), heads: heads.length, counted: counted.length,
    voided: countWhys(voided), turnout, spoiledPaper, strikes, totalsOnly, lot, files,
  };
}

/** How many were not counted, for each reason. */
export function countWhys(voided: readonly Pick<Voided, 'why'>[]): Seal['voided'] {
  const counts = Object.fromEntries(VOID_WHYS.map((why) => [why, 0])) as Seal['voided'];
  for (const { why } of voided) counts[why] += 1;
  return counts;
}

function entriesOf(round: SealedRound): { leaf: Buffer; fate: 'counted' | Voided['why'] }[] {
  return [...round.counted.map(({ leaf }) => ({ leaf, fate: 'counted' as const })), ...round.voided.map(({ leaf, why }) => ({ leaf, fate: why }))];
}

function byLeaf<Entry extends Pick<Counted, 'leaf'>>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => Buffer.compare(a.leaf, b.leaf));
}

function* map<From>(from: Iterable<From>, to: (each: From) => string): Generator<string> {
  for (const each of from) yield to(each);
}
