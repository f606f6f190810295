/** Opens the ballot box of a round whose voting is over: what counts, what does not and why, and in whose name. */
import { and, eq, gt, isNotNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { elector } from '@commonpot/db/rounds';
import { ballotOpen, electorStrike, replacedOpen } from '@commonpot/db/votes';
import { leafOfRecord, openBox, readRecord, slotOf, uuidBytes, type BallotRecord, type RoundKeys } from '../ballots/protocol.ts';
import type { RoundRef } from '../log/reads.ts';
import { bodyOf } from '../published/bytes.ts';
import type { Counted, Voided, VoidWhy } from '../published/record.ts';

export interface OpenedBox {
  counted: Counted[];
  voided: Voided[];
  /** Electors in whose name a ballot was counted, by id. */
  turnout: string[];
  /** How many of them voted on paper, by area how many there are in all, and how many paper ballots say something countable. */
  onPaper: number;
  byArea: Map<string, number>;
  paperBallots: number;
  /** Everything that was cast, struck entries included; of who was given a paper ballot only the sheet. */
  ballots: number;
}

const PAGE = 5000;

/** Opens every box of the round. Nobody sees what comes out but the count and the seal. */
export async function openRoundBox(tx: Transaction, ref: RoundRef, keys: RoundKeys): Promise<OpenedBox> {
  const round = uuidBytes(ref.roundId);
  const electors = await slotsOfElectors(tx, ref, keys);
  const struckOff = new Set((await confirmedStrikes(tx, ref)).map((strike) => slotOf(keys, uuidBytes(strike.electorId)).toString('hex')));
  const opened: OpenedBox = { counted: [], voided: [], turnout: [], onPaper: 0, byArea: new Map(), paperBallots: 0, ballots: 0 };
  for await (const row of readOpenRows(tx, ref.roundId)) {
    const slot = row.slot.toString('hex');
    const record = readRecord(openBox(keys, round, row.slot, row.box));
    const elector = electors.get(slot);
    if (struckOff.has(slot)) opened.voided.push(voidOfRecord(round, record, 'struck'));
    else if (row.struck) opened.voided.push(voidOfRecord(round, record, 'voted-on-paper'));
    else opened.counted.push({ leaf: leafOfRecord(round, record), void: record.void, salt: record.salt, ballot: record.ballot });
    if (elector && !struckOff.has(slot)) {
      opened.turnout.push(elector.id);
      opened.byArea.set(elector.area, (opened.byArea.get(elector.area) ?? 0) + 1);
      if (row.struck) opened.onPaper += 1;
    }
    if (row.struck) continue;
    if (record.kind === 'paper') opened.paperBallots += 1;
    opened.ballots += 1;
  }
  for await (const row of readReplacedRows(tx, ref.roundId)) {
    const record = readRecord(openBox(keys, round, row.mark, row.box));
    opened.voided.push(voidOfRecord(round, record, record.why === 'none' ? 'replaced' : record.why));
  }
  const byLeaf = (a: { leaf: Buffer }, b: { leaf: Buffer }) => Buffer.compare(a.leaf, b.leaf);
  opened.counted.sort(byLeaf);
  opened.voided.sort(byLeaf);
  opened.turnout.sort();
  return opened;
}

function voidOfRecord(round: Buffer, record: BallotRecord, why: VoidWhy): Voided {
  return { leaf: leafOfRecord(round, record), void: record.void, body: bodyOf(record.salt, record.ballot), voidKey: why === 'replaced' ? record.voidKey : null, why };
}

async function slotsOfElectors(tx: Transaction, { fundId, roundId }: RoundRef, keys: RoundKeys): Promise<Map<string, { id: string; area: string }>> {
  const rows = await tx.select({ id: elector.id, area: elector.area }).from(elector).where(and(eq(elector.fundId, fundId), eq(elector.roundId, roundId)));
  return new Map(rows.map(({ id, area }) => [slotOf(keys, uuidBytes(id)).toString('hex'), { id, area: area ?? '' }]));
}

/** Entries that two people struck, in no order that says when. */
export async function confirmedStrikes(tx: Transaction, { fundId, roundId }: RoundRef) {
  return tx.select({ electorId: electorStrike.electorId, reason: electorStrike.reason, confirmedAt: electorStrike.confirmedAt }).from(electorStrike)
    .where(and(eq(electorStrike.fundId, fundId), eq(electorStrike.roundId, roundId), isNotNull(electorStrike.confirmedBy))).orderBy(electorStrike.electorId);
}

/** In pages by slot and by mark, orders that say nothing about people. */
async function* readOpenRows(tx: Transaction, roundId: string): AsyncGenerator<{ slot: Buffer; box: Buffer; struck: boolean }> {
  for (let last: Buffer = Buffer.alloc(0); ;) {
    const rows = await tx.select({ slot: ballotOpen.slot, box: ballotOpen.box, struck: ballotOpen.struck }).from(ballotOpen)
      .where(and(eq(ballotOpen.roundId, roundId), gt(ballotOpen.slot, last))).orderBy(ballotOpen.slot).limit(PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.slot ?? last;
  }
}

async function* readReplacedRows(tx: Transaction, roundId: string): AsyncGenerator<{ mark: Buffer; box: Buffer }> {
  for (let last: Buffer = Buffer.alloc(0); ;) {
    const rows = await tx.select({ mark: replacedOpen.mark, box: replacedOpen.box }).from(replacedOpen)
      .where(and(eq(replacedOpen.roundId, roundId), gt(replacedOpen.mark, last))).orderBy(replacedOpen.mark).limit(PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)?.mark ?? last;
  }
}
