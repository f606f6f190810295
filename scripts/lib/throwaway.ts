/** A database that lasts as long as a run. */
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@commonpot/db/embedded';

/**
 * A PostgreSQL that is thrown away with `folder` at the end of a run. Nobody pulls the plug here, so nothing waits for
 * the disk: a killed server still keeps what was committed. What breaks a machine, or measures one, needs the real thing.
 */
export async function startThrowawayPostgres(folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(folder);
  const client = new pg.Client({ connectionString: postgres.superuserUrl });
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`alter system set ${setting} = off`);
  await client.query('select pg_reload_conf()');
  await client.end();
  return postgres;
}
