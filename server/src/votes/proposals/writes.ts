/** Writes of ideas and supports. The caller of all but supports holds the round's lock and has seen its phase. */
import { and, eq, inArray, isNotNull, not, or, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { proposal, proposalPerson, proposalSupport } from '@commonpot/db/proposals';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { countSent, findDraft, personOf } from './reads.ts';
import { IDEAS_MAX, IDEAS_OF_ONE_MAX } from './rules.ts';

type Proposal = typeof proposal.$inferSelect;
export type Words = Pick<Proposal, 'title' | 'description' | 'roughCostMinor' | 'place'>;
export type Person = Pick<typeof proposalPerson.$inferSelect, 'name' | 'showName' | 'contact'>;
export type NewIdea = Words & Person & { draft: string };

interface RoundKey {
  fundId: string;
  id: string;
}

/** Who sends: a resident their own idea, an administrator what others said. */
interface Sender {
  accountId: string;
  isAuthor: boolean;
}

/** Keeps one idea; a draft that was sent before is its idea. Refuses `too-many-ideas` of one account, `too-large` of a round. */
export async function addIdea(tx: Transaction, round: RoundKey, idea: NewIdea, sender: Sender, now: Date): Promise<{ id: string | null; number: number } | Refusal> {
  const sent = await findDraft(tx, round, sender.accountId, idea.draft);
  if (sent !== null) return { id: null, number: sent };
  const authorId = sender.isAuthor ? sender.accountId : null;
  const { all, last, own } = await countSent(tx, round, authorId);
  if (own >= IDEAS_OF_ONE_MAX) return refuse('too-many-ideas', { most: IDEAS_OF_ONE_MAX });
  if (all >= IDEAS_MAX) return refuse('too-large', { most: IDEAS_MAX });
  const { draft, name, showName, contact, ...words } = idea;
  const id = newId();
  await tx.insert(proposal).values({ fundId: round.fundId, roundId: round.id, id, number: last + 1, ...words, authorId, enteredBy: sender.accountId, draftId: draft, sentAt: now });
  await tx.insert(proposalPerson).values({ fundId: round.fundId, proposalId: id, name, showName, contact });
  return { id, number: last + 1 };
}

/** Changes what is given. Refuses `wrong-shape` where a name would be shown that is not there. */
export async function changeIdea(tx: Transaction, fundId: string, proposalId: string, words: Partial<Words>, person: Partial<Person>, now: Date): Promise<void | Refusal> {
  if (Object.keys(person).length > 0) {
    const next = { ...(await personOf(tx, fundId, proposalId)), ...person };
    if (next.showName && next.name === null) return refuse('wrong-shape', { fields: ['name'] });
    await tx.update(proposalPerson).set(next).where(and(eq(proposalPerson.fundId, fundId), eq(proposalPerson.proposalId, proposalId)));
  }
  if (Object.keys(words).length > 0) await tx.update(proposal).set({ ...words, changedAt: now }).where(ofId(fundId, proposalId));
}

/** Takes an idea back and forgets who sent it. */
export async function withdrawIdea(tx: Transaction, fundId: string, proposalId: string, now: Date): Promise<void> {
  await tx.update(proposal).set({ withdrawnAt: now }).where(ofId(fundId, proposalId));
  await tx.delete(proposalPerson).where(and(eq(proposalPerson.fundId, fundId), eq(proposalPerson.proposalId, proposalId)));
}

/** Forgets the contacts of these ideas, and names that are not shown; the answer is of how many that still held one. */
export async function forgetContacts(tx: Transaction, fundId: string, proposalIds: readonly string[]): Promise<number> {
  const forgotten = await tx.update(proposalPerson).set({ contact: null, name: sql`case when ${proposalPerson.showName} then ${proposalPerson.name} end` })
    .where(and(eq(proposalPerson.fundId, fundId), inArray(proposalPerson.proposalId, [...proposalIds]), or(isNotNull(proposalPerson.contact), not(proposalPerson.showName)), or(isNotNull(proposalPerson.contact), isNotNull(proposalPerson.name)))).returning({ id: proposalPerson.proposalId });
  return forgotten.length;
}

/** Joins an idea to another, or lets it stand alone again. */
export async function joinIdea(tx: Transaction, fundId: string, proposalId: string, joinedTo: string | null): Promise<void> {
  await tx.update(proposal).set({ joinedTo }).where(ofId(fundId, proposalId));
}

export async function addSupport(tx: Transaction, round: RoundKey, proposalId: string, accountId: string): Promise<void> {
  await tx.insert(proposalSupport).values({ fundId: round.fundId, roundId: round.id, proposalId, accountId }).onConflictDoNothing();
}

export async function removeSupport(tx: Transaction, round: RoundKey, proposalId: string, accountId: string): Promise<void> {
  await tx.delete(proposalSupport).where(and(eq(proposalSupport.fundId, round.fundId), eq(proposalSupport.proposalId, proposalId), eq(proposalSupport.accountId, accountId)));
}

const ofId = (fundId: string, proposalId: string) => and(eq(proposal.fundId, fundId), eq(proposal.id, proposalId));
