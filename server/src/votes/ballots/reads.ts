/** Reads what a ballot is cast into, and ballots for counting. */
import { and, count, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round } from '@commonpot/db/rounds';
import { ballotOpen } from '@commonpot/db/votes';
import { listProjects } from '../../rounds/projects/reads.ts';
import { longestBallot, type BallotSpec } from './rules.ts';
import { recordSize } from './protocol.ts';

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
  const projects = (await listProjects(tx, fundId, row.id)).map(({ number, costMinor }) => ({ number, costMinor }));
  return { id: row.id, fundId, form: row.ballotForm, budgetMinor: row.budgetMinor, projects, consentBelowAge: row.consentBelowAge, recordSize: recordSize(longestBallot(row.area, projects)) };
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

/** How many ballots lie in the box now. */
export async function countBallots(tx: Transaction, roundId: string): Promise<number> {
  const [row] = await tx.select({ ballots: count() }).from(ballotOpen).where(and(eq(ballotOpen.roundId, roundId), eq(ballotOpen.struck, false)));
  return row?.ballots ?? 0;
}
