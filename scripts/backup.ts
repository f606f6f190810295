/** `pnpm backup FOLDER`: everything the database holds, as of one moment, while it works. `--help` says the rest. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { connectOwner, readMigrations } from '@commonpot/db/migrate';
import { copyKeys, liesWithin, listFunds, listPartitions, listTables, readTable, settle, tableFile, writeManifest, type Manifest, type SavedTable, type Table } from './lib/backup/format.ts';
import { run, Stop } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';
import { startProgress } from './lib/progress.ts';

const HELP = `pnpm backup FOLDER [--keys ANOTHER_FOLDER] [--json]

Copies everything the database holds, as of one moment and while it works, into a new or empty FOLDER: the embedded
database in .commonpot/, or the one that DATABASE_URL names. pnpm restore puts it back.

NOT in it: the rounds' keys. Without them nobody can read or count the ballots of a round that is not counted yet; with
them anybody who has the backup can. SECRET is not in it either, and nobody can sign in without that. Sessions and jobs
in the queue are left out too: people sign in again, and what is due is found in the tables.

  --keys ANOTHER_FOLDER   copies the rounds' keys there; keep it in another place than the backup, and
                          destroy a round's copy when the round's own key is destroyed
  --json                  one JSON object: folder, tables, rows, bytes, seconds, keys`;

interface Taken {
  tables: number;
  rows: number;
  bytes: number;
}

/** Writes the backup into `folder`, which must be new or empty. Reads one snapshot and changes nothing. */
export async function backUp(databaseUrl: string, folder: string, at: Date): Promise<Taken> {
  if ((await readdir(folder).catch(() => [])).length > 0) throw new Stop(`${folder} is not empty; name a new folder for each backup.`);
  const client = await connectOwner(databaseUrl);
  try {
    const migrations = await readMigrations(client);
    if (migrations.length === 0) throw new Stop('There is nothing to back up: this database holds no Commonpot.');
    await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 });
    await client.query('begin isolation level repeatable read read only');
    await settle(client);
    const tables = await listTables(client);
    const progress = startProgress('Copying tables', tables.length);
    const funds = await listFunds(client);
    const saved: SavedTable[] = [];
    let bytes = 0;
    for (const table of tables) {
      const { written, ...rest } = await saveTable(client, table, funds, folder);
      saved.push(rest);
      bytes += written;
      progress.to(saved.length);
    }
    const { rows: [server] } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
    const manifest: Manifest = { format: 'commonpot-backup-1', takenAt: at.toISOString(), postgres: server?.version ?? '', migrations, tables: saved, partitions: await listPartitions(client) };
    await client.query('rollback');
    await writeManifest(folder, manifest);
    progress.end();
    return { tables: saved.length, rows: saved.reduce((sum, table) => sum + table.rows, 0), bytes };
  } finally {
    await client.end();
  }
}

async function saveTable(client: pg.Client, table: Table, funds: readonly string[], folder: string): Promise<SavedTable & { written: number }> {
  const file = createWriteStream(tableFile(folder, table.name), { flags: 'wx', mode: 0o600, flush: true });
  const saved = await readTable(client, table, funds, async (piece) => {
    if (!file.write(piece)) await once(file, 'drain');
  });
  file.end();
  await once(file, 'close');
  return { ...saved, written: file.bytesWritten };
}

async function main(): Promise<void> {
  const { values, positionals: [given, ...more] } = parseArgs({
    allowPositionals: true, options: { keys: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  if (!given || more.length > 0) throw new Stop(`Name one folder.\n\n${HELP}`);
  const folder = resolve(given);
  const keysTo = values.keys === undefined ? null : resolve(values.keys);
  if (keysTo && (liesWithin(keysTo, folder) || liesWithin(folder, keysTo))) throw new Stop('The keys and the backup may not lie in one folder: together they open ballots.');
  const start = performance.now();
  const environment = await openEnvironment();
  try {
    const { databaseUrl, keysFolder } = environment.config;
    if (liesWithin(keysFolder, folder) || liesWithin(folder, keysFolder)) throw new Stop(`${folder} and the rounds' keys in ${keysFolder} may not lie in one folder: together they open ballots.`);
    const taken = await backUp(databaseUrl, folder, new Date());
    const keys = keysTo ? await copyKeys(keysFolder, keysTo) : null;
    report({ folder, ...taken, seconds: Number(((performance.now() - start) / 1000).toFixed(2)), keys }, keysTo, values.json);
  } finally {
    await environment.close();
  }
}

function report(done: Taken & { folder: string; seconds: number; keys: number | null }, keysTo: string | null, json: boolean): void {
  if (json) return console.log(JSON.stringify(done));
  console.log(`${done.rows} rows of ${done.tables} tables are in ${done.folder} (${(done.bytes / 1e6).toFixed(1)} MB, ${done.seconds} s).`);
  console.log('It holds personal data: encrypt it where you keep it.');
  console.log(keysTo
    ? `\n${done.keys} keys of rounds are in ${keysTo}. NEVER keep them beside the backup, and destroy a round's copy when its own key is destroyed.`
    : `\nThe rounds' keys and SECRET are NOT in it. Without a round's key its ballots cannot be counted; --keys FOLDER copies them to another place.`);
}

if (import.meta.main) await run(main);
