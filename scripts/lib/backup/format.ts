/**
 * What a backup is: a folder with one file of PostgreSQL's text COPY format per table, and a manifest.
 * Rows lie in the order of their keys and never in the order in which they were written: the heap's order of a
 * ballot table is the order in which people voted.
 */
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { Stop } from '../entry.ts';

/**
 * Tables that a backup leaves out. Sessions and sign-in codes: a restored one would open doors that were closed since,
 * and beside two backups of a ballot box the hours of sessions would say who voted between them.
 */
export const LEFT_OUT: readonly string[] = ['migration', 'session', 'sign_in_challenge', 'demonstration_message'];

const tableShape = z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int(), sha256: z.string().length(64) });
const partitionShape = z.object({
  name: z.string(), parent: z.string(), bound: z.string(), checks: z.array(z.string()), secured: z.boolean(), forced: z.boolean(),
});
const manifestShape = z.object({
  format: z.literal('commonpot-backup-1'),
  takenAt: z.string(),
  postgres: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(tableShape),
  partitions: z.array(partitionShape),
});
export type Manifest = z.infer<typeof manifestShape>;
export type SavedTable = z.infer<typeof tableShape>;
export type Partition = z.infer<typeof partitionShape>;

/** A table as the catalogue describes it. */
export interface Table {
  name: string;
  columns: string[];
  /** The ORDER BY that gives the same order on every machine. */
  order: string;
  /** Read fund by fund, because row-level security shows one fund at a time. */
  byFund: boolean;
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The file of a table. */
export const tableFile = (folder: string, name: string): string => join(folder, 'tables', `${name}.copy`);

/** Makes text the same on every server, and names the transaction a backup's. For the rest of the transaction. */
export async function settle(client: pg.Client): Promise<void> {
  await client.query(`set local time zone 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
    set local bytea_output = 'hex'; set local extra_float_digits = 1; set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = 0; select set_config('commonpot.backup', 'on', true)`);
}

/** Every table of the house that a backup holds. Throws when one of them cannot be read whole. */
export async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; key: { name: string; text: boolean }[] | null; secured: boolean; fund: boolean; opened: boolean }>(`
    select c.relname as name, c.relrowsecurity as secured,
      array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns,
      bool_or(a.attname = 'fund_id') as fund,
      exists (select from pg_policy p where p.polrelid = c.oid and pg_get_expr(p.polqual, p.polrelid) like '%commonpot.backup%') as opened,
      (select json_agg(json_build_object('name', k.attname, 'text', k.attcollation <> 0) order by array_position(i.indkey::int2[], k.attnum))
        from pg_index i join pg_attribute k on k.attrelid = c.oid and k.attnum = any (i.indkey) where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all ($1)
    group by c.oid order by c.relname`, [LEFT_OUT]);
  return rows.map(({ name, columns, key, secured, fund, opened }) => {
    if (secured && !fund && !opened) throw new Error(`no policy shows ${name} to a backup`);
    if (!key) throw new Error(`${name} has no primary key to be put in order by`);
    return { name, columns, byFund: secured && fund, order: key.map((column) => `${identifier(column.name)}${column.text ? ' collate "C"' : ''}`).join(', ') };
  });
}

/** The partitions that were made while the house ran: one per round and ballot table. */
export async function listPartitions(client: pg.Client): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(`
    select c.relname as name, p.relname as parent, pg_get_expr(c.relpartbound, c.oid) as bound, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
      coalesce((select array_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and k.coninhcount = 0), '{}') as checks
    from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relispartition order by c.relname`);
  return z.array(partitionShape).parse(rows);
}

/** Every fund, in order. */
export async function listFunds(client: pg.Client): Promise<string[]> {
  return (await client.query<{ id: string }>('select id from fund order by id')).rows.map((row) => row.id);
}

/** Reads a table whole, as COPY text, in the order of fund and key. Hands each piece to `onPiece`, and answers what went by. */
export async function readTable(client: pg.Client, table: Table, funds: readonly string[], onPiece: (piece: Buffer) => Promise<void> | void): Promise<SavedTable> {
  const digest = createHash('sha256');
  let rows = 0;
  for (const fund of table.byFund ? funds : [null]) {
    if (fund !== null) await client.query(`select set_config('commonpot.fund', $1, true)`, [fund]);
    const where = fund === null ? '' : `where fund_id = '${fund}'`;
    const stream = client.query(copyTo(`copy (select ${table.columns.map(identifier).join(', ')} from ${identifier(table.name)} ${where} order by ${table.order}) to stdout`));
    for await (const piece of stream as AsyncIterable<Buffer>) {
      digest.update(piece);
      await onPiece(piece);
    }
    rows += stream.rowCount;
  }
  return { name: table.name, columns: table.columns, rows, sha256: digest.digest('hex') };
}

/** Reads a backup's manifest; throws `Stop` where there is none. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => {
    throw new Stop(`${folder} holds no manifest.json: it is no backup, or one that was broken off.`);
  });
  try {
    return manifestShape.parse(JSON.parse(text));
  } catch {
    throw new Stop(`${join(folder, 'manifest.json')} is not the manifest of a backup that this Commonpot can read.`);
  }
}

/** Writes the manifest, last of all: a folder without one is no backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = await open(join(folder, 'manifest.json'), 'wx', 0o600);
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.sync();
  await file.close();
}

/** Whether one folder lies in the other or is the same. */
export function liesWithin(inner: string, outer: string): boolean {
  const path = relative(resolve(outer), resolve(inner));
  return path === '' || (!path.startsWith('..') && path !== resolve(inner));
}

/** Copies the rounds' keys; keeps what is there, and refuses to replace a key by another. The answer is how many there are. */
export async function copyKeys(from: string, to: string): Promise<number> {
  const names = (await readdir(from).catch(() => [])).filter((name) => name.endsWith('.key'));
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) {
    const there = await readFile(join(to, name)).catch(() => null);
    if (there && !there.equals(await readFile(join(from, name)))) throw new Stop(`${join(to, name)} is another key than ${join(from, name)}; nothing was replaced.`);
    if (!there) await copyFile(join(from, name), join(to, name));
    await chmod(join(to, name), 0o600);
  }
  return names.length;
}
