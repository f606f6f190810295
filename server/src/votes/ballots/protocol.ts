/**
 * The bytes of the ballot protocol, and nothing else: what a ballot is, what the phone commits to, what is stored.
 * Pure; `docs/ballot-protocol.md` says why each of them is as it is.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { ALPHABET, checkCharacter, showCode } from '../../platform/codes.ts';

const domain = (name: string) => Buffer.from(`${name}\0`, 'ascii');
const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

/** A UUID's 16 bytes. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export interface BallotLine {
  /** The project's public number. */
  project: string;
  points?: number | undefined;
}

/** The ballot's text; `lines` must be in the order of the round's projects. */
export function ballotBytes(area: string, lines: readonly BallotLine[]): Buffer {
  return Buffer.from(`1\n${area}\n${lines.map((line) => `${line.project}${line.points === undefined ? '' : `\t${line.points}`}\n`).join('')}`, 'utf8');
}

/** Reads what `ballotBytes` wrote. */
export function readBallotBytes(bytes: Buffer): { area: string; lines: BallotLine[] } {
  const [version, area, ...rest] = bytes.toString('utf8').split('\n');
  if (version !== '1' || area === undefined || rest.pop() !== '') throw new Error('the ballot’s text is not of version 1');
  return {
    area,
    lines: rest.map((line) => {
      const [project = '', points] = line.split('\t');
      return points === undefined ? { project } : { project, points: Number(points) };
    }),
  };
}

/** What withdraws a ballot: known from the start, opened by the void key only. */
export function voidOf(voidKey: Buffer): Buffer {
  return sha256(domain('commonpot.void.v1'), voidKey);
}

/** The ballot's place in the log: a leaf hash of RFC 9162, section 2.1.1, over round, void and the hidden ballot. */
export function leafOf(round: Buffer, voidHash: Buffer, salt: Buffer, ballot: Buffer): Buffer {
  const body = sha256(domain('commonpot.body.v1'), salt, ballot);
  return sha256(Buffer.from([0]), domain('commonpot.leaf.v1'), round, voidHash, body);
}

/** The receipt's code: 55 bits of the leaf in eleven characters, a check character, 4-4-4. */
export function receiptCode(leaf: Buffer): string {
  const bits = leaf.readBigUInt64BE(0) >> 9n;
  const body = Array.from({ length: 11 }, (_, index) => ALPHABET[Number((bits >> BigInt(50 - 5 * index)) & 31n)]).join('');
  return showCode(body + checkCharacter(body));
}

export interface RoundKeys {
  slot: Buffer;
  mark: Buffer;
  box: Buffer;
  /** Half of the lot's seed; named by its hash before voting opens, and shown at the sealing. */
  lot: Buffer;
}

/** The working keys of a round from its one key (HKDF-SHA256, RFC 5869). */
export function roundKeys(key: Buffer, round: Buffer): RoundKeys {
  const derive = (name: string) => Buffer.from(hkdfSync('sha256', key, round, `commonpot.${name}.v1`, 32));
  return { slot: derive('slot'), mark: derive('mark'), box: derive('box'), lot: derive('lot') };
}

/** Where an elector's ballot lies; says nothing about the elector without the key. */
export function slotOf(keys: RoundKeys, elector: Buffer): Buffer {
  return createHmac('sha256', keys.slot).update(elector).digest();
}

/** A ballot's handle: names its leaf without showing it. */
export function markOf(keys: RoundKeys, leaf: Buffer): Buffer {
  return createHmac('sha256', keys.mark).update(leaf).digest();
}

export type Kind = 'online' | 'paper';
/** Why a replaced record holds no void key: it does, the voter's phone no longer had it, or what was sent did not fit. */
export type Why = 'none' | 'no-key' | 'other-key';
const KINDS: readonly Kind[] = ['online', 'paper'];
const WHYS: readonly Why[] = ['none', 'no-key', 'other-key'];
const SUITE = 1;
const HEAD = 3 + 32 * 3 + 2;

export interface BallotRecord {
  kind: Kind;
  why: Why;
  void: Buffer;
  /** Zeros until the ballot is withdrawn with its key. */
  voidKey: Buffer;
  salt: Buffer;
  ballot: Buffer;
}

/** The one size, in bytes, of every record of a round whose longest ballot has `longest` bytes: a multiple of 64. */
export function recordSize(longest: number): number {
  return Math.ceil((HEAD + longest) / 64) * 64;
}

/** Writes a record, padded with zeros to the round's size. */
export function writeRecord(record: BallotRecord, size: number): Buffer {
  if (HEAD + record.ballot.length > size) throw new RangeError('the ballot is longer than the round allows');
  const bytes = Buffer.alloc(size);
  bytes[0] = SUITE;
  bytes[1] = KINDS.indexOf(record.kind);
  bytes[2] = WHYS.indexOf(record.why);
  record.void.copy(bytes, 3);
  record.voidKey.copy(bytes, 35);
  record.salt.copy(bytes, 67);
  bytes.writeUInt16BE(record.ballot.length, 99);
  record.ballot.copy(bytes, HEAD);
  return bytes;
}

/** Reads a record. */
export function readRecord(bytes: Buffer): BallotRecord {
  const kind = KINDS[bytes[1] ?? -1];
  const why = WHYS[bytes[2] ?? -1];
  if (bytes[0] !== SUITE || !kind || !why) throw new Error('the record is of another suite');
  const length = bytes.readUInt16BE(99);
  return { kind, why, void: bytes.subarray(3, 35), voidKey: bytes.subarray(35, 67), salt: bytes.subarray(67, 99), ballot: bytes.subarray(HEAD, HEAD + length) };
}

/** The leaf of a record. */
export function leafOfRecord(round: Buffer, record: BallotRecord): Buffer {
  return leafOf(round, record.void, record.salt, record.ballot);
}

/** Bytes of a sealed record: a nonce before it and a tag behind it. */
export function boxSize(record: number): number {
  return 12 + record + 16;
}

/** Seals a record under its round and the key column of its row, so that no row can stand in another's place. */
export function sealRecord(keys: RoundKeys, round: Buffer, column: Buffer, record: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keys.box, nonce).setAAD(Buffer.concat([round, column]));
  return Buffer.concat([nonce, cipher.update(record), cipher.final(), cipher.getAuthTag()]);
}

/** Opens a box; throws when it was moved, changed, or sealed under another key. */
export function openBox(keys: RoundKeys, round: Buffer, column: Buffer, box: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keys.box, box.subarray(0, 12)).setAAD(Buffer.concat([round, column]));
  decipher.setAuthTag(box.subarray(-16));
  return Buffer.concat([decipher.update(box.subarray(12, -16)), decipher.final()]);
}
