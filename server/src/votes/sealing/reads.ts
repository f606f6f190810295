/** Reads where a round stands between the close and the end of its turnout roll. */
import { and, count, desc, eq, exists, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { fund, membership } from '@commonpot/db/people';
import { elector, electorAccount, rollEntry, round, roundMove } from '@commonpot/db/rounds';
import { ballotCounted, ballotVoid, electorStrike, logHead, lotDraw, provisionalCount, seal, turnoutCheck, turnoutRoll } from '@commonpot/db/votes';
import { resultFor } from '../../rounds/draws/reads.ts';
import { addressOf, readAwaited } from '../../rounds/draws/beacon.ts';
import type { Round } from '../../rounds/rules.ts';
import type { RoundRef } from '../log/reads.ts';
import { readStatement } from '../log/statement-writes.ts';
import type { Counted, SealedRound, Voided } from '../published/record.ts';
import type { Figure } from './figures.ts';
import { objectionsEnd } from './rules.ts';

/** What the seal's transaction kept of seal.json beside the other tables. Rounds that were sealed before areas stood in it have them beside it. */
export type SealFacts = Pick<SealedRound, 'turnout' | 'spoiledPaper' | 'strikes' | 'lot'> & { totalsOnly: boolean; root: string; areas?: Figure[] };

/** Turnout by area, as it may be shown; none where the round knows fewer than two. */
export function areasOf({ turnout, areas }: SealFacts): Figure[] {
  return turnout.areas?.map(({ area, people }) => ({ name: area, people })) ?? areas ?? [];
}

/** When the vote closed and objections end; null before the close. */
export async function readObjections(tx: Transaction, of: Pick<Round, 'fundId' | 'id' | 'objectionDays'>): Promise<{ closedAt: Date; endsAt: Date; timeZone: string } | null> {
  const [row] = await tx.select({ closedAt: roundMove.at, timeZone: fund.timeZone }).from(roundMove).innerJoin(fund, eq(fund.id, roundMove.fundId))
    .where(and(eq(roundMove.fundId, of.fundId), eq(roundMove.roundId, of.id), eq(roundMove.toPhase, 'counting')));
  return row ? { ...row, endsAt: objectionsEnd(row.closedAt, of.objectionDays, row.timeZone) } : null;
}

/** The newest count while objections are open, or null before the first. */
export async function lastProvisional(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select().from(provisionalCount).where(and(eq(provisionalCount.fundId, fundId), eq(provisionalCount.roundId, roundId))).orderBy(desc(provisionalCount.number)).limit(1);
  return row ?? null;
}

/** The rounds of a fund that are closed and not sealed to the end. */
export async function listUnsealed(tx: Transaction, fundId: string): Promise<Round[]> {
  return tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.phase, 'counting'), isNull(round.sealedAt))).orderBy(round.id);
}

/** What the seal's transaction wrote, or null before it. */
export async function readSeal(tx: Transaction, { fundId, roundId }: RoundRef): Promise<{ facts: SealFacts; at: Date } | null> {
  const [row] = await tx.select({ facts: seal.facts, at: seal.at }).from(seal).where(and(eq(seal.fundId, fundId), eq(seal.roundId, roundId)));
  return row ? { facts: row.facts as SealFacts, at: row.at } : null;
}

/** The sealed ballots; without the counted ones where only totals are published. */
export async function readSealedBallots(tx: Transaction, { fundId, roundId }: RoundRef): Promise<{ counted: Counted[]; voided: Voided[] }> {
  const counted = await tx.select({ leaf: ballotCounted.leaf, void: ballotCounted.void, salt: ballotCounted.salt, ballot: ballotCounted.ballot }).from(ballotCounted)
    .where(and(eq(ballotCounted.fundId, fundId), eq(ballotCounted.roundId, roundId))).orderBy(ballotCounted.leaf);
  const voided = await tx.select({ leaf: ballotVoid.leaf, void: ballotVoid.void, body: ballotVoid.body, voidKey: ballotVoid.voidKey, why: ballotVoid.why }).from(ballotVoid)
    .where(and(eq(ballotVoid.fundId, fundId), eq(ballotVoid.roundId, roundId))).orderBy(ballotVoid.leaf);
  return { counted, voided };
}

/** The draw that decides between level projects. */
export interface LotDraw {
  name: string;
  date: string;
  /** The day of the value that was named, where the last head came too late for it and a later one decides. */
  insteadOf: string | null;
  /** When the log was closed; null before. */
  lastHeadAt: Date | null;
}

/** The draw that rule.json names, or the later value of the beacon that was named with the last head. Null where a round has none. */
export async function readLotDraw(tx: Transaction, { fundId, roundId }: RoundRef): Promise<LotDraw | null> {
  const statement = await readStatement(tx, fundId, roundId);
  if (statement?.lot.kind !== 'draw') return null;
  const [last] = await tx.select({ signedAt: logHead.signedAt, laterDraw: logHead.laterDraw }).from(logHead).where(and(eq(logHead.fundId, fundId), eq(logHead.roundId, roundId), eq(logHead.isLast, true)));
  const { name, date } = statement.lot;
  const later = last?.laterDraw ? readAwaited(last.laterDraw) : null;
  const lastHeadAt = last?.signedAt ?? null;
  return last?.laterDraw && later ? { name: last.laterDraw, date: later.at.toISOString().slice(0, 10), insteadOf: date, lastHeadAt } : { name, date, insteadOf: null, lastHeadAt };
}

/** What the public draw said: the word of two, or the kept value of the beacon; null before. */
export async function readDraw(tx: Transaction, { fundId, roundId }: RoundRef): Promise<{ drawnOn: string; text: string; evidence: string; missed: string[]; lastHeadAt?: string } | null> {
  const lot = await readLotDraw(tx, { fundId, roundId });
  const value = lot && (await resultFor(tx, fundId, lot.name));
  if (value) return {
    drawnOn: lot.date, text: value.text, evidence: addressOf(value.awaited),
    ...(lot.insteadOf !== null && lot.lastHeadAt ? { missed: [lot.insteadOf], lastHeadAt: lot.lastHeadAt.toISOString() } : { missed: [] }),
  };
  const [row] = await tx.select().from(lotDraw).where(and(eq(lotDraw.fundId, fundId), eq(lotDraw.roundId, roundId), isNotNull(lotDraw.confirmedBy)));
  return row ?? null;
}

/** Rounds of a fund whose newest count needs the lot, and which wait for a value of the beacon. */
export async function listAwaitingValue(tx: Transaction, fundId: string): Promise<{ roundId: string; name: string }[]> {
  const found = [];
  for (const { id: roundId } of await listUnsealed(tx, fundId)) {
    const ref = { fundId, roundId };
    const [lot, last] = [await readLotDraw(tx, ref), await lastProvisional(tx, ref)];
    if (lot && last && last.tied.length > 0 && readAwaited(lot.name) && !(await readDraw(tx, ref))) found.push({ roundId, name: lot.name });
  }
  return found;
}

/** What was typed of the draw and not confirmed yet. */
export async function readTypedDraws(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select().from(lotDraw).where(and(eq(lotDraw.fundId, fundId), eq(lotDraw.roundId, roundId), isNull(lotDraw.confirmedBy))).orderBy(lotDraw.enteredBy);
}

/** One entry's strike, or null. */
export async function findStrike(tx: Transaction, { fundId, roundId }: RoundRef, electorId: string) {
  const [row] = await tx.select().from(electorStrike).where(and(eq(electorStrike.fundId, fundId), eq(electorStrike.roundId, roundId), eq(electorStrike.electorId, electorId)));
  return row ?? null;
}

/** Every strike, with the name on the roll and who asked for it: for administrators. */
export async function listStrikes(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({
    elector: electorStrike.electorId, name: rollEntry.name, reason: electorStrike.reason, proposedAt: electorStrike.proposedAt, proposedBy: electorStrike.proposedBy,
    proposer: membership.name, confirmedAt: electorStrike.confirmedAt,
  }).from(electorStrike)
    .leftJoin(rollEntry, and(eq(rollEntry.fundId, electorStrike.fundId), eq(rollEntry.roundId, electorStrike.roundId), eq(rollEntry.electorId, electorStrike.electorId)))
    .leftJoin(membership, and(eq(membership.fundId, electorStrike.fundId), eq(membership.accountId, electorStrike.proposedBy), eq(membership.role, 'administrator')))
    .where(and(eq(electorStrike.fundId, fundId), eq(electorStrike.roundId, roundId))).orderBy(electorStrike.proposedAt, electorStrike.electorId);
}

/** Whether the round's roll has this elector. */
export async function isElector(tx: Transaction, { fundId, roundId }: RoundRef, electorId: string): Promise<boolean> {
  const [row] = await tx.select({ id: elector.id }).from(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, roundId), eq(elector.id, electorId)));
  return row !== undefined;
}

/** Whether this account stands on the roll as this elector. */
export async function isAccountOf(tx: Transaction, { fundId, roundId }: RoundRef, electorId: string, accountId: string): Promise<boolean> {
  const [row] = await tx.select({ id: electorAccount.electorId }).from(electorAccount)
    .where(and(eq(electorAccount.fundId, fundId), eq(electorAccount.roundId, roundId), eq(electorAccount.electorId, electorId), eq(electorAccount.accountId, accountId)));
  return row !== undefined;
}

/** Whether a ballot was counted in an elector's name; null once the roll is erased, or before it is written. */
export async function isOnTurnoutRoll(tx: Transaction, ref: RoundRef, electorId: string): Promise<boolean | null> {
  const [any] = await tx.select({ people: count() }).from(turnoutRoll).where(and(eq(turnoutRoll.fundId, ref.fundId), eq(turnoutRoll.roundId, ref.roundId)));
  if (!any || any.people === 0) return null;
  const [row] = await tx.select({ id: turnoutRoll.electorId }).from(turnoutRoll)
    .where(and(eq(turnoutRoll.fundId, ref.fundId), eq(turnoutRoll.roundId, ref.roundId), eq(turnoutRoll.electorId, electorId)));
  return row !== undefined;
}

/** Names on the turnout roll, by elector: those who can be called. */
export async function namesOnTurnoutRoll(tx: Transaction, { fundId, roundId }: RoundRef): Promise<Map<string, { name: string; postcode: string | null }>> {
  const rows = await tx.select({ id: turnoutRoll.electorId, name: rollEntry.name, postcode: rollEntry.postcode }).from(turnoutRoll)
    .innerJoin(rollEntry, and(eq(rollEntry.fundId, turnoutRoll.fundId), eq(rollEntry.roundId, turnoutRoll.roundId), eq(rollEntry.electorId, turnoutRoll.electorId)))
    .where(and(eq(turnoutRoll.fundId, fundId), eq(turnoutRoll.roundId, roundId)));
  return new Map(rows.map(({ id, ...entry }) => [id, entry]));
}

/** What people said who were called, or null. */
export async function readCheck(tx: Transaction, { fundId, roundId }: RoundRef) {
  const [row] = await tx.select().from(turnoutCheck).where(and(eq(turnoutCheck.fundId, fundId), eq(turnoutCheck.roundId, roundId)));
  return row ?? null;
}

/** Sealed rounds of a fund that still have a turnout roll, with when they were sealed. */
export async function listRolls(tx: Transaction, fundId: string): Promise<{ roundId: string; sealedAt: Date }[]> {
  const rows = await tx.select({ roundId: round.id, sealedAt: round.sealedAt }).from(round).where(and(
    eq(round.fundId, fundId), isNotNull(round.sealedAt),
    exists(tx.select({ one: sql`1` }).from(turnoutRoll).where(and(eq(turnoutRoll.fundId, round.fundId), eq(turnoutRoll.roundId, round.id)))),
  ));
  return rows.flatMap(({ roundId, sealedAt }) => (sealedAt ? [{ roundId, sealedAt }] : []));
}

/** Sealed rounds of a fund whose ballots' partitions still stand. */
export async function listBoxesLeft(tx: Transaction, fundId: string): Promise<string[]> {
  const left = sql`(to_regclass('ballot_open_' || replace(${round.id}::text, '-', '')) is not null or to_regclass('replaced_open_' || replace(${round.id}::text, '-', '')) is not null)`;
  return (await tx.select({ id: round.id }).from(round).where(and(eq(round.fundId, fundId), isNotNull(round.sealedAt), left))).map((row) => row.id);
}

/** Closed rounds of a fund that have no count yet, or one from before a strike or the draw. */
export async function listUncounted(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.select({ id: round.id }).from(round).where(and(
    eq(round.fundId, fundId), eq(round.phase, 'counting'), isNull(round.sealedAt),
    notExists(tx.select({ one: sql`1` }).from(seal).where(and(eq(seal.fundId, round.fundId), eq(seal.roundId, round.id)))),
  ));
  const due: string[] = [];
  for (const { id: roundId } of rows) {
    const ref = { fundId, roundId };
    const last = await lastProvisional(tx, ref);
    if (!last || last.strikes !== (await countStrikes(tx, ref)) || last.withDraw !== ((await readDraw(tx, ref)) !== null)) due.push(roundId);
  }
  return due;
}

export async function countStrikes(tx: Transaction, { fundId, roundId }: RoundRef): Promise<number> {
  const [row] = await tx.select({ strikes: count() }).from(electorStrike).where(and(eq(electorStrike.fundId, fundId), eq(electorStrike.roundId, roundId), isNotNull(electorStrike.confirmedBy)));
  return row?.strikes ?? 0;
}

/** Whether the log has its last head. */
export async function isLogClosed(tx: Transaction, { fundId, roundId }: RoundRef): Promise<boolean> {
  const [row] = await tx.select({ size: logHead.size }).from(logHead).where(and(eq(logHead.fundId, fundId), eq(logHead.roundId, roundId), eq(logHead.isLast, true)));
  return row !== undefined;
}

/** Where a round lies in the published folders. */
export async function placeOf(tx: Transaction, { fundId, roundId }: RoundRef): Promise<{ fundSlug: string; roundSlug: string }> {
  const [row] = await tx.select({ fundSlug: fund.slug, roundSlug: round.slug }).from(round).innerJoin(fund, eq(fund.id, round.fundId)).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
  if (!row) throw new Error('the round is gone');
  return row;
}

