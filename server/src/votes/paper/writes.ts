/** Writes of paper: batches, strikes, counts, readings, and the one transaction that puts all of it into the box. */
import { randomBytes } from 'node:crypto';
import { and, eq, max, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { paperBatch, paperCount, paperDone, paperEntry, paperStrike } from '@commonpot/db/paper';
import { round } from '@commonpot/db/rounds';
import { refuse, Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { lockRoundById } from '../../rounds/reads.ts';
import { ballotBytes, leafOfRecord, markOf, readBallotBytes, sealRecord, slotOf, uuidBytes, voidOf, writeRecord, type RoundKeys } from '../ballots/protocol.ts';
import type { BallotRound } from '../ballots/reads.ts';
import { areaOnBallot, orderLines } from '../ballots/rules.ts';
import type { BallotLine } from '../ballots/protocol.ts';
import type { RoundRef } from '../log/reads.ts';
import { findStrike, isLogClosed } from '../sealing/reads.ts';
import * as reads from './reads.ts';
import { agreedCount, foundTwice, overfullAreas, sheetStanding, standingOf, type SheetCount, type Standing } from './rules.ts';

interface By extends RoundRef {
  accountId: string;
  now: Date;
}

/** A new batch; the answer is its number. */
export async function addBatch(tx: Transaction, { fundId, roundId, accountId, now }: By, batch: { place: string; sheets: number }): Promise<number | Refusal> {
  const found = await lockRoundById(tx, fundId, roundId);
  if (found?.phase !== 'notice' && found?.phase !== 'voting') return refuse('wrong-phase', { phase: found?.phase ?? '' });
  const [last] = await tx.select({ number: max(paperBatch.number) }).from(paperBatch).where(and(eq(paperBatch.fundId, fundId), eq(paperBatch.roundId, roundId)));
  const number = (last?.number ?? 0) + 1;
  await tx.insert(paperBatch).values({ fundId, roundId, number, ...batch });
  await record(tx, { fundId, name: 'paper.batch-added', subject: { round: roundId, batch: String(number) }, actorId: accountId, at: now });
  return number;
}

/**
 * Takes a person off the roll for a paper ballot. What they cast online is void; where there is nothing an empty record
 * takes its place, so that no row, count or log says which of the two it was. The event names the round and nobody.
 */
export async function strikeForPaper(tx: Transaction, by: By, given: { electorId: string; area: string; batch: number; keys: RoundKeys; recordSize: number }): Promise<void | Refusal> {
  const { fundId, roundId, accountId, now } = by;
  // Shared with people who cast; the close waits for both.
  const [found] = await tx.select({ phase: round.phase }).from(round).where(and(eq(round.fundId, fundId), eq(round.id, roundId))).for('share');
  const isOpen = found?.phase === 'voting' || (found?.phase === 'counting' && (await reads.waitsForPaper(tx, by)));
  if (!isOpen) return refuse('wrong-phase', { phase: found?.phase ?? '' });
  if (!(await reads.listBatches(tx, by)).some((each) => each.number === given.batch)) return refuse('not-found');
  if (await findStrike(tx, by, given.electorId)) return refuse('already-decided');
  const made = await tx.insert(paperStrike).values({ fundId, roundId, electorId: given.electorId, batch: given.batch, struckBy: accountId }).onConflictDoNothing().returning({ batch: paperStrike.batch });
  if (made.length === 0) return refuse('voted-on-paper');
  const row = makeRow(by, given.keys, { slot: slotOf(given.keys, uuidBytes(given.electorId)), ballot: ballotBytes(given.area, []), recordSize: given.recordSize });
  await tx.execute(sql`insert into ballot_open (fund_id, round_id, slot, mark, box, struck) values (${fundId}::uuid, ${roundId}::uuid, ${row.slot}, ${row.mark}, ${row.box}, true)
    on conflict (round_id, slot) do update set struck = true`);
  await record(tx, { fundId, name: 'paper.given-out', subject: { round: roundId, batch: String(given.batch) }, actorId: accountId, at: now });
}

/** A record of kind paper as it lies in the box. */
function makeRow({ roundId }: RoundRef, keys: RoundKeys, given: { slot: Buffer; ballot: Buffer; recordSize: number }): { slot: Buffer; mark: Buffer; box: Buffer } {
  const id = uuidBytes(roundId);
  const paper = { kind: 'paper' as const, why: 'none' as const, void: voidOf(randomBytes(32)), voidKey: Buffer.alloc(32), salt: randomBytes(32), ballot: given.ballot };
  return { slot: given.slot, mark: markOf(keys, leafOfRecord(id, paper)), box: sealRecord(keys, id, given.slot, writeRecord(paper, given.recordSize)) };
}

/** The round's row, locked, while its paper is being counted; or why it is not. */
async function findOpen(tx: Transaction, ref: RoundRef): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (found?.phase !== 'counting' || !(await reads.waitsForPaper(tx, ref)) || (await isLogClosed(tx, ref))) return refuse('wrong-phase', { phase: found?.phase ?? '' });
}

/** Keeps what one person counted of a batch, and answers how the batch stands now. */
export async function countBatch(tx: Transaction, by: By, number: number, counted: SheetCount): Promise<Exclude<Standing, 'uncounted'> | Refusal> {
  const refusal = await findOpen(tx, by);
  if (refusal) return refusal;
  const { fundId, roundId, accountId, now } = by;
  if (!(await reads.listBatches(tx, by)).some((each) => each.number === number)) return refuse('not-found');
  await tx.insert(paperCount).values({ fundId, roundId, batch: number, countedBy: accountId, ...counted })
    .onConflictDoUpdate({ target: [paperCount.fundId, paperCount.roundId, paperCount.batch, paperCount.countedBy], set: counted });
  await record(tx, { fundId, name: 'paper.batch-counted', subject: { round: roundId, batch: String(number) }, actorId: accountId, at: now });
  const batch = (await reads.listBatches(tx, by)).find((each) => each.number === number);
  return batch ? (standingOf(batch) as Exclude<Standing, 'uncounted'>) : refuse('not-found');
}

/** Sheets in all boxes, once every batch holds. */
export function sheetsInBoxes(batches: readonly reads.Batch[]): number | null {
  if (batches.length === 0 || batches.some((each) => standingOf(each) !== 'holds')) return null;
  return batches.reduce((sum, each) => sum + (agreedCount(each.counts)?.castSheets ?? 0), 0);
}

export interface Reading {
  sheet: number;
  /** Null where nothing countable is on the sheet. */
  ballot: { area: string; lines: readonly BallotLine[] } | null;
}

/** Keeps what one person reads on a sheet, and answers how the sheet stands now. */
export async function enterSheet(tx: Transaction, by: By, spec: BallotRound, areas: readonly string[], keys: RoundKeys, reading: Reading): Promise<'once' | 'differs' | 'agreed' | Refusal> {
  const refusal = await findOpen(tx, by);
  if (refusal) return refusal;
  const sheets = sheetsInBoxes(await reads.listBatches(tx, by));
  if (sheets === null) return refuse('not-ready', { missing: ['paper-counted'] });
  if (reading.sheet > sheets) return refuse('not-found');
  const ballot = textOf(spec, areas, reading.ballot);
  if (ballot instanceof Refusal) return ballot;
  const { fundId, roundId, accountId } = by;
  const zeros = Buffer.alloc(32);
  const box = sealRecord(keys, uuidBytes(roundId), reads.entryColumn(reading.sheet, accountId), writeRecord({ kind: 'paper', why: 'none', void: zeros, voidKey: zeros, salt: zeros, ballot }, spec.recordSize));
  await tx.insert(paperEntry).values({ fundId, roundId, sheet: reading.sheet, enteredBy: accountId, box })
    .onConflictDoUpdate({ target: [paperEntry.fundId, paperEntry.roundId, paperEntry.sheet, paperEntry.enteredBy], set: { box } });
  const readings = (await reads.readEntries(tx, by, keys)).get(reading.sheet) ?? [];
  return sheetStanding(readings.map((each) => each.text)) as 'once' | 'differs' | 'agreed';
}

/** The ballot's bytes under the rules that every ballot is held to; none where the sheet is spoiled. */
function textOf(spec: BallotRound, areas: readonly string[], ballot: Reading['ballot']): Buffer | Refusal {
  if (!ballot) return Buffer.alloc(0);
  if (ballot.area !== '' && !areas.includes(ballot.area)) return refuse('illegal-ballot', { reason: 'other-area' });
  const lines = orderLines(spec, ballot.lines, ballot.area);
  return typeof lines === 'string' ? refuse('illegal-ballot', { reason: lines }) : ballotBytes(ballot.area, lines);
}

/**
 * Puts all paper ballots into the box under random slots, sorted, in one transaction. Refuses `not-ready` with what is
 * missing: a batch that does not hold, a sheet that was not read twice alike, an area with more sheets than people.
 */
export async function finishPaper(tx: Transaction, by: By, keys: RoundKeys, spec: BallotRound): Promise<{ counted: number; spoiled: number; missing: number } | Refusal> {
  const refusal = await findOpen(tx, by);
  if (refusal) return refusal;
  const batches = await reads.listBatches(tx, by);
  const sheets = sheetsInBoxes(batches);
  if (sheets === null) return refuse('not-ready', { missing: ['paper-counted'] });
  const entries = await reads.readEntries(tx, by, keys);
  const texts = Array.from({ length: sheets }, (_, index) => foundTwice((entries.get(index + 1) ?? []).map((each) => each.text), (each) => each));
  if (texts.some((each) => each === undefined)) return refuse('not-ready', { missing: ['paper-read'] });
  const ballots = (texts as string[]).filter((each) => each !== '').map((each) => Buffer.from(each, 'utf8'));
  const overfull = overfullAreas(ballots.map((each) => readBallotBytes(each).area), await reads.peopleByArea(tx, by));
  if (overfull.length > 0) return refuse('not-ready', { missing: ['paper-areas'], areas: overfull });
  // An area is read so that no area has more sheets than people; on the ballot it stands only where the count needs it.
  const counted = ballots.map(readBallotBytes).map(({ area, lines }) => ballotBytes(areaOnBallot(spec, area), lines));
  const rows = counted.map((ballot) => makeRow(by, keys, { slot: randomBytes(32), ballot, recordSize: spec.recordSize })).sort((a, b) => Buffer.compare(a.slot, b.slot));
  const { fundId, roundId, accountId, now } = by;
  const column = (of: (row: (typeof rows)[number]) => Buffer) => sql.param(rows.map(of));
  if (rows.length > 0) {
    await tx.execute(sql`insert into ballot_open (fund_id, round_id, slot, mark, box)
      select ${fundId}::uuid, ${roundId}::uuid, * from unnest(${column((each) => each.slot)}::bytea[], ${column((each) => each.mark)}::bytea[], ${column((each) => each.box)}::bytea[])`);
  }
  const people = batches.reduce((sum, each) => sum + each.people, 0);
  const result = { counted: ballots.length, spoiled: sheets - ballots.length, missing: people - sheets };
  await tx.insert(paperDone).values({ fundId, roundId, people, ...result, finishedBy: accountId, finishedAt: now });
  await record(tx, { fundId, name: 'paper.finished', subject: { round: roundId }, actorId: accountId, at: now });
  return result;
}

/** Erases who was given a sheet, with the turnout roll. */
export async function erasePaperRoll(tx: Transaction, { fundId, roundId }: RoundRef): Promise<void> {
  await tx.delete(paperStrike).where(and(eq(paperStrike.fundId, fundId), eq(paperStrike.roundId, roundId)));
}
