/** One real PostgreSQL for the whole run, with a migrated template that each test file copies. */
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@commonpot/db/embedded';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-test-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(join(folder, 'postgres'));
  await prepareCluster(postgres.superuserUrl, 'template');
  await migrate(postgres.url.replace('/commonpot?', '/template?'));
  project.provide('superuserUrl', postgres.superuserUrl);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
