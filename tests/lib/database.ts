/** A database of its own for a test file. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** As the owner of the tables, who is no superuser. */
  ownerUrl: string;
  /** As the superuser, for breaking what nobody else can break. */
  superuserUrl: string;
  drop(): Promise<void>;
}

/** Copies the migrated template. */
export async function makeDatabase(): Promise<TestDatabase> {
  const cluster = inject('superuserUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: cluster });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  // Two files that copy the template at once disturb each other; the lock makes them take turns.
  const client = new pg.Client({ connectionString: cluster });
  await client.connect();
  await client.query(`select pg_advisory_lock(1)`);
  await client.query(`create database ${name} template template owner commonpot`);
  await client.end();
  return {
    ownerUrl: cluster.replace('postgres@', 'commonpot@').replace('/postgres?', `/${name}?`),
    superuserUrl: cluster.replace('/postgres?', `/${name}?`),
    drop: () => admin(`drop database if exists ${name} with (force)`),
  };
}
