/** Reads of milestones and news. */
import { and, asc, count, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { deliveryMilestone, deliveryNews } from '@commonpot/db/delivery';
import { project } from '@commonpot/db/rounds';

interface RoundKey {
  fundId: string;
  id: string;
}

/** The projects of a round that were awarded, in the order of the ballot; or the one of them. */
export async function wonProjects(tx: Transaction, round: RoundKey, projectId?: string) {
  return tx.select({ id: project.id, number: project.number, title: project.title, delivererName: project.delivererName }).from(project)
    .innerJoin(award, and(eq(award.fundId, project.fundId), eq(award.roundId, project.roundId), eq(award.subjectKind, 'project'), eq(award.subjectId, project.id)))
    .where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), projectId ? eq(project.id, projectId) : undefined)).orderBy(project.position, project.number);
}

/** Whether a round has this project at all. */
export async function isProject(tx: Transaction, round: RoundKey, projectId: string): Promise<boolean> {
  const [row] = await tx.select({ id: project.id }).from(project).where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), eq(project.id, projectId)));
  return row !== undefined;
}

/** What a project of the round is called. */
export async function titleOf(tx: Transaction, round: RoundKey, projectId: string): Promise<string> {
  const [row] = await tx.select({ title: project.title }).from(project).where(and(eq(project.fundId, round.fundId), eq(project.roundId, round.id), eq(project.id, projectId)));
  return row?.title ?? '';
}

/** The milestones of these projects, by the day that was promised. */
export async function milestonesOf(tx: Transaction, fundId: string, projectIds: readonly string[]) {
  if (projectIds.length === 0) return [];
  return tx.select().from(deliveryMilestone).where(and(eq(deliveryMilestone.fundId, fundId), inArray(deliveryMilestone.projectId, [...projectIds]))).orderBy(asc(deliveryMilestone.dueOn), asc(deliveryMilestone.id));
}

/** The news of these projects, oldest first. */
export async function newsOf(tx: Transaction, fundId: string, projectIds: readonly string[]) {
  if (projectIds.length === 0) return [];
  return tx.select().from(deliveryNews).where(and(eq(deliveryNews.fundId, fundId), inArray(deliveryNews.projectId, [...projectIds]))).orderBy(asc(deliveryNews.id));
}

/** The milestone that came from a draft, how many the project has, and whether it has this one. */
export async function findMilestoneDraft(tx: Transaction, fundId: string, projectId: string, draftId: string): Promise<string | null> {
  const [row] = await tx.select({ id: deliveryMilestone.id }).from(deliveryMilestone)
    .where(and(eq(deliveryMilestone.fundId, fundId), eq(deliveryMilestone.projectId, projectId), eq(deliveryMilestone.draftId, draftId)));
  return row?.id ?? null;
}

export async function findNewsDraft(tx: Transaction, fundId: string, projectId: string, draftId: string): Promise<string | null> {
  const [row] = await tx.select({ id: deliveryNews.id }).from(deliveryNews)
    .where(and(eq(deliveryNews.fundId, fundId), eq(deliveryNews.projectId, projectId), eq(deliveryNews.draftId, draftId)));
  return row?.id ?? null;
}

export async function countMilestones(tx: Transaction, fundId: string, projectId: string): Promise<number> {
  const [row] = await tx.select({ n: count() }).from(deliveryMilestone).where(and(eq(deliveryMilestone.fundId, fundId), eq(deliveryMilestone.projectId, projectId)));
  return row?.n ?? 0;
}

