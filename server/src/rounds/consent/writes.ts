/** Writes of consents: before a ballot, never with one. */
import { and, eq, inArray, lte, not, or, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { consent } from '@commonpot/db/consent';
import { round as roundTable, type Phase } from '@commonpot/db/rounds';
import type { Round } from '../rules.ts';
import { ASKS_MAX, dayOf, forgetAt, newReference } from './rules.ts';

const ofElector = (round: Pick<Round, 'fundId' | 'id'>, electorId: string) => and(eq(consent.fundId, round.fundId), eq(consent.roundId, round.id), eq(consent.electorId, electorId));

/** Notes that an elector needs consent; one who has a row keeps it. */
export async function needConsent(tx: Transaction, round: Round, electorId: string, now: Date): Promise<void> {
  await tx.insert(consent).values({ fundId: round.fundId, roundId: round.id, electorId, state: 'needed', reference: newReference(), forgetAt: forgetAt(round, now) })
    .onConflictDoNothing({ target: [consent.fundId, consent.roundId, consent.electorId] });
}

/** Notes that these electors' forms were seen when their names were listed. */
export async function listConsents(tx: Transaction, round: Round, electorIds: readonly string[], seenBy: string, now: Date): Promise<void> {
  if (electorIds.length === 0) return;
  await tx.insert(consent).values(electorIds.map((electorId) => ({
    fundId: round.fundId, roundId: round.id, electorId, state: 'given' as const, how: 'list' as const, reference: newReference(), seenBy, decidedOn: dayOf(now), forgetAt: forgetAt(round, now),
  }))).onConflictDoUpdate({
    target: [consent.fundId, consent.roundId, consent.electorId], set: { state: 'given', how: 'list', seenBy, decidedOn: dayOf(now) },
  });
}

/** Puts a new link in the place of the one before; false when as many were sent as may be. */
export async function keepToken(tx: Transaction, round: Round, electorId: string, tokenHash: Buffer): Promise<boolean> {
  const changed = await tx.update(consent).set({ tokenHash, asks: sql`${consent.asks} + 1` })
    .where(and(ofElector(round, electorId), sql`${consent.asks} < ${ASKS_MAX}`)).returning({ electorId: consent.electorId });
  return changed.length === 1;
}

export interface Decision {
  state: 'given' | 'refused' | 'withdrawn';
  how: 'message' | 'paper';
  seenBy: string | null;
}

/** Keeps a parent's decision, with its day. */
export async function decide(tx: Transaction, round: Round, electorId: string, decision: Decision, now: Date): Promise<void> {
  await tx.update(consent).set({ ...decision, decidedOn: dayOf(now) }).where(ofElector(round, electorId));
}


/** Erases what is over: with the round's results, or on its last day, but never under people who are voting. */
export async function forgetConsents(tx: Transaction, fundId: string, now: Date): Promise<number> {
  const inPhase = (...phases: Phase[]) => inArray(consent.roundId, tx.select({ id: roundTable.id }).from(roundTable).where(and(eq(roundTable.fundId, fundId), inArray(roundTable.phase, phases))));
  const gone = await tx.delete(consent)
    .where(and(eq(consent.fundId, fundId), or(inPhase('results', 'delivery', 'closed'), and(lte(consent.forgetAt, now), not(inPhase('voting')))))).returning({ electorId: consent.electorId });
  return gone.length;
}
