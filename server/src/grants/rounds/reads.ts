/** Reads of grant rounds. */
import { and, asc, desc, eq, lte, ne, or } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { grantRound } from '@commonpot/db/grants';
import { pot } from '@commonpot/db/money';
import { findReservation } from '../../money/ledger.ts';
import type { GrantRound } from './rules.ts';

const named = (fundId: string, slug: string) => and(eq(grantRound.fundId, fundId), eq(grantRound.slug, slug));

/** A grant round by its slug; null when the fund has none. */
export async function findGrantRound(tx: Transaction, fundId: string, slug: string): Promise<GrantRound | null> {
  const [row] = await tx.select().from(grantRound).where(named(fundId, slug));
  return row ?? null;
}

/** Locks a round until the transaction ends; for sharing, so that asking waits for a move and not for other asking. */
export async function holdGrantRound(tx: Transaction, fundId: string, slug: string, how: 'share' | 'update'): Promise<GrantRound | null> {
  const [row] = await tx.select().from(grantRound).where(named(fundId, slug)).for(how);
  return row ?? null;
}

/** The same by its id. */
export async function holdGrantRoundById(tx: Transaction, fundId: string, id: string, how: 'share' | 'update'): Promise<GrantRound> {
  const [row] = await tx.select().from(grantRound).where(and(eq(grantRound.fundId, fundId), eq(grantRound.id, id))).for(how);
  if (!row) throw new Error('a request without its round');
  return row;
}

export async function listGrantRounds(tx: Transaction, fundId: string, drafts: boolean): Promise<GrantRound[]> {
  return tx.select().from(grantRound).where(and(eq(grantRound.fundId, fundId), drafts ? undefined : ne(grantRound.phase, 'draft'))).orderBy(desc(grantRound.id)).limit(100);
}

/** Open rounds whose last moment to ask, or whose pause, is over. */
export async function dueRounds(tx: Transaction, fundId: string, now: Date): Promise<string[]> {
  const rows = await tx.select({ id: grantRound.id }).from(grantRound)
    .where(and(eq(grantRound.fundId, fundId), eq(grantRound.phase, 'open'), or(lte(grantRound.closesAt, now), lte(grantRound.pausedUntil, now)))).orderBy(asc(grantRound.id));
  return rows.map((row) => row.id);
}

/** The account that a round's awards come from: what a window set aside, or a rolling round's pot itself. */
export async function sourceOf(tx: Transaction, round: GrantRound): Promise<string> {
  const { fundId, potId, id, kind } = round;
  const [found] = await tx.select({ accountId: pot.accountId }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)));
  const accountId = kind === 'window' ? await findReservation(tx, { fundId, potId, subjectId: id }) : found?.accountId;
  if (!accountId) throw new Error('a round without its money');
  return accountId;
}
