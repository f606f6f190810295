/** Reads of a round's projects. */
import { and, count, eq, max, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { project } from '@commonpot/db/rounds';

export type Project = typeof project.$inferSelect;

/** Every project of a round, in the order of the ballot. */
export async function listProjects(tx: Transaction, fundId: string, roundId: string): Promise<Project[]> {
  return tx.select().from(project).where(and(eq(project.fundId, fundId), eq(project.roundId, roundId))).orderBy(project.position, project.number);
}

/** How many there are, the last place, and the highest number that is a whole number. */
export async function lastPlace(tx: Transaction, fundId: string, roundId: string): Promise<{ projects: number; position: number; number: number }> {
  const [row] = await tx.select({
    projects: count(), position: max(project.position),
    number: sql<number>`max(${project.number}::bigint) filter (where ${project.number} ~ '^[1-9][0-9]{0,8}$')`.mapWith(Number),
  }).from(project).where(and(eq(project.fundId, fundId), eq(project.roundId, roundId)));
  return { projects: row?.projects ?? 0, position: row?.position ?? 0, number: row?.number ?? 0 };
}
