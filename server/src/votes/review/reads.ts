/** Reads of reviews, replies, interests, and the projects that ideas became. */
import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { proposal, proposalPerson } from '@commonpot/db/proposals';
import { reviewInterest, reviewProject, reviewReply, reviewVersion } from '@commonpot/db/review';
import { project } from '@commonpot/db/rounds';

interface RoundKey {
  fundId: string;
  id: string;
}

export type Version = typeof reviewVersion.$inferSelect;

/** Every version of a review, newest first. */
export async function versionsOf(tx: Transaction, fundId: string, leadId: string): Promise<Version[]> {
  return tx.select().from(reviewVersion).where(and(eq(reviewVersion.fundId, fundId), eq(reviewVersion.proposalId, leadId))).orderBy(desc(reviewVersion.version));
}

/** The newest version of a review; null without one. */
export async function newestVersion(tx: Transaction, fundId: string, leadId: string): Promise<Version | null> {
  return (await versionsOf(tx, fundId, leadId))[0] ?? null;
}

/** The number of the newest version of each review of a round. */
export async function newestVersions(tx: Transaction, round: RoundKey): Promise<Map<string, number>> {
  const rows = await tx.select({ id: reviewVersion.proposalId, version: sql<number>`max(${reviewVersion.version})::int` }).from(reviewVersion)
    .where(and(eq(reviewVersion.fundId, round.fundId), eq(reviewVersion.roundId, round.id))).groupBy(reviewVersion.proposalId);
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** Who wrote the newest version of each review of a round. */
export async function reviewersOf(tx: Transaction, round: RoundKey): Promise<Map<string, string>> {
  const rows = await tx.selectDistinctOn([reviewVersion.proposalId], { id: reviewVersion.proposalId, reviewerId: reviewVersion.reviewerId }).from(reviewVersion)
    .where(and(eq(reviewVersion.fundId, round.fundId), eq(reviewVersion.roundId, round.id))).orderBy(reviewVersion.proposalId, desc(reviewVersion.version));
  return new Map(rows.map((row) => [row.id, row.reviewerId]));
}

/** The replies to a review, oldest first, with the proposer's name where they agreed. */
export async function repliesTo(tx: Transaction, fundId: string, leadId: string) {
  return tx.select({
    version: reviewReply.version, idea: proposal.number, fromId: reviewReply.fromProposalId, words: reviewReply.words, at: reviewReply.at,
    by: sql<string | null>`case when ${proposalPerson.showName} then ${proposalPerson.name} end`,
  }).from(reviewReply)
    .innerJoin(proposal, and(eq(proposal.fundId, reviewReply.fundId), eq(proposal.id, reviewReply.fromProposalId)))
    .leftJoin(proposalPerson, and(eq(proposalPerson.fundId, proposal.fundId), eq(proposalPerson.proposalId, proposal.id)))
    .where(and(eq(reviewReply.fundId, fundId), eq(reviewReply.proposalId, leadId))).orderBy(reviewReply.id);
}

/** The interests declared in a round, oldest first; `inIdeas` only those in these ideas. */
export async function interestsIn(tx: Transaction, round: RoundKey, inIdeas?: readonly string[]) {
  return tx.select({ idea: proposal.number, words: reviewInterest.words, role: reviewInterest.roleWords, name: reviewInterest.name, at: reviewInterest.at }).from(reviewInterest)
    .leftJoin(proposal, and(eq(proposal.fundId, reviewInterest.fundId), eq(proposal.id, reviewInterest.proposalId)))
    .where(and(eq(reviewInterest.fundId, round.fundId), eq(reviewInterest.roundId, round.id), inIdeas ? inArray(reviewInterest.proposalId, [...inIdeas]) : undefined)).orderBy(asc(reviewInterest.id));
}

/** Whether an account has an interest in an idea or in one joined to it, or proposed one of them. */
export async function isConcerned(tx: Transaction, fundId: string, leadId: string, accountId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ yes: boolean }>(sql`select is_concerned(${fundId}::uuid, ${leadId}::uuid, ${accountId}::uuid) as yes`);
  return rows[0]?.yes ?? false;
}

/** The ideas of a round, by id, in which an account has an interest or which it proposed. */
export async function concernsOf(tx: Transaction, round: RoundKey, accountId: string): Promise<Set<string>> {
  const interest = sql`exists (select from review_interest n where n.fund_id = ${proposal.fundId} and n.proposal_id = ${proposal.id} and n.account_id = ${accountId})`;
  const rows = await tx.select({ id: proposal.id }).from(proposal).where(and(eq(proposal.fundId, round.fundId), eq(proposal.roundId, round.id), or(eq(proposal.authorId, accountId), interest)));
  return new Set(rows.map((row) => row.id));
}

/** The projects that the ideas of a round became, by the id of the idea that leads. */
export async function projectsOf(tx: Transaction, round: RoundKey) {
  const rows = await tx.select({ leadId: reviewProject.proposalId, projectId: reviewProject.projectId, version: reviewProject.version, number: project.number }).from(reviewProject)
    .innerJoin(project, and(eq(project.fundId, reviewProject.fundId), eq(project.id, reviewProject.projectId)))
    .where(and(eq(reviewProject.fundId, round.fundId), eq(reviewProject.roundId, round.id)));
  return new Map(rows.map((row) => [row.leadId, row]));
}
