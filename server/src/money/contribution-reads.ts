/** Reads of pledges and contributions. */
import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { contribution, contributionDecision, contributionReversal, contributionReversalDecision, pledge, pot } from '@commonpot/db/money';
import { agency } from '@commonpot/db/people';
import { namesOf, potsOf } from './reads.ts';
import { contributionState, pledgeState } from './rules.ts';

/** True for contributions whose reversal was carried out. */
const reversed = sql<boolean>`exists (
  select from ${contributionReversal} r join ${contributionReversalDecision} d on d.fund_id = r.fund_id and d.reversal_id = r.id and d.decision = 'done'
  where r.fund_id = ${contribution.fundId} and r.contribution_id = ${contribution.id})`;

/** The reason of the reversal that was asked for and not dropped. */
const reversalReason = sql<string | null>`(
  select r.reason from ${contributionReversal} r left join ${contributionReversalDecision} d on d.fund_id = r.fund_id and d.reversal_id = r.id
  where r.fund_id = ${contribution.fundId} and r.contribution_id = ${contribution.id} and d.decision is distinct from 'dropped' limit 1)`;

const decided = and(eq(contributionDecision.fundId, contribution.fundId), eq(contributionDecision.contributionId, contribution.id));

interface Wanted {
  id?: string;
  undecided?: true;
  cursor?: string | undefined;
  /** At most so many, and one more. */
  limit?: number;
}

/** Contributions, newest first. The amount of one that waits is null to everybody but who entered it: the second person types it unseen. */
export async function contributionsOf(tx: Transaction, fundId: string, viewerId: string, wanted: Wanted = {}) {
  const rows = await tx.select({
    row: contribution, agency: agency.name, pot: pot.name, pledgeReference: pledge.reference,
    decision: contributionDecision.decision, decidedBy: contributionDecision.decidedBy, decidedAt: contributionDecision.decidedAt, dropReason: contributionDecision.reason,
    reversed, reversalReason,
  }).from(contribution)
    .innerJoin(pot, and(eq(pot.fundId, contribution.fundId), eq(pot.id, contribution.potId)))
    .leftJoin(agency, and(eq(agency.fundId, contribution.fundId), eq(agency.id, contribution.agencyId)))
    .leftJoin(pledge, and(eq(pledge.fundId, contribution.fundId), eq(pledge.id, contribution.pledgeId)))
    .leftJoin(contributionDecision, decided)
    .where(and(
      eq(contribution.fundId, fundId), wanted.id ? eq(contribution.id, wanted.id) : undefined,
      wanted.cursor ? lt(contribution.id, wanted.cursor) : undefined, wanted.undecided ? isNull(contributionDecision.decision) : undefined))
    .orderBy(desc(contribution.id)).limit((wanted.limit ?? 200) + 1);
  const names = await namesOf(tx, fundId, rows.flatMap(({ row, decidedBy }) => [row.enteredBy, decidedBy]));
  return rows.map(({ row, ...each }) => {
    const state = contributionState({ decision: each.decision, reversalAsked: each.reversalReason !== null, reversed: each.reversed });
    const byYou = row.enteredBy === viewerId;
    return {
      id: row.id, state, agency: each.agency, pot: each.pot, pledgeReference: each.pledgeReference, receivedOn: row.receivedOn, reference: row.reference,
      amountMinor: state === 'entered' && !byYou ? null : row.amountMinor, enteredBy: names.get(row.enteredBy) ?? '', enteredAt: row.enteredAt.toISOString(), byYou,
      decidedBy: each.decidedBy ? names.get(each.decidedBy) ?? '' : null, decidedAt: each.decidedAt?.toISOString() ?? null, reason: each.dropReason ?? each.reversalReason,
    };
  });
}

/** Reversals that wait for a second person, oldest first. */
export async function reversalsWaiting(tx: Transaction, fundId: string, viewerId: string) {
  const rows = await tx.select({ row: contributionReversal, agency: agency.name, pot: pot.name, receivedOn: contribution.receivedOn, reference: contribution.reference, amountMinor: contribution.amountMinor })
    .from(contributionReversal)
    .innerJoin(contribution, and(eq(contribution.fundId, contributionReversal.fundId), eq(contribution.id, contributionReversal.contributionId)))
    .innerJoin(pot, and(eq(pot.fundId, contribution.fundId), eq(pot.id, contribution.potId)))
    .leftJoin(agency, and(eq(agency.fundId, contribution.fundId), eq(agency.id, contribution.agencyId)))
    .leftJoin(contributionReversalDecision, and(eq(contributionReversalDecision.fundId, contributionReversal.fundId), eq(contributionReversalDecision.reversalId, contributionReversal.id)))
    .where(and(eq(contributionReversal.fundId, fundId), isNull(contributionReversalDecision.decision))).orderBy(asc(contributionReversal.id)).limit(200);
  const names = await namesOf(tx, fundId, rows.map(({ row }) => row.askedBy));
  return rows.map(({ row, ...each }) => ({
    ...each, id: row.id, contributionId: row.contributionId, reason: row.reason, askedBy: names.get(row.askedBy) ?? '', askedAt: row.askedAt.toISOString(), byYou: row.askedBy === viewerId,
  }));
}

/** What two people confirmed of a pledge and nobody reversed; for a query grouped by pledge. */
const arrivedMinor = sql<number>`coalesce(sum(${contribution.amountMinor}) filter (where ${contributionDecision.decision} = 'confirmed' and not ${reversed}), 0)::bigint`.mapWith(Number);

/** Pledges with what arrived of each and where it stands, newest first: of one agency, or (`open`) all that are still to arrive. At most 200. */
export async function pledgesOf(tx: Transaction, fundId: string, wanted: { agencyId: string } | { open: true }) {
  const rows = await tx.select({
    row: pledge, agency: agency.name, pot: pot.name,
    arrivedMinor,
    checking: sql<boolean>`coalesce(bool_or(${contribution.id} is not null and ${contributionDecision.decision} is null), false)`,
  }).from(pledge)
    .innerJoin(agency, and(eq(agency.fundId, pledge.fundId), eq(agency.id, pledge.agencyId)))
    .leftJoin(pot, and(eq(pot.fundId, pledge.fundId), eq(pot.id, pledge.potId)))
    .leftJoin(contribution, and(eq(contribution.fundId, pledge.fundId), eq(contribution.pledgeId, pledge.id)))
    .leftJoin(contributionDecision, decided)
    .where(and(eq(pledge.fundId, fundId), 'agencyId' in wanted ? eq(pledge.agencyId, wanted.agencyId) : isNull(pledge.withdrawnAt)))
    .groupBy(pledge.fundId, pledge.id, agency.name, pot.name)
    .having('open' in wanted ? sql`${arrivedMinor} < ${pledge.amountMinor}` : undefined).orderBy(desc(pledge.id)).limit(200);
  return rows.map(({ row, ...each }) => ({
    id: row.id, agency: each.agency, reference: row.reference, amountMinor: row.amountMinor, potId: row.potId, pot: each.pot,
    pledgedAt: row.pledgedAt.toISOString(), withdrawnAt: row.withdrawnAt?.toISOString() ?? null, arrivedMinor: each.arrivedMinor,
    state: pledgeState({ withdrawn: row.withdrawnAt !== null, amountMinor: row.amountMinor, arrivedMinor: each.arrivedMinor, checking: each.checking }),
  }));
}

/** What an agency's money did: pledges, what arrived (with and without a pledge), and the pots it is in with everybody's. */
export async function agencyMoney(tx: Transaction, fundId: string, agencyId: string) {
  const [found] = await tx.select({ name: agency.name }).from(agency).where(and(eq(agency.fundId, fundId), eq(agency.id, agencyId)));
  if (!found) throw new Error('an officer of an agency that is not there');
  const pledges = await pledgesOf(tx, fundId, { agencyId });
  const [pledged] = await tx.select({ amountMinor: sql<number>`coalesce(sum(${pledge.amountMinor}), 0)::bigint`.mapWith(Number) })
    .from(pledge).where(and(eq(pledge.fundId, fundId), eq(pledge.agencyId, agencyId), isNull(pledge.withdrawnAt)));
  const pots = await potsOf(tx, fundId);
  const shares = await tx.select({ potId: contribution.potId, amountMinor: sql<number>`sum(${contribution.amountMinor})::bigint`.mapWith(Number) })
    .from(contribution).innerJoin(contributionDecision, and(decided, eq(contributionDecision.decision, 'confirmed')))
    .where(and(eq(contribution.fundId, fundId), eq(contribution.agencyId, agencyId), sql`not ${reversed}`)).groupBy(contribution.potId);
  const yours = new Map(shares.map((each) => [each.potId, each.amountMinor]));
  return {
    agency: found.name, pledges,
    pledgedMinor: pledged?.amountMinor ?? 0,
    arrivedMinor: shares.reduce((sum, each) => sum + each.amountMinor, 0),
    pots: pots.flatMap((each) => (yours.has(each.id) ? [{ ...each, yoursMinor: yours.get(each.id) ?? 0 }] : [])),
    choices: pots.map(({ id, name, purpose, restriction }) => ({ id, name, purpose, restriction })),
  };
}
