/** `pnpm restore FOLDER`: a backup into an empty database, proven afterwards. `--help` says the rest. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connectOwner, listMigrations, migrate, readMigrations } from '@commonpot/db/migrate';
import { invariants } from '@commonpot/server/invariants';
import { prove, type Proof } from '@commonpot/server/money/proof';
import { copyKeys, readManifest, tableFile, type Manifest } from './lib/backup/format.ts';
import { loadBackup } from './lib/backup/load.ts';
import { run, Stop } from './lib/entry.ts';
import { openEnvironment } from './lib/environment.ts';

const HELP = `pnpm restore FOLDER [--keys ANOTHER_FOLDER] [--json]

Puts a backup of pnpm backup into an empty database: a new embedded one (STATE_FOLDER names where), or the one that
DATABASE_URL names. Everything goes in by one transaction or nothing does. Every table is read back and compared with the
backup, the database is brought to this Commonpot's newest migration, and the ledger is proven.

SECRET must be the one of the installation that was backed up, or nobody can sign in.

  --keys ANOTHER_FOLDER   puts the rounds' keys back from there
  --json                  one JSON object: rows, tables, seconds, keys, ledger ("proven" or the invariants that do not hold)`;

interface Restored {
  tables: number;
  rows: number;
  proofs: Proof[];
}

/** Restores the backup in `folder`. Throws `Stop`, with nothing changed but empty tables made, where it cannot. */
export async function restore(databaseUrl: string, folder: string): Promise<Restored> {
  const manifest = await readManifest(folder);
  await checkFiles(folder, manifest);
  const level = checkLevel(manifest, await levelOf(databaseUrl));
  await migrate(databaseUrl, level);
  const client = await connectOwner(databaseUrl);
  try {
    await loadBackup(client, folder, manifest);
    await migrate(databaseUrl);
    const { proofs } = await prove(client, invariants);
    return { tables: manifest.tables.length, rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0), proofs };
  } finally {
    await client.end();
  }
}

/** Every file is there and is what was written; a disk that forgot something is found before anything is changed. */
async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  for (const { name, sha256 } of manifest.tables) {
    const digest = createHash('sha256');
    try {
      for await (const piece of createReadStream(tableFile(folder, name))) digest.update(piece as Buffer);
    } catch {
      throw new Stop(`${tableFile(folder, name)} cannot be read: the backup is not complete.`);
    }
    if (digest.digest('hex') !== sha256) throw new Stop(`${tableFile(folder, name)} is not what was backed up.`);
  }
}

async function levelOf(databaseUrl: string): Promise<string[]> {
  const client = await connectOwner(databaseUrl);
  try {
    return await readMigrations(client);
  } finally {
    await client.end();
  }
}

/** The migration to load at: the backup's own level, which this Commonpot must know and the database not be beyond. */
function checkLevel({ migrations }: Manifest, had: readonly string[]): string {
  const known = listMigrations();
  const unknown = migrations.find((name, index) => known[index] !== name);
  if (unknown) throw new Stop(`The backup was made by another Commonpot, which has the migration ${unknown}. Restore it with the version that made it, or a newer one.`);
  const beyond = had.find((name, index) => migrations[index] !== name);
  if (beyond) throw new Stop(`The database is not new: it has had the migration ${beyond}, and the backup is older. Give an empty database.`);
  return migrations.at(-1) as string;
}

async function main(): Promise<void> {
  const { values, positionals: [folder, ...more] } = parseArgs({
    allowPositionals: true, options: { keys: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return console.log(HELP);
  if (!folder || more.length > 0) throw new Stop(`Name one folder.\n\n${HELP}`);
  const start = performance.now();
  const environment = await openEnvironment();
  try {
    const { tables, rows, proofs } = await restore(environment.config.databaseUrl, resolve(folder));
    const keys = values.keys === undefined ? null : await copyKeys(resolve(values.keys), environment.config.keysFolder);
    const broken = proofs.filter((proof) => !proof.holds).map((proof) => proof.name);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    if (broken.length > 0) process.exitCode = 1;
    if (values.json) return console.log(JSON.stringify({ tables, rows, seconds, keys, ledger: broken.length === 0 ? 'proven' : broken }));
    console.log(`${rows} rows of ${tables} tables are back, and every table is what was backed up (${seconds} s).`);
    console.log(broken.length === 0 ? `The ledger is proven: ${proofs.length} invariants hold.` : `NOT PROVEN: ${broken.join(', ')}. Run pnpm check-ledger for the rows.`);
    if (keys === null) console.log(`The rounds' keys are not in a backup: put them into ${environment.config.keysFolder}, or their ballots cannot be counted.`);
  } finally {
    await environment.close();
  }
}

if (import.meta.main) await run(main);
