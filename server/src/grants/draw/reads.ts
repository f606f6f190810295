/** Reads of draws and of the lists they make. Sums in minor units. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { award } from '@commonpot/db/awards';
import { drawEntry, drawResult, grantDraw, reservePick } from '@commonpot/db/draw';
import { applicant, grantRound, request, requestDecision } from '@commonpot/db/grants';
import { fund } from '@commonpot/db/people';
import { levelOf } from '../../money/ledger.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { showBeacon } from '../../rounds/draws/rules.ts';
import { isHeld, type Linked, type Request } from '../requests/reads.ts';
import { sourceOf } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import type { Entry, Standing } from './rules.ts';

export type GrantDraw = typeof grantDraw.$inferSelect;
export type DrawOrder = Extract<Charter['order'], { kind: 'draw' }>;

const ROWS = 1000;

/** Whether a request waits for its draw, or on its list for money: nobody decides it until then. A condition on the request's row, as `awaits_draw` has it. */
export const awaiting = sql<boolean>`coalesce((select e.let_at is null from ${drawEntry} e where e.fund_id = ${request.fundId} and e.request_id = ${request.id}), awaits_draw(${request.fundId}, ${request.grantRoundId}, ${request.id}))`;

/** The same of one request. */
export async function awaitsDraw(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>): Promise<boolean> {
  const [row] = await tx.select({ awaiting }).from(request).where(and(eq(request.fundId, of.fundId), eq(request.id, of.id)));
  return row?.awaiting ?? false;
}

/** How a round's charter draws, with the charter; null where it does not. */
export async function drawingOf(tx: Transaction, round: GrantRound): Promise<{ order: DrawOrder; version: number; digest: Buffer } | null> {
  if (!round.charterId) return null;
  const { content, version, digest } = await charterOf(tx, round.fundId, round.charterId);
  return content.order.kind === 'draw' ? { order: content.order, version, digest } : null;
}

const ofRound = (round: Pick<GrantRound, 'fundId' | 'id'>) => and(eq(grantDraw.fundId, round.fundId), eq(grantDraw.grantRoundId, round.id));

/** The draws of a round, newest first. */
export async function drawsOf(tx: Transaction, round: Pick<GrantRound, 'fundId' | 'id'>): Promise<GrantDraw[]> {
  return tx.select().from(grantDraw).where(ofRound(round)).orderBy(desc(grantDraw.number)).limit(100);
}

/** One draw of a round by its number; null when there is none. */
export async function findDraw(tx: Transaction, round: Pick<GrantRound, 'fundId' | 'id'>, number: number): Promise<GrantDraw | null> {
  const [row] = await tx.select().from(grantDraw).where(and(ofRound(round), eq(grantDraw.number, number)));
  return row ?? null;
}

/** The draws of a round whose pool is committed to and which wait for a value of the beacon. */
export async function awaitingValue(tx: Transaction, fundId: string): Promise<{ draw: GrantDraw; round: GrantRound }[]> {
  const rows = await tx.select({ draw: grantDraw, round: grantRound }).from(grantDraw).innerJoin(grantRound, and(eq(grantRound.fundId, grantDraw.fundId), eq(grantRound.id, grantDraw.grantRoundId)))
    .where(and(eq(grantDraw.fundId, fundId), isNotNull(grantDraw.committedAt), isNull(grantDraw.drawnAt), eq(grantDraw.isEnough, false), ne(grantRound.phase, 'closed'), sql`is_beacon_draw(${grantDraw.drawName})`)).orderBy(asc(grantDraw.id));
  return rows;
}

/** Locks a draw until the transaction ends. */
export async function lockDraw(tx: Transaction, { fundId, id }: Pick<GrantDraw, 'fundId' | 'id'>): Promise<GrantDraw> {
  const [row] = await tx.select().from(grantDraw).where(and(eq(grantDraw.fundId, fundId), eq(grantDraw.id, id))).for('update');
  if (!row) throw new Error('a draw is not there');
  return row;
}

/** The draw of a round that is fixed, not drawn, and still needed; null when there is none. */
export async function pendingDraw(tx: Transaction, round: Pick<GrantRound, 'fundId' | 'id'>): Promise<GrantDraw | null> {
  const [row] = await tx.select().from(grantDraw).where(and(ofRound(round), isNotNull(grantDraw.fixedAt), isNull(grantDraw.drawnAt), sql`${grantDraw.isEnough} is distinct from true`));
  return row ?? null;
}

/** A draw's pool, by code, and its list in the order of the draw. */
export async function poolOf(tx: Transaction, { fundId, id }: Pick<GrantDraw, 'fundId' | 'id'>): Promise<{ pool: Entry[]; order: string[] }> {
  const rows = await tx.select().from(drawEntry).where(and(eq(drawEntry.fundId, fundId), eq(drawEntry.drawId, id), isNotNull(drawEntry.tickets))).orderBy(sql`${drawEntry.code} collate "C"`);
  return {
    pool: rows.map(({ code, tickets, firstTime, missedBefore, askedAgain }) => ({ code, tickets: tickets ?? 0, firstTime, missedBefore, askedAgain })),
    order: rows.flatMap(({ code, place }) => (place === null ? [] : [{ code, place }])).sort((a, b) => a.place - b.place).map((each) => each.code),
  };
}

/** Requests that go into a round's next pool: asked, in no draw, and nobody has begun to decide. Of one person's, the one that they said is theirs comes first; else the oldest. */
export async function candidatesOf(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>): Promise<Request[]> {
  return tx.select().from(request).where(and(
    eq(request.fundId, fundId), eq(request.grantRoundId, id), eq(request.state, 'asked'), sql`not ${isHeld}`,
    sql`not exists (select from ${drawEntry} e where e.fund_id = ${request.fundId} and e.request_id = ${request.id})`,
    sql`not exists (select from ${requestDecision} d where d.fund_id = ${request.fundId} and d.request_id = ${request.id})`,
  )).orderBy(asc(isNull(request.confirmedAt)), asc(request.id));
}

/** What is known of the people of these requests, by request: whether anything was ever given to them, what they missed, and whether they stand in the round already, or were given something out of a window. */
export async function standingsOf(tx: Transaction, round: Pick<GrantRound, 'fundId' | 'id' | 'kind'>, candidates: readonly Request[]): Promise<Map<string, Standing>> {
  const { fundId } = round;
  const given = new Set((await tx.selectDistinct({ id: request.applicantId }).from(request).where(and(eq(request.fundId, fundId), eq(request.state, 'awarded')))).map((row) => row.id));
  const missed = new Map((await tx.select({ id: request.applicantId, times: sql<number>`count(distinct ${drawEntry.drawId})::int` }).from(drawEntry)
    .innerJoin(request, and(eq(request.fundId, drawEntry.fundId), eq(request.id, drawEntry.requestId)))
    .innerJoin(grantDraw, and(eq(grantDraw.fundId, drawEntry.fundId), eq(grantDraw.id, drawEntry.drawId)))
    .where(and(eq(drawEntry.fundId, fundId), isNull(drawEntry.letAt), isNotNull(grantDraw.drawnAt), ne(request.state, 'withdrawn')))
    .groupBy(request.applicantId)).map((row) => [row.id, row.times]));
  const open: readonly Request['state'][] = ['asked', 'half', 'listed', ...(round.kind === 'window' ? ['awarded' as const, 'appealed' as const] : [])];
  const inRound = new Set((await tx.selectDistinct({ id: request.applicantId, state: request.state }).from(drawEntry)
    .innerJoin(grantDraw, and(eq(grantDraw.fundId, drawEntry.fundId), eq(grantDraw.id, drawEntry.drawId)))
    .innerJoin(request, and(eq(request.fundId, drawEntry.fundId), eq(request.id, drawEntry.requestId)))
    .where(and(eq(drawEntry.fundId, fundId), eq(grantDraw.grantRoundId, round.id)))).flatMap((row) => (open.includes(row.state) ? [row.id] : [])));
  return new Map(candidates.map(({ id, applicantId }) => {
    const askedAgain = inRound.has(applicantId);
    inRound.add(applicantId);
    return [id, { firstTime: !given.has(applicantId), missedBefore: missed.get(applicantId) ?? 0, askedAgain }];
  }));
}

export interface Money {
  /** For the list: what is neither promised to anybody nor kept back. */
  availableMinor: number;
  /** For what cannot wait. */
  reserveMinor: number;
}

/**
 * What a round's money is free for. What waits to be decided is read before what there is: an award meanwhile makes the
 * answer too small and never too large.
 */
export async function moneyOf(tx: Transaction, round: GrantRound): Promise<Money> {
  const { fundId, id } = round;
  const [open] = await tx.select({ sumMinor: sql<number>`coalesce(sum(${request.amountMinor}), 0)::bigint`.mapWith(Number) }).from(request)
    .where(and(eq(request.fundId, fundId), eq(request.grantRoundId, id), inArray(request.state, ['asked', 'half', 'listed', 'appealed']), sql`not ${awaiting}`));
  const [kept] = await tx.select({ sumMinor: sql<number>`coalesce(max(${grantDraw.reserveMinor}), 0)::bigint`.mapWith(Number) }).from(grantDraw).where(ofRound(round));
  const [picked] = await tx.select({ sumMinor: sql<number>`coalesce(sum(${request.amountMinor}), 0)::bigint`.mapWith(Number) }).from(drawEntry)
    .innerJoin(request, and(eq(request.fundId, drawEntry.fundId), eq(request.id, drawEntry.requestId)))
    .where(and(eq(request.fundId, fundId), eq(request.grantRoundId, id), eq(drawEntry.letAs, 'reserve'), inArray(request.state, ['asked', 'half', 'awarded', 'appealed'])));
  const freeMinor = (await levelOf(tx, fundId, await sourceOf(tx, round))) - (open?.sumMinor ?? 0);
  // Once deciding is over nothing is kept back any more.
  const isKept = round.phase === 'open' || round.phase === 'deciding';
  const reserveMinor = isKept ? Math.max(0, Math.min((kept?.sumMinor ?? 0) - (picked?.sumMinor ?? 0), freeMinor)) : 0;
  return { availableMinor: freeMinor - reserveMinor, reserveMinor };
}

/** Whether the money that an appealed request asks for is promised to others: those who were let through to be decided. What is kept back may go to it. */
export async function isSpokenFor(tx: Transaction, round: GrantRound): Promise<boolean> {
  if (!(await drawingOf(tx, round))) return false;
  const { availableMinor, reserveMinor } = await moneyOf(tx, round);
  // What it asks for itself is taken off already.
  return availableMinor + reserveMinor < 0;
}

/** When the money came to these requests, by request. */
export async function letAtOf(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Map<string, Date>> {
  const rows = ids.length === 0 ? [] : await tx.select({ id: drawEntry.requestId, at: drawEntry.letAt }).from(drawEntry).where(and(eq(drawEntry.fundId, fundId), inArray(drawEntry.requestId, [...ids])));
  return new Map(rows.flatMap((row) => (row.at ? [[row.id, row.at] as const] : [])));
}

export interface Waiting {
  id: string;
  amountMinor: number;
  state: Request['state'];
}

/** The list of a round in its order, those only to whom no money has come yet; of all its draws, the first first. */
export async function listOf(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>): Promise<Waiting[]> {
  const entries = await tx.select({ id: drawEntry.requestId }).from(drawEntry).innerJoin(grantDraw, and(eq(grantDraw.fundId, drawEntry.fundId), eq(grantDraw.id, drawEntry.drawId)))
    .where(and(eq(drawEntry.fundId, fundId), eq(grantDraw.grantRoundId, id), isNotNull(drawEntry.place), isNull(drawEntry.letAt))).orderBy(asc(grantDraw.number), asc(drawEntry.place));
  const rows = new Map<string, Waiting>();
  for (let from = 0; from < entries.length; from += ROWS) {
    const some = entries.slice(from, from + ROWS).map((entry) => entry.id);
    for (const row of await tx.select({ id: request.id, amountMinor: request.amountMinor, state: request.state }).from(request).where(and(eq(request.fundId, fundId), inArray(request.id, some)))) rows.set(row.id, row);
  }
  return entries.flatMap((entry) => rows.get(entry.id) ?? []).filter(({ state }) => state === 'asked' || state === 'listed');
}

/** Locks requests until the transaction ends; those that somebody took back meanwhile are left out. */
export async function lockStillWaiting(tx: Transaction, fundId: string, ids: readonly string[]): Promise<Map<string, Request>> {
  const locked = new Map<string, Request>();
  for (let from = 0; from < ids.length; from += ROWS) {
    const rows = await tx.select().from(request).where(and(eq(request.fundId, fundId), inArray(request.id, ids.slice(from, from + ROWS)))).orderBy(asc(request.id)).for('update');
    for (const row of rows) if (row.state === 'asked' || row.state === 'listed') locked.set(row.id, row);
  }
  return locked;
}

/** What each administrator typed as the result of a draw. */
export async function resultsOf(tx: Transaction, { fundId, id }: Pick<GrantDraw, 'fundId' | 'id'>) {
  return tx.select().from(drawResult).where(and(eq(drawResult.fundId, fundId), eq(drawResult.drawId, id))).orderBy(asc(drawResult.enteredAt));
}

/** What is public of a list: how far the money has come, how many wait, and how many could not wait. */
export async function reachedOf(tx: Transaction, { fundId, id }: Pick<GrantDraw, 'fundId' | 'id'>): Promise<{ reached: number; waiting: number; picked: number }> {
  const [row] = await tx.select({
    reached: sql<number>`coalesce(max(${drawEntry.place}) filter (where ${drawEntry.letAs} = 'place'), 0)::int`,
    waiting: sql<number>`(count(*) filter (where ${drawEntry.letAt} is null and ${request.state} in ('asked', 'listed')))::int`,
    picked: sql<number>`(count(*) filter (where ${drawEntry.letAs} = 'reserve'))::int`,
  }).from(drawEntry).innerJoin(request, and(eq(request.fundId, drawEntry.fundId), eq(request.id, drawEntry.requestId))).where(and(eq(drawEntry.fundId, fundId), eq(drawEntry.drawId, id)));
  return row ?? { reached: 0, waiting: 0, picked: 0 };
}

/** A request's entry with its draw; null when it is in none. */
export async function entryOf(tx: Transaction, { fundId, id }: Pick<Request, 'fundId' | 'id'>): Promise<{ entry: typeof drawEntry.$inferSelect; draw: GrantDraw } | null> {
  const [row] = await tx.select({ entry: drawEntry, draw: grantDraw }).from(drawEntry).innerJoin(grantDraw, and(eq(grantDraw.fundId, drawEntry.fundId), eq(grantDraw.id, drawEntry.drawId)))
    .where(and(eq(drawEntry.fundId, fundId), eq(drawEntry.requestId, id)));
  return row ?? null;
}

/** How many still wait on a round's list before a place of one of its draws. */
async function aheadOf(tx: Transaction, { fundId, grantRoundId, number }: GrantDraw, place: number): Promise<number> {
  // Counted by the state and not looked for by it: what is looked for by its key stays fast before a new list is analysed.
  const [row] = await tx.select({ many: sql<number>`(count(*) filter (where ${request.state} in ('asked', 'listed')))::int` }).from(drawEntry)
    .innerJoin(grantDraw, and(eq(grantDraw.fundId, drawEntry.fundId), eq(grantDraw.id, drawEntry.drawId)))
    .innerJoin(request, and(eq(request.fundId, drawEntry.fundId), eq(request.id, drawEntry.requestId)))
    .where(and(eq(drawEntry.fundId, fundId), eq(grantDraw.grantRoundId, grantRoundId), isNull(drawEntry.letAt), sql`(${grantDraw.number}, ${drawEntry.place}) < (${number}, ${place})`));
  return row?.many ?? 0;
}

/** From when an answer to a request is counted: from when the money came to it, or from the draw that it waits for. The same for whoever is not in the pool, so that the day says nothing. */
export async function answerFrom(tx: Transaction, of: Request): Promise<Date> {
  const found = await entryOf(tx, of);
  const [last] = found ? [] : await drawsOf(tx, { fundId: of.fundId, id: of.grantRoundId });
  const draw = found?.draw ?? last;
  if (!draw?.fixedAt || of.askedAt > (draw.committedAt ?? of.askedAt)) return of.askedAt;
  if (draw.isEnough) return draw.committedAt ?? of.askedAt;
  return draw.drawnAt ? (found?.entry.letAt ?? draw.drawnAt) : new Date(`${draw.drawOn}T12:00:00Z`);
}

/** Whether a request was named as one that cannot wait, and by whom; null when nobody did. */
export async function findPick(tx: Transaction, { fundId, id }: Pick<Request, 'fundId' | 'id'>): Promise<typeof reservePick.$inferSelect | null> {
  const [row] = await tx.select().from(reservePick).where(and(eq(reservePick.fundId, fundId), eq(reservePick.requestId, id)));
  return row ?? null;
}

/** Requests of a round that wait for the draw or on its list, oldest first, with whoever named them as unable to wait. */
export async function waitingToPick(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>, limit: number, after: string | undefined) {
  return tx.select({ request, pick: reservePick }).from(request).leftJoin(reservePick, and(eq(reservePick.fundId, request.fundId), eq(reservePick.requestId, request.id)))
    .where(and(eq(request.fundId, fundId), eq(request.grantRoundId, id), inArray(request.state, ['asked', 'listed']), sql`not ${isHeld}`, awaiting, after ? sql`${request.id} > ${after}` : undefined))
    .orderBy(asc(request.id)).limit(limit + 1);
}

/** Rounds of a fund whose charter draws, and that have something to draw or to give. */
export async function drawingRounds(tx: Transaction, fundId: string): Promise<GrantRound[]> {
  const rows = await tx.select({ round: grantRound }).from(grantRound)
    .where(and(eq(grantRound.fundId, fundId), ne(grantRound.phase, 'draft'),
      sql`exists (select from charter c where c.fund_id = ${grantRound.fundId} and c.id = ${grantRound.charterId} and c.content -> 'order' ->> 'kind' = 'draw')`,
      sql`(${grantRound.phase} <> 'closed' or exists (select from request r where r.fund_id = ${grantRound.fundId} and r.grant_round_id = ${grantRound.id} and r.state in ('asked', 'listed')))`));
  return rows.map((row) => row.round);
}

/** Requests of a round to whom the money has come and that are given at once, because whoever holds the address said that they asked; oldest first. */
export async function givenAtOnce(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>): Promise<string[]> {
  const rows = await tx.select({ id: request.id }).from(request).where(and(
    eq(request.fundId, fundId), eq(request.grantRoundId, id), eq(request.state, 'asked'), eq(request.agree, 'at-once'), isNotNull(request.confirmedAt), sql`not ${isHeld}`, sql`not ${awaiting}`)).orderBy(asc(request.id));
  return rows.map((row) => row.id);
}

/** Everybody of a round who waits for a draw or on its list, locked. */
export async function lockWaiting(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>): Promise<Request[]> {
  return tx.select().from(request).where(and(eq(request.fundId, fundId), eq(request.grantRoundId, id), inArray(request.state, ['asked', 'listed']), awaiting)).orderBy(asc(request.id)).for('update');
}

/**
 * Where a request stands, for whoever holds its private link; null where nothing is drawn for it. Whoever typed somebody's
 * address learns what is true of everybody, and no place: from a place follow the tickets, and from them what the person was given.
 */
export async function placeOf(tx: Transaction, { request: of, isOwn }: Linked) {
  const { fundId, grantRoundId } = of;
  const [row] = await tx.select({ round: grantRound, contactHash: applicant.contactHash }).from(grantRound)
    .innerJoin(applicant, and(eq(applicant.fundId, grantRound.fundId), eq(applicant.id, of.applicantId))).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, grantRoundId)));
  if (!row || !['asked', 'half', 'listed'].includes(of.state)) return null;
  const found = await entryOf(tx, of);
  const draw = found?.draw ?? (await pendingDraw(tx, { fundId, id: grantRoundId }));
  const mayKnow = isOwn || row.contactHash === null;
  if (!draw || (!found && mayKnow && !(await awaitsDraw(tx, of)))) return null;
  const state = draw.drawnAt ? (found?.entry.letAt ? 'through' as const : 'listed' as const) : found?.entry.letAt && mayKnow ? 'through' as const : draw.committedAt ? 'committed' as const : 'open' as const;
  // Of two who are not on the list, only one was let through: the other waits for its day.
  if (!mayKnow && state === 'through') return null;
  const entries = await tx.$count(drawEntry, and(eq(drawEntry.fundId, fundId), eq(drawEntry.drawId, draw.id), isNotNull(drawEntry.tickets)));
  const { place = null, tickets = null, code = null } = mayKnow ? (found?.entry ?? {}) : {};
  return {
    state, round: row.round.slug, number: draw.number, draw: { name: draw.drawName, date: draw.drawOn, beacon: showBeacon(draw.drawName) }, closesAt: row.round.closesAt?.toISOString() ?? null,
    entries, tickets, place, code: tickets === null ? null : code, ahead: state === 'listed' && place !== null ? await aheadOf(tx, draw, place) : null,
  };
}

/** The sealed names of people who asked, by their ids; who was erased is left out. */
export async function namesOf(tx: Transaction, fundId: string, applicantIds: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = applicantIds.length === 0 ? [] : await tx.select({ id: applicant.id, sealed: applicant.sealedName }).from(applicant).where(and(eq(applicant.fundId, fundId), inArray(applicant.id, [...applicantIds])));
  return new Map(rows.flatMap((row) => (row.sealed ? [[row.id, row.sealed] as const] : [])));
}

export async function fundNameOf(tx: Transaction, fundId: string): Promise<string> {
  const [row] = await tx.select({ name: fund.name }).from(fund).where(eq(fund.id, fundId));
  return row?.name ?? '';
}

/** What was awarded at once since a moment, in all; minor units. */
export async function awardedAtOnceSince(tx: Transaction, fundId: string, since: Date): Promise<number> {
  const [row] = await tx.select({ sumMinor: sql<number>`coalesce(sum(${award.amountMinor}), 0)::bigint`.mapWith(Number) }).from(award)
    .innerJoin(request, and(eq(request.fundId, award.fundId), eq(request.id, award.subjectId)))
    .where(and(eq(award.fundId, fundId), eq(request.agree, 'at-once'), gt(award.madeAt, since)));
  return row?.sumMinor ?? 0;
}
