/** What an intruder carries off: the write-ahead log, a base backup's files, every table with its row versions, and texts. And in it, where things are mentioned. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** Bytes in an order that may say something: a log, a relation's file, a table's rows in the order of one of its columns. */
export interface Haystack {
  name: string;
  bytes: Buffer;
}

/** The place of each thing (a person, a ballot) in something that orders; NaN where it is not mentioned. */
export interface Order {
  name: string;
  at: Float64Array;
}

const PAGE = 8192;

/** The write-ahead log as one stream of records: every page of every segment, recycled ones included, by its address and without its header. */
function readWal(dataFolder: string): Buffer {
  const folder = join(dataFolder, 'pg_wal');
  const pages: { address: bigint; body: Buffer }[] = [];
  for (const name of readdirSync(folder).filter((each) => /^[0-9A-F]{24}$/.test(each))) {
    const segment = readFileSync(join(folder, name));
    for (let from = 0; from + PAGE <= segment.length; from += PAGE) {
      const address = segment.readBigUInt64LE(from + 8);
      if (segment.readUInt16LE(from) === 0) continue;
      const isLong = (segment.readUInt16LE(from + 2) & 2) !== 0;
      pages.push({ address, body: segment.subarray(from + (isLong ? 40 : 24), from + PAGE) });
    }
  }
  pages.sort((a, b) => (a.address < b.address ? -1 : 1));
  return Buffer.concat(pages.map((page) => page.body));
}

/** A base backup's files of the cluster's databases, as they lie on the disk after a checkpoint, dead row versions included. */
export async function takeBaseBackup(client: pg.Client, databases: readonly string[]): Promise<Haystack[]> {
  await client.query(`select pg_backup_start('intruder', true)`);
  const folder = (await client.query<{ data_directory: string }>('show data_directory')).rows[0]?.data_directory as string;
  const { rows } = await client.query<{ oid: string }>('select oid::text from pg_database where datname = any ($1)', [databases]);
  const files = rows.flatMap(({ oid }) => readdirSync(join(folder, 'base', oid)).filter((name) => /^\d+(\.\d+)?$/.test(name)).map((name) => ({ name: `file ${oid}/${name}`, bytes: readFileSync(join(folder, 'base', oid, name)) })));
  const taken = [...files, { name: 'write-ahead log', bytes: readWal(folder) }, { name: 'the database’s own log', bytes: readFileSync(join(folder, 'server.log')) }];
  await client.query('select pg_backup_stop(false)');
  return taken;
}

/** Every table of every schema, once in the order of each of its columns, of `ctid` and of `xmin`. Values that are equal stay in a drawn order. */
export async function takeTables(client: pg.Client, random: () => number): Promise<Haystack[]> {
  const { rows: tables } = await client.query<{ name: string }>(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`);
  const taken: Haystack[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ version: string; place: string; row: Record<string, unknown> }>(`select xmin::text as version, ctid::text as place, to_jsonb(t) as row from only ${name} t`);
    if (rows.length < 2) continue;
    const keyed = rows.map(({ version, place, row }) => ({ text: `${JSON.stringify(row)}\n`, lot: random(), keys: { ...row, xmin: Number(version), ctid: placeOf(place) } as Record<string, unknown> }));
    for (const column of Object.keys(keyed[0]!.keys)) {
      if (new Set(keyed.map((each) => JSON.stringify(each.keys[column]))).size < 2) continue;
      keyed.sort((a, b) => compare(a.keys[column], b.keys[column]) || a.lot - b.lot);
      taken.push({ name: `${name} by ${column}`, bytes: Buffer.from(keyed.map((each) => each.text).join('')) });
    }
  }
  return taken;
}

function placeOf(ctid: string): number {
  const [page = 0, line = 0] = ctid.slice(1, -1).split(',').map(Number);
  return page * 65_536 + line;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Something that may be mentioned, in any of the forms in which bytes are written down. */
export interface Needle {
  thing: number;
  bytes: Buffer;
}

/** The forms of some bytes: as they are, in hexadecimal, in both base 64s. */
export function formsOf(thing: number, bytes: Buffer): Needle[] {
  const texts = [bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
  return [bytes, ...[...new Set(texts)].map((text) => Buffer.from(text))].map((form) => ({ thing, bytes: form }));
}

/** Looks for thousands of needles in one pass. */
export class Searcher {
  readonly #maybe = new Uint8Array(1 << 21);
  readonly #byStart = new Map<number, Needle[]>();
  readonly #things: number;

  /** `things` is how many things there are; each needle names one of them. */
  constructor(things: number, needles: readonly Needle[]) {
    this.#things = things;
    for (const needle of needles) {
      const start = needle.bytes.readUIntBE(0, 3);
      this.#maybe[start >> 3]! |= 1 << (start & 7);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
    }
  }

  /** Where each thing is mentioned first, and where last. */
  find({ name, bytes }: Haystack): [first: Order, last: Order] {
    const first = new Float64Array(this.#things).fill(NaN);
    const last = new Float64Array(this.#things).fill(NaN);
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      start = ((start << 8) | bytes[at]!) & 0xffffff;
      if (at < 2 || (this.#maybe[start >> 3]! & (1 << (start & 7))) === 0) continue;
      for (const needle of this.#byStart.get(start) ?? []) {
        if (bytes.compare(needle.bytes, 0, needle.bytes.length, at - 2, Math.min(bytes.length, at - 2 + needle.bytes.length)) !== 0) continue;
        if (Number.isNaN(first[needle.thing])) first[needle.thing] = at;
        last[needle.thing] = at;
      }
    }
    return [{ name: `${name}, first`, at: first }, { name: `${name}, last`, at: last }];
  }
}
