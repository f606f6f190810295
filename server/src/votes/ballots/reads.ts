/** Reads what a ballot is cast into, and ballots for counting. */
import { and, count, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { ballotOpen } from '@commonpot/db/votes';
import { listProjects } from '../../rounds/projects/reads.ts';
import { ruleSchema } from '../counting/rule.ts';
import { longestBallot, specOf, type BallotSpec } from './rules.ts';
import { openBox, readRecord, recordSize, uuidBytes, type RoundKeys } from './protocol.ts';

/** What stands still once voting has opened. */
export interface BallotRound extends BallotSpec {
  id: string;
  fundId: string;
  /** Under this age a parent says yes first; null asks nobody. */
  consentBelowAge: number | null;
  /** Bytes of every record of this round. */
  recordSize: number;
}

/** A round whose voting has opened, or null while it has not. */
export async function readBallotRound(tx: Transaction, fundId: string, slug: string): Promise<BallotRound | null> {
  const [row] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug)));
  if (!row?.frozenAt || !row.ballotForm || row.budgetMinor === null) return null;
  const projects = (await listProjects(tx, fundId, row.id)).map(({ number, costMinor, area }) => ({ number, costMinor, area }));
  const spec = specOf({ ballotForm: row.ballotForm, budgetMinor: row.budgetMinor, rule: ruleSchema.parse(row.rule), projects });
  return { ...spec, id: row.id, fundId, consentBelowAge: row.consentBelowAge, recordSize: recordSize(longestBallot(row.area, projects, row.ballotForm)) };
}

/** A round's phase, its closing time, and when it was sealed. */
export async function readClosing(tx: Transaction, fundId: string, roundId: string) {
  const [row] = await tx.select({ phase: round.phase, closesAt: round.votingClosesAt, sealedAt: round.sealedAt }).from(round).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
  return row ?? null;
}

/** The handle of what lies in a slot, or null. */
export async function readSlot(tx: Transaction, roundId: string, slot: Buffer) {
  const [row] = await tx.select({ mark: ballotOpen.mark, struck: ballotOpen.struck }).from(ballotOpen).where(and(eq(ballotOpen.roundId, roundId), eq(ballotOpen.slot, slot)));
  return row ?? null;
}

/**
 * How many people cast a ballot online, those included who took a paper one later: a total that sank or rose with a strike
 * would say who had voted before. The few struck ones are opened for it, which needs the round's keys.
 */
export async function countBallots(tx: Transaction, roundId: string, keys: RoundKeys | null): Promise<number> {
  const [row] = await tx.select({ ballots: count() }).from(ballotOpen).where(and(eq(ballotOpen.roundId, roundId), eq(ballotOpen.struck, false)));
  const struck = keys ? await tx.select({ slot: ballotOpen.slot, box: ballotOpen.box }).from(ballotOpen).where(and(eq(ballotOpen.roundId, roundId), eq(ballotOpen.struck, true))) : [];
  const replaced = struck.filter(({ slot, box }) => readRecord(openBox(keys as RoundKeys, uuidBytes(roundId), slot, box)).kind === 'online');
  return (row?.ballots ?? 0) + replaced.length;
}
