/** Liveness and readiness. Ready means: the database answers, and the application's role is as weak as it must be. */
import { sql } from 'drizzle-orm';
import type { Database } from '@commonpot/db/client';
import type { WebApp } from './services.ts';

/** Why this database connection must not serve, or null when it may. */
export async function findUnfitness(db: Database): Promise<string | null> {
  const { rows } = await db.execute<{ role: string; superuser: boolean; bypass: boolean; super_login: string | null; owned: number; changeable: string | null }>(sql`
    select current_user as role, rolsuper as superuser, rolbypassrls as bypass,
      (select rolname from pg_roles where rolname = session_user and rolsuper) as super_login,
      (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned,
      (select string_agg(distinct tgrelid::regclass::text, ', ') from pg_trigger
        where tgfoid = to_regproc('refuse_change')
          -- What the trigger stops: bit 3 of its type is DELETE, bit 4 UPDATE, bit 5 TRUNCATE.
          and ((tgtype & 8 > 0 and has_table_privilege(tgrelid, 'DELETE')) or (tgtype & 16 > 0 and has_table_privilege(tgrelid, 'UPDATE'))
            or (tgtype & 32 > 0 and has_table_privilege(tgrelid, 'TRUNCATE')))) as changeable
    from pg_roles where rolname = current_user`);
  const found = rows[0];
  if (!found) return 'the role cannot be read';
  if (found.superuser || found.bypass) return `the role ${found.role} is a superuser or bypasses row-level security`;
  if (found.super_login) return `${found.super_login}, who is a superuser, signs in to it; use an ordinary role that owns the database`;
  if (found.owned > 0) return `the role ${found.role} owns tables`;
  return found.changeable ? `the role ${found.role} may change ${found.changeable}` : null;
}

export function registerHealth(app: WebApp): void {
  app.get('/health/live', { schema: { hide: true } as object }, async () => ({ live: true }));
  // Why not is for the operator alone: in the log, and on the admin port.
  app.get('/health/ready', { schema: { hide: true } as object }, async (request, reply) => {
    const reason = await findUnfitness(app.services.db).catch(() => 'the database cannot be reached');
    if (reason) request.log.error({ event: 'not-ready', reason }, 'this process must not serve');
    return reply.code(reason ? 503 : 200).send({ ready: reason === null });
  });
}
