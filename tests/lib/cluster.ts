/** One real PostgreSQL for the whole run, with a migrated template that each test file copies. */
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@commonpot/db/embedded';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

/**
 * Nobody pulls the plug here, so nothing waits for the disk: a killed server still keeps what was committed.
 * Tests that break a machine start a PostgreSQL of their own, as it is in earnest.
 */
async function hasten(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`alter system set ${setting} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-test-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  await hasten(postgres.superuserUrl);
  await prepareCluster(postgres.superuserUrl, 'template');
  await migrate(postgres.url.replace('/commonpot?', '/template?'));
  project.provide('superuserUrl', postgres.superuserUrl);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
