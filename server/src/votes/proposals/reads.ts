/** Reads of ideas, their supports, and who is behind them. */
import { and, count, desc, eq, inArray, isNotNull, isNull, lt, max, or, sql, type SQL } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { proposal, proposalPerson, proposalSupport } from '@commonpot/db/proposals';
import { round as roundTable } from '@commonpot/db/rounds';
import { readNumber, wordsOf } from './rules.ts';

interface RoundKey {
  fundId: string;
  id: string;
}

const inRound = (round: RoundKey) => and(eq(proposal.fundId, round.fundId), eq(proposal.roundId, round.id));
/** The idea that answers for this one: itself, or the one it is joined to. */
const lead = sql`coalesce(${proposal.joinedTo}, ${proposal.id})`;

/** What everybody may know of an idea, and its ids. The name is there only by consent. */
const columns = {
  id: proposal.id, number: proposal.number, title: proposal.title, description: proposal.description, roughCostMinor: proposal.roughCostMinor, place: proposal.place,
  authorId: proposal.authorId, sentAt: proposal.sentAt, changedAt: proposal.changedAt, withdrawnAt: proposal.withdrawnAt, joinedTo: proposal.joinedTo,
  by: sql<string | null>`case when ${proposalPerson.showName} then ${proposalPerson.name} end`,
  joinedToNumber: sql<number | null>`(select q.number from proposal q where q.fund_id = ${proposal.fundId} and q.id = ${proposal.joinedTo})`,
  joined: sql<number>`(select count(*)::int from proposal q where q.fund_id = ${proposal.fundId} and q.round_id = ${proposal.roundId} and q.joined_to = ${proposal.id})`,
  supports: sql<number>`(select count(distinct s.account_id)::int from proposal q join proposal_support s on s.fund_id = q.fund_id and s.proposal_id = q.id
    where q.fund_id = ${proposal.fundId} and (q.id = ${proposal.id} or q.round_id = ${proposal.roundId} and q.joined_to = ${proposal.id}))`,
  feasible: sql<'yes' | 'changes' | 'no' | null>`(select v.feasible from review_version v where v.fund_id = ${proposal.fundId} and v.proposal_id = ${lead} order by v.version desc limit 1)`,
  project: sql<string | null>`(select b.number from review_project a join project b on b.fund_id = a.fund_id and b.id = a.project_id where a.fund_id = ${proposal.fundId} and a.proposal_id = ${lead})`,
};

export type Idea = Awaited<ReturnType<typeof select>>[number];

function select(tx: Transaction, where: SQL | undefined, limit = 5000) {
  return tx.select(columns).from(proposal).leftJoin(proposalPerson, and(eq(proposalPerson.fundId, proposal.fundId), eq(proposalPerson.proposalId, proposal.id)))
    .where(where).orderBy(desc(proposal.number)).limit(limit);
}

/** A page of ideas, newest first, each group once; `cursor` is the last number of the page before. Reads one more than asked. */
export async function listIdeas(tx: Transaction, round: RoundKey, given: { find: string; limit: number; cursor: string | undefined }): Promise<Idea[]> {
  const before = given.cursor === undefined ? null : readNumber(given.cursor);
  return select(tx, and(inRound(round), isLead, before === null ? undefined : lt(proposal.number, before), found(given.find)), given.limit + 1);
}

const isLead = and(isNull(proposal.joinedTo), isNull(proposal.withdrawnAt));

/** In the words of the idea or of one joined with it. */
function found(find: string): SQL | undefined {
  const words = wordsOf(find);
  if (words.length === 0) return undefined;
  const text = sql`lower(concat_ws(' ', q.number, q.title, q.description, q.place))`;
  return sql`exists (select from proposal q where q.fund_id = ${proposal.fundId} and q.round_id = ${proposal.roundId} and ${proposal.id} in (q.id, q.joined_to)
    and ${sql.join(words.map((word) => sql`strpos(${text}, ${word}) > 0`), sql` and `)})`;
}

/** How many ideas there are, and how many a search finds, each group once. */
export async function countIdeas(tx: Transaction, round: RoundKey, find: string): Promise<{ total: number; found: number }> {
  const counted = async (where: SQL | undefined) => (await tx.select({ n: count() }).from(proposal).where(and(inRound(round), isNull(proposal.withdrawnAt), where)))[0]?.n ?? 0;
  return { total: await counted(undefined), found: await counted(and(isLead, found(find))) };
}

/** One idea by its public number; null when the round has none. */
export async function findIdea(tx: Transaction, round: RoundKey, number: string): Promise<Idea | null> {
  const read = readNumber(number);
  return read === null ? null : ((await select(tx, and(inRound(round), eq(proposal.number, read))))[0] ?? null);
}

/** These ideas by their public numbers, as many as there are. */
export async function findIdeas(tx: Transaction, round: RoundKey, numbers: readonly number[]): Promise<Idea[]> {
  return numbers.length === 0 ? [] : select(tx, and(inRound(round), inArray(proposal.number, [...numbers])));
}

/** Every idea of a round that was not withdrawn, joined ones included. */
export async function allIdeas(tx: Transaction, round: RoundKey): Promise<Idea[]> {
  return select(tx, and(inRound(round), isNull(proposal.withdrawnAt)));
}

/** The ideas joined to this one. */
export async function ideasJoinedTo(tx: Transaction, round: RoundKey, leadId: string): Promise<Idea[]> {
  return select(tx, and(inRound(round), eq(proposal.joinedTo, leadId)));
}

/** An idea and those joined to it: the one that answers first, then the others in the order in which they came. */
export async function ideasWith(tx: Transaction, round: RoundKey, leadId: string): Promise<Idea[]> {
  const group = await select(tx, and(inRound(round), or(eq(proposal.id, leadId), eq(proposal.joinedTo, leadId))));
  return group.sort((a, b) => Number(b.id === leadId) - Number(a.id === leadId) || a.number - b.number);
}

/** What an account proposed in a round. */
export async function ideasOf(tx: Transaction, round: RoundKey, accountId: string): Promise<Idea[]> {
  return select(tx, and(inRound(round), eq(proposal.authorId, accountId)));
}

/** The number of an idea that was sent from this draft; null when it was not. */
export async function findDraft(tx: Transaction, round: RoundKey, enteredBy: string, draftId: string): Promise<number | null> {
  const [row] = await tx.select({ number: proposal.number }).from(proposal).where(and(inRound(round), eq(proposal.enteredBy, enteredBy), eq(proposal.draftId, draftId)));
  return row?.number ?? null;
}

/** How many ideas the round and the account have, and the last number given. */
export async function countSent(tx: Transaction, round: RoundKey, authorId: string | null): Promise<{ all: number; last: number; own: number }> {
  const [row] = await tx.select({ all: count(), last: max(proposal.number), own: sql<number>`(count(*) filter (where ${proposal.authorId} = ${authorId}))::int` }).from(proposal).where(inRound(round));
  return { all: row?.all ?? 0, last: row?.last ?? 0, own: row?.own ?? 0 };
}

export async function isSupporter(tx: Transaction, fundId: string, proposalId: string, accountId: string): Promise<boolean> {
  const [row] = await tx.select({ id: proposalSupport.proposalId }).from(proposalSupport)
    .where(and(eq(proposalSupport.fundId, fundId), eq(proposalSupport.proposalId, proposalId), eq(proposalSupport.accountId, accountId)));
  return row !== undefined;
}

/** Who is behind an idea; all null once that was forgotten. */
export async function personOf(tx: Transaction, fundId: string, proposalId: string): Promise<{ name: string | null; showName: boolean; contact: string | null }> {
  const [row] = await tx.select({ name: proposalPerson.name, showName: proposalPerson.showName, contact: proposalPerson.contact }).from(proposalPerson)
    .where(and(eq(proposalPerson.fundId, fundId), eq(proposalPerson.proposalId, proposalId)));
  return row ?? { name: null, showName: false, contact: null };
}

/** Every idea of a fund that still holds a private contact or a name that is not shown, and what says until when. */
export async function privatePeople(tx: Transaction, fundId: string) {
  return tx.select({ proposalId: proposal.id, roundId: proposal.roundId, sentAt: proposal.sentAt, votingClosesAt: roundTable.votingClosesAt }).from(proposalPerson)
    .innerJoin(proposal, and(eq(proposal.fundId, proposalPerson.fundId), eq(proposal.id, proposalPerson.proposalId)))
    .innerJoin(roundTable, and(eq(roundTable.fundId, proposal.fundId), eq(roundTable.id, proposal.roundId)))
    .where(and(eq(proposalPerson.fundId, fundId), or(isNotNull(proposalPerson.contact), and(eq(proposalPerson.showName, false), isNotNull(proposalPerson.name)))));
}
