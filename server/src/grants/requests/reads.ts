/** Reads of requests and of what somebody was given before. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, ne, or, sql, type SQL } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request, requestDecision, requestHold, requestMove } from '@commonpot/db/grants';
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

/** A request; null when the fund has none of this id. Nothing is locked. */
export async function findRequest(tx: Transaction, fundId: string, requestId: string): Promise<Request | null> {
  const [row] = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.id, requestId)));
  return row ?? null;
}

/** Locks a request until the transaction ends; null when the fund has none of this id. */
export async function lockRequest(tx: Transaction, fundId: string, requestId: string): Promise<Request | null> {
  const [row] = await tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.id, requestId))).for('update');
  return row ?? null;
}

/** A request as a private link opens it. */
export interface Linked {
  request: Request;
  /** Whether the link is the one that went to the person's own address. */
  isOwn: boolean;
  /** What it followed, when it waited for its day; else the request itself. */
  first: Request;
}

const behind = (fundId: string, tokenHash: Buffer) => and(eq(request.fundId, fundId), or(eq(request.tokenHash, tokenHash), eq(request.toldHash, tokenHash)));

/** The request behind a private link, or the one that follows it; null when there is none. Nothing is locked. */
export async function findLinked(tx: Transaction, fundId: string, tokenHash: Buffer): Promise<Linked | null> {
  const [first] = await tx.select().from(request).where(behind(fundId, tokenHash));
  if (!first) return null;
  const next = (await holdOf(tx, first))?.followedBy;
  return { request: (next ? await findRequest(tx, fundId, next) : null) ?? first, isOwn: first.toldHash?.equals(tokenHash) ?? false, first };
}

/** The same, locked until the transaction ends. */
export async function lockByTokenHash(tx: Transaction, fundId: string, tokenHash: Buffer): Promise<Linked | null> {
  const [first] = await tx.select().from(request).where(behind(fundId, tokenHash)).for('update');
  if (!first) return null;
  const next = (await holdOf(tx, first))?.followedBy;
  return { request: (next ? await lockRequest(tx, fundId, next) : null) ?? first, isOwn: first.toldHash?.equals(tokenHash) ?? false, first };
}

/** Of a row of `request` by its own name: it waits for its day, and nobody decides it. */
export const isHeld = sql`(request.state = 'asked' and exists (select from request_hold h where h.fund_id = request.fund_id and h.request_id = request.id))`;

/** What a request waits for; null when nothing is in its way. */
export async function holdOf(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>): Promise<typeof requestHold.$inferSelect | null> {
  const [row] = await tx.select().from(requestHold).where(and(eq(requestHold.fundId, of.fundId), eq(requestHold.requestId, of.id)));
  return row ?? null;
}

/** Days for which what ended is looked at again and again for room that it made; the job comes every ten minutes. */
const ROOM_DAYS = 2;

/** Requests whose day has come, or whose person's limits have room again because something was declined or came back; oldest first. */
export async function dueHolds(tx: Transaction, fundId: string, now: Date, after: string, limit: number): Promise<string[]> {
  const hasRoom = sql`exists (select from ${requestMove} m join ${request} r on r.fund_id = m.fund_id and r.id = m.request_id
    where r.fund_id = ${request.fundId} and r.applicant_id = ${request.applicantId} and r.id <> ${request.id} and m.at >= greatest(${requestHold.heldAt}, ${daysAfter(now, -ROOM_DAYS).toISOString()}::timestamptz) and m.to_state in ('declined', 'withdrawn', 'returned', 'upheld'))`;
  const rows = await tx.select({ id: request.id }).from(requestHold).innerJoin(request, and(eq(request.fundId, requestHold.fundId), eq(request.id, requestHold.requestId)))
    .where(and(eq(requestHold.fundId, fundId), isNull(requestHold.followedBy), eq(request.state, 'asked'), gt(request.id, after), or(lte(requestHold.notBefore, now), hasRoom))).orderBy(asc(request.id)).limit(limit);
  return rows.map((row) => row.id);
}

/** Somebody who asked, by their id. */
export async function findApplicant(tx: Transaction, fundId: string, id: string): Promise<Applicant> {
  const [row] = await tx.select().from(applicant).where(and(eq(applicant.fundId, fundId), eq(applicant.id, id)));
  if (!row) throw new Error('a request without its applicant');
  return row;
}

/** A request's last step; null while it only asked. */
export async function lastMove(tx: Transaction, of: Request): Promise<typeof requestMove.$inferSelect | null> {
  const [row] = await tx.select().from(requestMove).where(and(eq(requestMove.fundId, of.fundId), eq(requestMove.requestId, of.id), eq(requestMove.version, of.stateVersion)));
  return row ?? null;
}

/** The newest requests of an address to which a message is safe, three at most. */
export async function requestsOfContact(tx: Transaction, fundId: string, contactHash: Buffer): Promise<Request[]> {
  const rows = await tx.select({ request }).from(request).innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .leftJoin(requestHold, and(eq(requestHold.fundId, request.fundId), eq(requestHold.requestId, request.id)))
    .where(and(eq(request.fundId, fundId), eq(applicant.contactHash, contactHash), eq(request.mayWrite, true), isNull(requestHold.followedBy))).orderBy(desc(request.id)).limit(3);
  return rows.map((row) => row.request);
}

/** Every fund, with what stands in its links. */
export async function listFundSlugs(tx: Transaction): Promise<{ id: string; slug: string }[]> {
  return tx.select({ id: fund.id, slug: fund.slug }).from(fund).orderBy(fund.id);
}

/** Requests with news that nobody was told of, locked; those that another process tells of are left to it. */
export async function untoldRequests(tx: Transaction, fundId: string, limit: number): Promise<{ request: Request; sealedContact: Buffer; contactHash: Buffer }[]> {
  const rows = await tx.select({ request, sealedContact: applicant.sealedContact, contactHash: applicant.contactHash }).from(request)
    .innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .where(and(eq(request.fundId, fundId), eq(request.mayWrite, true), gt(request.stateVersion, request.toldVersion), ne(request.state, 'withdrawn'), isNotNull(applicant.sealedContact)))
    .orderBy(asc(request.id)).limit(limit).for('update', { of: request, skipLocked: true });
  return rows.flatMap(({ request: of, sealedContact, contactHash }) => (sealedContact && contactHash ? [{ request: of, sealedContact, contactHash }] : []));
}

/** Of a row of `request` by its own name: when it was given; null while it is open. */
const givenAt = sql<Date | null>`(select max(m.at) from request_move m where m.fund_id = request.fund_id and m.request_id = request.id and m.to_state = 'awarded')`.mapWith(requestMove.at);

/** What was given counts from the day it was given, however long it was asked for before; what is open counts until it ends. */
const counting = (fundId: string, states: readonly Request['state'][], since: Date) =>
  and(eq(request.fundId, fundId), inArray(request.state, [...states]), or(ne(request.state, 'awarded'), sql`${givenAt} > ${since.toISOString()}::timestamptz`), sql`not ${isHeld}`);

/** What counts against a person's limits, one by one, with when it was given; what is open as if it was given now. */
export async function countedOf(tx: Transaction, { fundId, id }: Applicant, periodDays: number, now: Date): Promise<{ givenAt: Date; amountMinor: number }[]> {
  const rows = await tx.select({ givenAt, amountMinor: request.amountMinor }).from(request).where(and(counting(fundId, COUNTED, daysAfter(now, -periodDays)), eq(request.applicantId, id)));
  return rows.map((row) => ({ ...row, givenAt: row.givenAt ?? now }));
}

/** What a person and the others at their door were given in the period, and not only asked for; in minor units. */
export async function givenAtDoor(tx: Transaction, { fundId, id, householdHash, standsApart }: Applicant, periodDays: number, now: Date): Promise<{ ownMinor: number; othersMinor: number }> {
  if (!householdHash || standsApart) return { ownMinor: 0, othersMinor: 0 };
  const sumOf = (whose: SQL) => sql<number>`coalesce(sum(${request.amountMinor}) filter (where ${whose}), 0)::bigint`.mapWith(Number);
  const [row] = await tx.select({ ownMinor: sumOf(eq(applicant.id, id)), othersMinor: sumOf(ne(applicant.id, id)) })
    .from(request).innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .where(and(counting(fundId, ['awarded'], daysAfter(now, -periodDays)), eq(applicant.householdHash, householdHash), eq(applicant.standsApart, false)));
  return { ownMinor: row?.ownMinor ?? 0, othersMinor: row?.othersMinor ?? 0 };
}

/** What counts against the limits for a person and for the others at their address, but for one request that is measured. The caller holds both their turns. */
export async function standingOf(tx: Transaction, person: Applicant, periodDays: number, now: Date, but?: string) {
  const { fundId, id, householdHash } = person;
  const counted = and(counting(fundId, COUNTED, daysAfter(now, -periodDays)), but ? ne(request.id, but) : undefined);
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
    .innerJoin(requestMove, and(eq(requestMove.fundId, request.fundId), eq(requestMove.requestId, request.id), eq(requestMove.toState, 'awarded'), isNull(requestMove.actorId), gt(requestMove.at, since)))
    .where(and(eq(request.fundId, fundId), eq(request.agree, 'at-once'), eq(request.state, 'awarded'), sql`not exists (select from ${requestDecision} d where d.fund_id = ${request.fundId} and d.request_id = ${request.id})`));
  return row?.sumMinor ?? 0;
}

/** The requests of a round, and what else the same people asked for, in the order of asking: for trying another charter on them. What followed a request that waited for its day is no ask of its own. */
export async function pastRequests(tx: Transaction, fundId: string, grantRoundId: string): Promise<PastRequest[]> {
  const inRound = tx.select({ applicantId: request.applicantId }).from(request).where(and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId)));
  const endedAt = sql<Date | null>`case when request.state in ('withdrawn', 'declined', 'upheld', 'returned') then (select m.at from request_move m where m.fund_id = request.fund_id and m.request_id = request.id and m.version = request.state_version) end`.mapWith(requestMove.at);
  const isAsk = sql<boolean>`request.grant_round_id = ${grantRoundId} and not exists (select from request_hold h where h.fund_id = request.fund_id and h.followed_by = request.id)`;
  return tx.select({ person: request.applicantId, amountMinor: request.amountMinor, askedAt: request.askedAt, givenAt, endedAt, isAsk }).from(request)
    .where(and(eq(request.fundId, fundId), inArray(request.applicantId, inRound))).orderBy(asc(request.askedAt), asc(request.id));
}
