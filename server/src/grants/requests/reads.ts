/** Reads of requests and of what somebody was given before. */
import { and, asc, desc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request, requestMove } from '@commonpot/db/grants';
import { fund } from '@commonpot/db/people';
import type { PastRequest } from '../../rounds/charter/rules.ts';
import { COUNTED } from './rules.ts';
import { daysAfter } from '../../platform/days.ts';

export type Request = typeof request.$inferSelect;
export type Applicant = typeof applicant.$inferSelect;

const sumMinor = sql<number>`coalesce(sum(${request.amountMinor}), 0)::bigint`.mapWith(Number);

/** A request by its client key, in its round; null when it is new. */
export async function findByClientKey(tx: Transaction, fundId: string, grantRoundId: string, clientKey: Buffer): Promise<Request | null> {
  const [row] = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId), eq(request.clientKey, clientKey)));
  return row ?? null;
}

/** Locks a request until the transaction ends; null when the fund has none of this id. */
export async function lockRequest(tx: Transaction, fundId: string, requestId: string): Promise<Request | null> {
  const [row] = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.id, requestId))).for('update');
  return row ?? null;
}

/** Locks the request behind a private link; null when there is none. */
export async function lockByTokenHash(tx: Transaction, fundId: string, tokenHash: Buffer): Promise<Request | null> {
  const [row] = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.tokenHash, tokenHash))).for('update');
  return row ?? null;
}

/** A request's last step; null while it only asked. */
export async function lastMove(tx: Transaction, of: Request): Promise<typeof requestMove.$inferSelect | null> {
  const [row] = await tx.select().from(requestMove).where(and(eq(requestMove.fundId, of.fundId), eq(requestMove.requestId, of.id), eq(requestMove.version, of.stateVersion)));
  return row ?? null;
}

/** The newest requests of an address, three at most. */
export async function requestsOfContact(tx: Transaction, fundId: string, contactHash: Buffer): Promise<Request[]> {
  const rows = await tx.select({ request }).from(request).innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .where(and(eq(request.fundId, fundId), eq(applicant.contactHash, contactHash))).orderBy(desc(request.id)).limit(3);
  return rows.map((row) => row.request);
}

/** Every fund, with what stands in its links. */
export async function listFundSlugs(tx: Transaction): Promise<{ id: string; slug: string }[]> {
  return tx.select({ id: fund.id, slug: fund.slug }).from(fund).orderBy(fund.id);
}

/** Requests with news that nobody was told of, locked; those that another process tells of are left to it. */
export async function untoldRequests(tx: Transaction, fundId: string, limit: number): Promise<{ request: Request; sealedContact: Buffer }[]> {
  const rows = await tx.select({ request, sealedContact: applicant.sealedContact }).from(request)
    .innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .where(and(eq(request.fundId, fundId), eq(request.mayWrite, true), gt(request.stateVersion, request.toldVersion), ne(request.state, 'withdrawn'), isNotNull(applicant.sealedContact)))
    .orderBy(asc(request.id)).limit(limit).for('update', { of: request, skipLocked: true });
  return rows.flatMap((row) => (row.sealedContact ? [{ request: row.request, sealedContact: row.sealedContact }] : []));
}

/** What counts against the limits for a person and for the others at their address. The caller holds both their turns. */
export async function standingOf(tx: Transaction, person: Applicant, periodDays: number, now: Date) {
  const { fundId, id, householdHash } = person;
  const counted = and(eq(request.fundId, fundId), inArray(request.state, [...COUNTED]), gt(request.askedAt, daysAfter(now, -periodDays)));
  const [own] = await tx.select({ sumMinor }).from(request).where(and(counted, eq(request.applicantId, id)));
  const [others] = householdHash && !person.standsApart
    ? await tx.select({ sumMinor }).from(request).innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
      .where(and(counted, eq(applicant.householdHash, householdHash), ne(applicant.id, id), eq(applicant.standsApart, false)))
    : [];
  const [last] = await tx.select({ at: sql<Date | null>`max(${requestMove.at})`.mapWith(requestMove.at) }).from(requestMove)
    .innerJoin(request, and(eq(request.fundId, requestMove.fundId), eq(request.id, requestMove.requestId)))
    .where(and(eq(requestMove.fundId, fundId), eq(request.applicantId, id), eq(requestMove.toState, 'awarded'), ne(request.state, 'returned')));
  return { receivedMinor: own?.sumMinor ?? 0, householdMinor: others?.sumMinor ?? 0, lastGivenAt: last?.at ?? null };
}

/** What was awarded at once, without anybody agreeing, since a moment; in minor units. */
export async function givenAtOnceSince(tx: Transaction, fundId: string, since: Date): Promise<number> {
  const [row] = await tx.select({ sumMinor }).from(request)
    .where(and(eq(request.fundId, fundId), eq(request.agree, 'at-once'), eq(request.state, 'awarded'), gt(request.askedAt, since)));
  return row?.sumMinor ?? 0;
}

/** The requests of a round with what was known of each person when they asked, for trying another charter on them. */
export async function pastRequests(tx: Transaction, fundId: string, grantRoundId: string): Promise<PastRequest[]> {
  const rows = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId))).orderBy(asc(request.askedAt), asc(request.id));
  const given = new Map<string, { receivedMinor: number; lastGivenAt: Date | null }>();
  return rows.map((row) => {
    const before = given.get(row.applicantId) ?? { receivedMinor: row.cumulativeMinor - row.amountMinor, lastGivenAt: null };
    const isGiven = row.state === 'awarded';
    given.set(row.applicantId, { receivedMinor: before.receivedMinor + (isGiven ? row.amountMinor : 0), lastGivenAt: isGiven ? row.askedAt : before.lastGivenAt });
    // Who lives together is forgotten when a cooldown ends, so households are not compared.
    return { amountMinor: row.amountMinor, askedAt: row.askedAt, householdMinor: 0, ...before };
  });
}
