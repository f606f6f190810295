/** Where a command finds its database and secrets: in the environment, or else embedded in `.commonpot/` (STATE_FOLDER). */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '@commonpot/db/embedded';
import { prepareCluster } from '@commonpot/db/prepare';
import { readConfig, type Config } from '@commonpot/server/platform/config';
import { root } from './root.ts';

const state = resolve(root, process.env.STATE_FOLDER || '.commonpot');

export interface Environment {
  config: Config;
  /** Stops the embedded PostgreSQL, unless another command still uses it: who leaves last turns off the light. */
  close(): Promise<void>;
}

/** The configuration of this machine; starts the embedded PostgreSQL when `DATABASE_URL` names no other. */
export async function openEnvironment(): Promise<Environment> {
  if (process.env.DATABASE_URL) return { config: readConfig({ KEYS_FOLDER: join(state, 'keys'), ...process.env }), close: async () => {} };
  // A wrong setting is said before a database is made for it.
  const preview = { ...embeddedDefaults(), DATABASE_URL: 'postgres://localhost/commonpot' };
  readConfig({ ...preview, ...process.env });
  const postgres = await startEmbeddedPostgres(join(state, 'postgres'));
  await prepareCluster(postgres.superuserUrl);
  return {
    config: readConfig({ ...preview, ...process.env, DATABASE_URL: postgres.url }),
    close: async () => {
      if (await isUnused(postgres.superuserUrl)) await postgres.stop();
    },
  };
}

/** Whether nobody but this question is connected. Half a second's grace, because a closed connection takes a moment to end. */
async function isUnused(superuserUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (let look = 0; look < 10; look += 1) {
      const { rows } = await client.query<{ others: number }>(`select count(*)::int as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`);
      if (rows[0]?.others === 0) return true;
      await setTimeout(50);
    }
    return false;
  } finally {
    await client.end();
  }
}

function embeddedDefaults() {
  return { ...(process.env.SECRET || process.env.SECRET_FILE ? {} : { SECRET: embeddedSecret() }), KEYS_FOLDER: join(state, 'keys'), DEMONSTRATION: 'true' };
}

/** A secret of this installation, made on the first run. */
function embeddedSecret(): string {
  const path = join(state, 'secret');
  if (!existsSync(path)) {
    mkdirSync(state, { recursive: true });
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(path, 'utf8');
}
