/** The application's way into the database: as `commonpot_app`, who owns nothing and sees no row until a fund is named. */
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase, type NodePgTransaction } from 'drizzle-orm/node-postgres';
import pg from 'pg';

export type Database = NodePgDatabase & { $client: pg.Pool };
export type Transaction = NodePgTransaction<Record<string, never>, Record<string, never>>;

// Counts and sums of minor units come back as numbers; what does not fit exactly is a bug and not to be rounded.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the exact integers`);
  return value;
});

/** A pool of connections in the application's role. `size` is a number of connections. */
export function openDatabase(url: string, size = 10): Database {
  const pool = new pg.Pool({
    connectionString: url, max: size, options: '-c role=commonpot_app', application_name: 'commonpot',
    connectionTimeoutMillis: 5000, idleTimeoutMillis: 30_000, statement_timeout: 60_000, idle_in_transaction_session_timeout: 30_000,
  });
  // A connection that the server cuts is replaced at the next use, and what ran on it fails by itself. Without a
  // listener on the pool, for the idle ones, and on each connection, for those in use, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  const db = drizzle(pool) as unknown as Database;
  db.transaction = ((work, config) => onOneConnection(pool, (own) => own.transaction(work, config))) as Database['transaction'];
  return db;
}

const ofConnection = new WeakMap<pg.PoolClient, NodePgDatabase>();

/**
 * Runs `work` on a connection that goes back to the pool whatever happens. Drizzle's own way keeps the connection
 * for good when it breaks at `begin`, and a restart of PostgreSQL would use the pool up.
 */
async function onOneConnection<T>(pool: pg.Pool, work: (own: NodePgDatabase) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  try {
    let own = ofConnection.get(connection);
    if (!own) ofConnection.set(connection, (own = drizzle(connection)));
    return await work(own);
  } finally {
    connection.release();
  }
}

/** Whose rows: a fund's, one account's own across its funds, or the account behind one address (a keyed hash). */
export interface RowScope {
  fund?: string | undefined;
  account?: string | undefined;
  contact?: Buffer | undefined;
}

/** Names the scope for the rest of the transaction; row-level security reads it. */
export async function setScope(tx: Transaction, scope: RowScope): Promise<void> {
  await tx.execute(sql`select
    set_config('commonpot.fund', ${scope.fund ?? ''}, true),
    set_config('commonpot.account', ${scope.account ?? ''}, true),
    set_config('commonpot.contact', ${scope.contact?.toString('hex') ?? ''}, true)`);
}

/** Runs `work` in one transaction that sees only the rows of `scope`. */
export async function within<T>(db: Database, scope: RowScope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await setScope(tx as unknown as Transaction, scope);
    return work(tx as unknown as Transaction);
  });
}
