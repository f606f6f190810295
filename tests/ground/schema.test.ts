/** What the migrations made is what the code believes, and it keeps the house's promises. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { getTableConfig, PgTable, type PgColumn } from 'drizzle-orm/pg-core';
import { is } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUES } from '@commonpot/db/migrate';
import { jobsOf } from '@commonpot/server/main';
import { withEach } from '@commonpot/server/platform/jobs';
import { root } from '../../scripts/lib/root.ts';
import { makeWorld, type World } from '../lib/world.ts';

let world: World;
beforeAll(async () => void (world = await makeWorld()));
afterAll(() => world.close());

const modules = await Promise.all(globSync('*.ts', { cwd: join(root, 'db/src') }).map(async (file): Promise<Record<string, unknown>> => import(join(root, 'db/src', file))));
const tables = modules.flatMap((module) => Object.values(module)).filter((value): value is PgTable => is(value, PgTable)).map((table) => getTableConfig(table));

/** Tables of the library that keeps the order of migrations. */
const NOT_OURS = ['migration'];

const names = async (query: string): Promise<string[]> => (await world.superuser(query)).rows.map((row) => Object.values(row).join('.')).filter((name) => !NOT_OURS.includes(name)).sort();

/** PostgreSQL's name of a column's type as Drizzle has it. */
function typeOf(column: PgColumn): string {
  return column.getSQLType().replace(/^timestamp with time zone$/, 'timestamp with time zone').replace(/\(\d+\)/, '');
}

describe('Drizzle’s columns', () => {
  it('are of tables that exist, each once', async () => {
    const there = await names(`select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`);
    expect(tables.map((table) => table.name).sort()).toEqual(there);
  });

  it.each(tables.map((table) => [table.name, table] as const))('of %s equal the database’s', async (name, table) => {
    const { rows } = await world.superuser(`
      select column_name as name, is_nullable = 'NO' as "notNull", case when data_type = 'ARRAY' then substr(udt_name, 2) || '[]' else data_type end as type
      from information_schema.columns where table_schema = 'public' and table_name = $1`, [name]);
    const known = new Map(rows.map((row) => [row.name, row]));
    const believed = table.columns.map((column) => ({ name: column.name, notNull: column.notNull || column.primary, type: typeOf(column) }));
    expect(believed.map((column) => column.name).sort()).toEqual([...known.keys()].sort());
    expect(believed.filter((column) => known.get(column.name).notNull !== column.notNull)).toEqual([]);
    expect(believed.filter((column) => known.get(column.name).type !== column.type).map((column) => `${column.name}: ${column.type}, and in the database ${known.get(column.name).type}`)).toEqual([]);
  });
});

describe('the database', () => {
  it('holds every table of a fund behind forced row-level security with a policy', async () => {
    expect(await names(`
      select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'fund_id'
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'session'
        and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))`)).toEqual([]);
  });

  it('shows no row of any fund when no fund is named', async () => {
    const owned = await names(`select table_name from information_schema.columns where table_schema = 'public' and column_name = 'fund_id' and table_name <> 'session'`);
    const counts = await Promise.all(owned.map(async (table) => {
      const allowed = (await world.superuser(`select has_table_privilege('commonpot_app', $1, 'select') as yes`, [table])).rows[0].yes;
      return allowed ? (await world.superuser(`set role commonpot_app; select count(*)::int as rows from "${table}"`) as unknown as { rows: { rows: number }[] }[])[1]?.rows[0]?.rows : 0;
    }));
    expect(Object.fromEntries(owned.map((table, index) => [table, counts[index]]))).toEqual(Object.fromEntries(owned.map((table) => [table, 0])));
  });

  it('ties rows of one fund only to rows of the same', async () => {
    expect(await names(`
      select k.conrelid::regclass::text as source, k.confrelid::regclass::text as target from pg_constraint k
      where k.contype = 'f' and k.connamespace = 'public'::regnamespace
        and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'fund_id')
        and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'fund_id')
        and not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'fund_id' and a.attnum = any (k.conkey))`)).toEqual([]);
  });

  it('decides nothing by its own clock', async () => {
    const clock = `'now\\(|current_timestamp|current_date|clock_timestamp|localtimestamp'`;
    expect(await names(`select table_name, column_name from information_schema.columns where table_schema = 'public' and column_default ~* ${clock} and table_name <> 'migration'`)).toEqual([]);
    expect(await names(`select proname from pg_proc where pronamespace = 'public'::regnamespace and prosrc ~* ${clock}`)).toEqual([]);
  });

  it('gives the application’s role nothing to own and no right to change what only grows', async () => {
    expect(await names(`select relname from pg_class where relowner = 'commonpot_app'::regrole`)).toEqual([]);
    expect(await names(`select tgrelid::regclass::text, privilege from pg_trigger, (values (8, 'DELETE'), (16, 'UPDATE'), (32, 'TRUNCATE')) as stopped (bit, privilege)
      where tgfoid = 'refuse_change'::regproc and tgtype & bit > 0 and has_table_privilege('commonpot_app', tgrelid, privilege)`)).toEqual([]);
    expect(await names(`select table_name, grantee from information_schema.role_table_grants where grantee = 'PUBLIC' and table_schema = 'public'`)).toEqual([]);
  });
});

describe('the queues', () => {
  it('give each its turn, and say at the end what failed', async () => {
    const done: number[] = [];
    const work = async (each: number): Promise<void> => {
      if (each < 3) throw new Error(`not ${each}`);
      done.push(each);
    };
    await expect(withEach([1, 3], work)).rejects.toThrow('not 1');
    await expect(withEach([1, 2, 4], work)).rejects.toThrow('2 could not be done');
    expect(done).toEqual([3, 4]);
  });

  it('exist for every job, and no other', async () => {
    const jobs = jobsOf(world.app.services).map((job) => job.name).sort();
    expect([...QUEUES].sort()).toEqual(jobs);
    expect(await names(`select name from pgboss.queue where name !~ '^__'`)).toEqual(jobs);
  });
});
