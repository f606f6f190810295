/** Reads of rounds and their moves. */
import { and, count, desc, eq, inArray, isNotNull, lt, ne, notInArray, or } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { pot } from '@commonpot/db/money';
import { project, round, roundMove } from '@commonpot/db/rounds';
import { levelOf } from '../money/ledger.ts';
import type { Round } from './rules.ts';

/** A round by its slug; null when the fund has none. */
export async function findRound(tx: Transaction, fundId: string, slug: string): Promise<Round | null> {
  const [row] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug)));
  return row ?? null;
}

/** Locks a round until the transaction ends, so that its phase and its set-up stand still. */
export async function lockRound(tx: Transaction, fundId: string, slug: string): Promise<Round | null> {
  const [row] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.slug, slug))).for('update');
  return row ?? null;
}

/** Locks a round by its id. */
export async function lockRoundById(tx: Transaction, fundId: string, roundId: string): Promise<Round | null> {
  const [row] = await tx.select().from(round).where(and(eq(round.fundId, fundId), eq(round.id, roundId))).for('update');
  return row ?? null;
}

/** Rounds with the number of their projects, newest first; `cursor` is the last id of the page before. */
export async function listRounds(tx: Transaction, fundId: string, given: { drafts: boolean; limit: number; cursor: string | undefined }) {
  const rows = await tx.select().from(round)
    .where(and(eq(round.fundId, fundId), given.drafts ? undefined : ne(round.phase, 'draft'), given.cursor ? lt(round.id, given.cursor) : undefined))
    .orderBy(desc(round.id)).limit(given.limit + 1);
  const counts = await countProjects(tx, fundId, rows.map((row) => row.id));
  return rows.map((row) => ({ ...row, projects: counts.get(row.id) ?? 0 }));
}

/** How many projects each of these rounds has. */
export async function countProjects(tx: Transaction, fundId: string, roundIds: readonly string[]): Promise<Map<string, number>> {
  if (roundIds.length === 0) return new Map();
  const rows = await tx.select({ roundId: project.roundId, projects: count() }).from(project)
    .where(and(eq(project.fundId, fundId), inArray(project.roundId, [...roundIds]))).groupBy(project.roundId);
  return new Map(rows.map((row) => [row.roundId, row.projects]));
}

/** How a round came to its phase, oldest first. */
export async function movesOf(tx: Transaction, fundId: string, roundId: string) {
  return tx.select({ from: roundMove.fromPhase, to: roundMove.toPhase, at: roundMove.at, by: roundMove.by, reason: roundMove.reason })
    .from(roundMove).where(and(eq(roundMove.fundId, fundId), eq(roundMove.roundId, roundId))).orderBy(roundMove.id);
}

export async function isPot(tx: Transaction, fundId: string, potId: string): Promise<boolean> {
  const [row] = await tx.select({ id: pot.id }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)));
  return row !== undefined;
}

/** What a pot holds now, in minor units; what open rounds promise out of it is set aside already. */
export async function freeInPot(tx: Transaction, fundId: string, potId: string): Promise<number> {
  const [found] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)));
  return found ? levelOf(tx, fundId, found.accountId) : 0;
}

/** What the preflight needs to know of a round's projects, in the order of the ballot. */
export async function projectsToCheck(tx: Transaction, fundId: string, roundId: string) {
  return tx.select({ number: project.number, costMinor: project.costMinor, delivererName: project.delivererName }).from(project)
    .where(and(eq(project.fundId, fundId), eq(project.roundId, roundId))).orderBy(project.position, project.number);
}

/** The rounds whose phase ends on a date, with what says whether it has come. */
export async function roundsWithDates(tx: Transaction, fundId: string): Promise<Round[]> {
  return tx.select().from(round).where(and(eq(round.fundId, fundId), notInArray(round.phase, ['results', 'delivery', 'closed']), or(ne(round.phase, 'draft'), isNotNull(round.ideasOpenAt)))).orderBy(round.id);
}
