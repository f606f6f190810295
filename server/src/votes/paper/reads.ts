/** Reads where the paper of a round stands. */
import { and, count, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { paperBatch, paperCount, paperDone, paperEntry, paperStrike } from '@commonpot/db/paper';
import { elector } from '@commonpot/db/rounds';
import type { RoundRef } from '../log/reads.ts';
import { openBox, readRecord, uuidBytes, type RoundKeys } from '../ballots/protocol.ts';
import type { SheetCount } from './rules.ts';

const ofRound = (table: { fundId: typeof paperBatch.fundId | typeof paperCount.fundId | typeof paperEntry.fundId | typeof paperStrike.fundId | typeof paperDone.fundId; roundId: typeof paperBatch.roundId | typeof paperCount.roundId | typeof paperEntry.roundId | typeof paperStrike.roundId | typeof paperDone.roundId }, { fundId, roundId }: RoundRef) =>
  and(eq(table.fundId, fundId), eq(table.roundId, roundId));

export interface Batch {
  number: number;
  place: string;
  sheets: number;
  people: number;
  counts: (SheetCount & { countedBy: string })[];
}

/** Every batch with its people and what was counted of it. */
export async function listBatches(tx: Transaction, ref: RoundRef): Promise<Batch[]> {
  const batches = await tx.select({ number: paperBatch.number, place: paperBatch.place, sheets: paperBatch.sheets }).from(paperBatch).where(ofRound(paperBatch, ref)).orderBy(paperBatch.number);
  const people = await tx.select({ batch: paperStrike.batch, people: count() }).from(paperStrike).where(ofRound(paperStrike, ref)).groupBy(paperStrike.batch);
  const counts = await tx.select().from(paperCount).where(ofRound(paperCount, ref));
  return batches.map((each) => ({
    ...each, people: people.find(({ batch }) => batch === each.number)?.people ?? 0,
    counts: counts.filter(({ batch }) => batch === each.number).map(({ countedBy, unused, exchanged, castSheets }) => ({ countedBy, unused, exchanged, castSheets })),
  }));
}

/** What came of the paper once it was in, or null. */
export async function readDone(tx: Transaction, ref: RoundRef) {
  const [row] = await tx.select({ people: paperDone.people, counted: paperDone.counted, spoiled: paperDone.spoiled, missing: paperDone.missing }).from(paperDone).where(ofRound(paperDone, ref));
  return row ?? null;
}

/** Whether the count has to wait for paper. */
export async function waitsForPaper(tx: Transaction, ref: RoundRef): Promise<boolean> {
  const [row] = await tx.select({ one: sql`1` }).from(paperBatch).where(ofRound(paperBatch, ref)).limit(1);
  return row !== undefined && (await readDone(tx, ref)) === null;
}

/** Whether this person was given a paper ballot. */
export async function isOnPaper(tx: Transaction, ref: RoundRef, electorId: string): Promise<boolean> {
  const [row] = await tx.select({ one: sql`1` }).from(paperStrike).where(and(ofRound(paperStrike, ref), eq(paperStrike.electorId, electorId)));
  return row !== undefined;
}

/** How many people of each area were given a sheet; the empty name is for those of none. */
export async function peopleByArea(tx: Transaction, ref: RoundRef): Promise<Map<string, number>> {
  const rows = await tx.select({ area: elector.area, people: count() }).from(paperStrike)
    .innerJoin(elector, and(eq(elector.fundId, paperStrike.fundId), eq(elector.roundId, paperStrike.roundId), eq(elector.id, paperStrike.electorId)))
    .where(ofRound(paperStrike, ref)).groupBy(elector.area);
  return new Map(rows.map(({ area, people }) => [area ?? '', people]));
}

/** The area of an entry of the roll, empty where the round knows none; null when there is no such entry. */
export async function areaOfElector(tx: Transaction, { fundId, roundId }: RoundRef, electorId: string): Promise<string | null> {
  const [row] = await tx.select({ area: elector.area }).from(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, roundId), eq(elector.id, electorId)));
  return row ? (row.area ?? '') : null;
}

/** The key column of an entry's box. */
export const entryColumn = (sheet: number, accountId: string) => Buffer.from(`paper:${sheet}:${accountId}`);

/** What was read: by sheet, who read what. The ballot's text, or nothing where the sheet says nothing countable. */
export async function readEntries(tx: Transaction, ref: RoundRef, keys: RoundKeys): Promise<Map<number, { by: string; text: string }[]>> {
  const round = uuidBytes(ref.roundId);
  const read = new Map<number, { by: string; text: string }[]>();
  for (const { sheet, enteredBy, box } of await tx.select().from(paperEntry).where(ofRound(paperEntry, ref)).orderBy(paperEntry.sheet)) {
    const text = readRecord(openBox(keys, round, entryColumn(sheet, enteredBy), box)).ballot.toString('utf8');
    read.set(sheet, [...(read.get(sheet) ?? []), { by: enteredBy, text }]);
  }
  return read;
}
