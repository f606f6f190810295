/** A database with nothing in it, as an operator makes one for a restore. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { TestDatabase } from '../lib/database.ts';
import { queryAs } from '../lib/world.ts';

export async function makeEmptyDatabase(): Promise<TestDatabase> {
  const cluster = inject('superuserUrl');
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await queryAs(cluster, `create database ${name} owner commonpot`);
  return {
    ownerUrl: cluster.replace('postgres@', 'commonpot@').replace('/postgres?', `/${name}?`),
    superuserUrl: cluster.replace('/postgres?', `/${name}?`),
    drop: async () => void (await queryAs(cluster, `drop database if exists ${name} with (force)`)),
  };
}
