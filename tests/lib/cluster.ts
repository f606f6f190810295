/** One real PostgreSQL for the whole run, with a migrated template that each test file copies. Tests that break a machine start one of their own. */
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@commonpot/db/migrate';
import { prepareCluster } from '@commonpot/db/prepare';
import type { TestProject } from 'vitest/node';
import { startThrowawayPostgres } from '../../scripts/lib/throwaway.ts';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'commonpot-test-'));
  chmodSync(folder, 0o755);
  const postgres = await startThrowawayPostgres(join(folder, 'postgres'));
  const end = async (): Promise<void> => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await prepareCluster(postgres.superuserUrl, 'template');
    await migrate(postgres.url.replace('/commonpot?', '/template?'));
  } catch (error) {
    // A migration that fails leaves no server behind.
    await end();
    throw error;
  }
  project.provide('superuserUrl', postgres.superuserUrl);
  return end;
}
