/** Reads of the trust report. */
import { and, asc, count, countDistinct, eq, isNull, lte, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { addressProof } from '@commonpot/db/decisions';
import { request, requestDecision } from '@commonpot/db/grants';
import { thankYou } from '@commonpot/db/thanks';
import { incident } from '@commonpot/db/trust';

/** What two people said was lost, by kind. */
export async function lostByKind(tx: Transaction, fundId: string) {
  return tx.select({ kind: incident.kind, count: count(), amountMinor: sql<number>`sum(${incident.amountMinor})`.mapWith(Number) }).from(incident)
    .where(and(eq(incident.fundId, fundId), sql`${incident.confirmedBy} is not null`)).groupBy(incident.kind).orderBy(incident.kind);
}

/** What two people had said by then was lost, in minor units. */
export async function lostUntil(tx: Transaction, fundId: string, until: Date): Promise<number> {
  const [row] = await tx.select({ sumMinor: sql<number>`coalesce(sum(${incident.amountMinor}), 0)`.mapWith(Number) }).from(incident).where(and(eq(incident.fundId, fundId), lte(incident.confirmedAt, until)));
  return row?.sumMinor ?? 0;
}

/** What one person entered and nobody confirmed, oldest first. */
export async function waitingIncidents(tx: Transaction, fundId: string) {
  return tx.select().from(incident).where(and(eq(incident.fundId, fundId), isNull(incident.confirmedBy))).orderBy(asc(incident.id)).limit(100);
}

export async function lockIncident(tx: Transaction, fundId: string, id: string) {
  const [row] = await tx.select().from(incident).where(and(eq(incident.fundId, fundId), eq(incident.id, id))).for('update');
  return row ?? null;
}

/** What was given, and of how many nobody asked what. */
export async function givenAndUnknown(tx: Transaction, fundId: string) {
  const isProved = sql`exists (select from ${addressProof} p where p.fund_id = ${request.fundId} and p.applicant_id = ${request.applicantId} and p.how <> 'unclear')`;
  const [row] = await tx.select({
    awards: count(), givenMinor: sql<number>`coalesce(sum(${request.amountMinor}), 0)`.mapWith(Number),
    withoutProof: sql<number>`count(*) filter (where not ${isProved})`.mapWith(Number), withoutPurpose: sql<number>`count(*) filter (where ${request.purpose} is null)`.mapWith(Number),
  }).from(request).where(and(eq(request.fundId, fundId), eq(request.state, 'awarded')));
  if (!row) throw new Error('a count without a row');
  return row;
}

/** People who were thanked for their time, and what with; what they let go does not count. */
export async function thanked(tx: Transaction, fundId: string): Promise<{ people: number; amountMinor: number }> {
  const [row] = await tx.select({ people: countDistinct(thankYou.accountId), amountMinor: sql<number>`coalesce(sum(${thankYou.amountMinor}), 0)`.mapWith(Number) }).from(thankYou)
    .where(and(eq(thankYou.fundId, fundId), sql`${thankYou.way} is distinct from 'none'`));
  return row ?? { people: 0, amountMinor: 0 };
}

/** Awards under a charter that asks nobody for an address, by which a household's limit could hold. */
export async function withoutDoor(tx: Transaction, fundId: string): Promise<number> {
  const { rows } = await tx.execute<{ n: string }>(sql`select count(*) as n from request r join grant_round g on g.fund_id = r.fund_id and g.id = r.grant_round_id
    join charter c on c.fund_id = g.fund_id and c.id = g.charter_id where r.fund_id = ${fundId} and r.state = 'awarded' and c.content->'householdCapMinor' = 'null'::jsonb`);
  return Number(rows[0]?.n ?? 0);
}

/** Every act of checking: who and when, of decisions and of looks at proofs. */
export async function actsOf(tx: Transaction, fundId: string) {
  const decisions = await tx.select({ by: requestDecision.accountId, at: requestDecision.at }).from(requestDecision).where(eq(requestDecision.fundId, fundId));
  const proofs = await tx.select({ by: addressProof.accountId, at: addressProof.at }).from(addressProof).where(eq(addressProof.fundId, fundId));
  return { decisions, proofs };
}
