/** Makes the database and its owner in a fresh cluster; a superuser's work, done once. */
import pg from 'pg';

/** Creates the role and database `name` unless they are there. The owner is no superuser. */
export async function prepareCluster(superuserUrl: string, name = 'commonpot'): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'commonpot') as role, exists (select from pg_database where datname = $1) as database`, [name]);
    if (!rows[0]?.role) await client.query('create role commonpot login createrole');
    if (!rows[0]?.database) await client.query(`create database ${pg.escapeIdentifier(name)} owner commonpot`);
  } finally {
    await client.end();
  }
}
