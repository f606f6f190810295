/** Reads of a round's projects. */
import { and, count, eq, getTableColumns, max, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { project } from '@commonpot/db/rounds';

export type Project = typeof project.$inferSelect;

/** A project without its long words: thousands of those lie in memory at once for no list that shows them. */
export type ProjectLine = Omit<Project, 'description'>;
const { description: _long, ...line } = getTableColumns(project);

const ofRound = (fundId: string, roundId: string) => and(eq(project.fundId, fundId), eq(project.roundId, roundId));

/** Every project of a round, in the order of the ballot. */
export async function listProjects(tx: Transaction, fundId: string, roundId: string): Promise<ProjectLine[]> {
  return tx.select(line).from(project).where(ofRound(fundId, roundId)).orderBy(project.position, project.number);
}

/** Every project of a round with all its words, in the order of the ballot, for a copy. */
export async function listWholeProjects(tx: Transaction, fundId: string, roundId: string): Promise<Project[]> {
  return tx.select().from(project).where(ofRound(fundId, roundId)).orderBy(project.position, project.number);
}

/** One project of a round by its number on the ballot, or null. */
export async function findProject(tx: Transaction, fundId: string, roundId: string, number: string): Promise<Project | null> {
  const [row] = await tx.select().from(project).where(and(ofRound(fundId, roundId), eq(project.number, number)));
  return row ?? null;
}

/** How many there are, the last place, and the highest number that is a whole number. */
export async function lastPlace(tx: Transaction, fundId: string, roundId: string): Promise<{ projects: number; position: number; number: number }> {
  const [row] = await tx.select({
    projects: count(), position: max(project.position),
    number: sql<number>`max(${project.number}::bigint) filter (where ${project.number} ~ '^[1-9][0-9]{0,8}$')`.mapWith(Number),
  }).from(project).where(and(eq(project.fundId, fundId), eq(project.roundId, roundId)));
  return { projects: row?.projects ?? 0, position: row?.position ?? 0, number: row?.number ?? 0 };
}
