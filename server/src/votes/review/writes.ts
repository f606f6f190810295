/** Writes of reviews, replies, interests and acceptances; the caller holds the round's lock. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { reviewInterest, reviewProject, reviewReply, reviewVersion } from '@commonpot/db/review';
import { newId } from '../../platform/ids.ts';
import type { Version } from './reads.ts';

interface RoundKey {
  fundId: string;
  id: string;
}

export type NewVersion = Omit<Version, 'fundId' | 'roundId' | 'at'>;

/** Adds a version; false where somebody else added it first. */
export async function addVersion(tx: Transaction, round: RoundKey, given: NewVersion, now: Date): Promise<boolean> {
  const made = await tx.insert(reviewVersion).values({ ...given, fundId: round.fundId, roundId: round.id, at: now }).onConflictDoNothing().returning({ version: reviewVersion.version });
  return made.length === 1;
}

/** Adds a proposer's reply to a version; false where they replied to it before. */
export async function addReply(tx: Transaction, round: RoundKey, given: { leadId: string; version: number; fromId: string; words: string }, now: Date): Promise<boolean> {
  const { leadId, version, fromId, words } = given;
  const made = await tx.insert(reviewReply)
    .values({ fundId: round.fundId, roundId: round.id, id: newId(), proposalId: leadId, version, fromProposalId: fromId, words, at: now }).onConflictDoNothing().returning({ id: reviewReply.id });
  return made.length === 1;
}

/** Keeps an interest for good. */
export async function addInterest(tx: Transaction, round: RoundKey, given: { ideaId: string | null; accountId: string; roleWords: string; name: string | null; words: string }, now: Date): Promise<void> {
  const { ideaId, ...rest } = given;
  await tx.insert(reviewInterest).values({ fundId: round.fundId, roundId: round.id, id: newId(), proposalId: ideaId, ...rest, at: now });
}

/** Keeps which version became which project, and who accepted it. */
export async function keepProject(tx: Transaction, round: RoundKey, given: { leadId: string; projectId: string; version: number; accountId: string }, now: Date): Promise<void> {
  const accepted = { version: given.version, acceptedBy: given.accountId, acceptedAt: now };
  const changed = await tx.update(reviewProject).set(accepted).where(and(eq(reviewProject.fundId, round.fundId), eq(reviewProject.proposalId, given.leadId))).returning({ id: reviewProject.projectId });
  if (changed.length === 0) await tx.insert(reviewProject).values({ fundId: round.fundId, roundId: round.id, proposalId: given.leadId, projectId: given.projectId, ...accepted });
}
