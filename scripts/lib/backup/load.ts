/** Puts a backup's rows into an empty database: by its owner, in one transaction, and compared before it commits. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { identifier, LEFT_OUT, listFunds, listPartitions, listTables, readTable, settle, tableFile, type Manifest, type Partition, type Table } from './format.ts';
import { Stop } from '../entry.ts';
import { startProgress } from '../progress.ts';

/**
 * Loads every table in the order of its foreign keys, which stay on. What decides or forbids while the house runs rests
 * meanwhile: our triggers, and row-level security for the owner; both are as they were before anything is committed.
 * Throws `Stop` where the database holds rows, or where a table does not read back as it was.
 */
export async function loadBackup(client: pg.Client, folder: string, manifest: Manifest): Promise<void> {
  await client.query('begin');
  try {
    await settle(client);
    const guards = await describeGuards(client);
    const tables = await listTables(client);
    expectSameTables(manifest, tables);
    await rest(client);
    await expectEmpty(client, tables);
    for (const partition of manifest.partitions) await makePartition(client, partition);
    const progress = startProgress('Loading tables', tables.length);
    let loaded = 0;
    for (const table of await inOrderOfKeys(client, tables)) {
      const text = `copy ${identifier(table.name)} (${table.columns.map(identifier).join(', ')}) from stdin`;
      await pipeline(createReadStream(tableFile(folder, table.name)), client.query(copyFrom(text)));
      progress.to((loaded += 1));
    }
    progress.end();
    await client.query('set constraints all immediate');
    await rise(client, guards);
    await expectSame(client, manifest, tables);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function expectSameTables(manifest: Manifest, tables: readonly Table[]): void {
  const describe = (list: readonly { name: string; columns: readonly string[] }[]) => list.map(({ name, columns }) => `${name}(${columns.join()})`).sort().join('; ');
  if (describe(manifest.tables) !== describe(tables)) throw new Stop('The database has other tables or columns than the backup. Give an empty database.');
}

/** Row-level security and triggers of every table, as text that can be compared. */
interface Guards {
  forced: string[];
  triggers: string;
}

async function describeGuards(client: pg.Client): Promise<Guards> {
  const { rows: forced } = await client.query<{ name: string }>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relforcerowsecurity order by relname`);
  const { rows: triggers } = await client.query<{ line: string }>(`
    select t.tgrelid::regclass || '.' || t.tgname || ' ' || t.tgenabled::text as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'public'::regnamespace and not c.relispartition and not t.tgisinternal order by line`);
  return { forced: forced.map((row) => row.name), triggers: triggers.map((row) => row.line).join('\n') };
}

const eachTable = `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname`;

async function rest(client: pg.Client): Promise<void> {
  for (const { name } of (await client.query<{ name: string }>(eachTable)).rows) {
    await client.query(`alter table ${identifier(name)} no force row level security; alter table ${identifier(name)} disable trigger user`);
  }
}

async function rise(client: pg.Client, guards: Guards): Promise<void> {
  for (const { name } of (await client.query<{ name: string }>(eachTable)).rows) await client.query(`alter table ${identifier(name)} enable trigger user`);
  for (const name of guards.forced) await client.query(`alter table ${identifier(name)} force row level security`);
  const now = await describeGuards(client);
  if (now.triggers !== guards.triggers || now.forced.join() !== guards.forced.join()) throw new Error('the guards of the tables are not what they were');
}

async function expectEmpty(client: pg.Client, tables: readonly Table[]): Promise<void> {
  const names = [...tables.map((table) => table.name), ...LEFT_OUT.filter((name) => name !== 'migration')];
  const { rows } = await client.query<{ name: string }>(names.map((name) => `(select '${name}' as name where exists (select from ${identifier(name)}))`).join(' union all '));
  if (rows.length > 0) throw new Stop(`The database is not empty: there are rows in ${rows.map((row) => row.name).join(', ')}. Give an empty database; nothing was changed.`);
}

async function makePartition(client: pg.Client, { name, parent, bound, checks, secured, forced }: Partition): Promise<void> {
  const limits = checks.length > 0 ? `(${checks.join(', ')})` : '';
  await client.query(`create table ${identifier(name)} partition of ${identifier(parent)} ${limits} ${bound}`);
  if (secured) await client.query(`alter table ${identifier(name)} enable row level security`);
  if (forced) await client.query(`alter table ${identifier(name)} force row level security`);
}

/** Tables after those that they point at. Deferred keys wait for the end and do not count. */
async function inOrderOfKeys(client: pg.Client, tables: readonly Table[]): Promise<Table[]> {
  const { rows } = await client.query<{ source: string; target: string }>(`
    select s.relname as source, t.relname as target from pg_constraint k join pg_class s on s.oid = k.conrelid join pg_class t on t.oid = k.confrelid
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and not k.condeferred and k.conrelid <> k.confrelid`);
  const sorted: Table[] = [];
  const waiting = new Map(tables.map((table) => [table.name, table]));
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ name }) => !rows.some(({ source, target }) => source === name && waiting.has(target)));
    if (free.length === 0) throw new Error(`foreign keys run in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const table of free) waiting.delete(table.name);
    sorted.push(...free);
  }
  return sorted;
}

async function expectSame(client: pg.Client, manifest: Manifest, tables: readonly Table[]): Promise<void> {
  if (JSON.stringify(await listPartitions(client)) !== JSON.stringify(manifest.partitions)) throw new Stop('The partitions are not what was backed up; nothing was changed.');
  const funds = await listFunds(client);
  for (const table of tables) {
    const saved = manifest.tables.find((each) => each.name === table.name);
    const read = await readTable(client, table, funds, () => {});
    if (read.sha256 !== saved?.sha256 || read.rows !== saved.rows) throw new Stop(`The table ${table.name} does not read back as it was backed up; nothing was changed.`);
  }
}
