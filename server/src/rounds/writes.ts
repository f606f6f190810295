/** Writes of rounds and their moves. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { round, roundMove, type Phase } from '@commonpot/db/rounds';
import { newId } from '../platform/ids.ts';
import { refuse, type Refusal } from '../platform/problems.ts';
import type { FundScope } from '../platform/actor.ts';
import { digestRule, slugOf, type Round } from './rules.ts';

const SLUG_TRIES = 50;

/** What an administrator may set, until voting opens. */
export type RoundChange = Partial<Pick<Round,
  'title' | 'summary' | 'potId' | 'budgetMinor' | 'ideasOpenAt' | 'ideasCloseAt' | 'reviewDueAt' | 'runningCostsAllowed' | 'noticeAt' | 'votingOpensAt' | 'votingClosesAt' | 'resultsAt' | 'ballotForm' | 'rule' | 'minimumAge' | 'consentBelowAge' | 'area' | 'credentials' | 'objectionDays' | 'drawName' | 'drawDate' | 'mirrors' | 'observers'>>;

/** Starts a vote round as a draft. Refuses `already-exists` when a slug was asked for and is taken. */
export async function createRound(tx: Transaction, fund: FundScope, given: RoundChange & { title: string; slug?: string | undefined; isPractice?: boolean | undefined }, now: Date): Promise<{ id: string; slug: string } | Refusal> {
  const { slug: wanted, isPractice = false, ...rest } = given;
  const base = wanted ?? slugOf(given.title);
  for (let attempt = 1; attempt <= (wanted ? 1 : SLUG_TRIES); attempt += 1) {
    const slug = attempt === 1 ? base : `${base}-${attempt}`;
    const [made] = await tx.insert(round)
      .values({ fundId: fund.id, id: newId(), slug, kind: 'vote', currency: fund.currency, createdAt: now, ...withDigest(rest), title: given.title, isPractice })
      .onConflictDoNothing().returning({ id: round.id, slug: round.slug });
    if (made) return made;
  }
  return refuse('already-exists');
}

/** Sets what is given; the caller holds the round's lock and has seen that it is not frozen. */
export async function changeRound(tx: Transaction, fundId: string, roundId: string, change: RoundChange): Promise<void> {
  await tx.update(round).set(withDigest(change)).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
}

function withDigest(change: RoundChange) {
  return change.rule === undefined ? change : { ...change, ruleDigest: change.rule === null ? null : digestRule(change.rule) };
}

export interface Move {
  to: Phase;
  by: 'date' | 'step' | 'override';
  actorId: string | null;
  reason: string | null;
}

/** Moves a round and keeps the move on record; opening voting freezes it. The caller holds the round's lock. */
export async function moveRound(tx: Transaction, from: Round, move: Move, now: Date): Promise<void> {
  await tx.update(round).set({ phase: move.to, phaseVersion: from.phaseVersion + 1, ...(move.to === 'voting' ? { frozenAt: now } : {}) })
    .where(and(eq(round.fundId, from.fundId), eq(round.id, from.id)));
  await tx.insert(roundMove).values({ fundId: from.fundId, id: newId(), roundId: from.id, fromPhase: from.phase, toPhase: move.to, at: now, by: move.by, actorId: move.actorId, reason: move.reason });
}

/** Keeps who accepted that the round has no recovery sheet. */
export async function acceptNoRecoverySheet(tx: Transaction, fundId: string, roundId: string, accountId: string): Promise<void> {
  await tx.update(round).set({ keyAcceptedBy: accountId }).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
}

/** From now on nobody can open a ballot of the round. The caller holds its lock. */
export async function markSealed(tx: Transaction, fundId: string, roundId: string, now: Date): Promise<void> {
  await tx.update(round).set({ sealedAt: now }).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
}

/** Keeps who printed the newest recovery sheet and when, and the check by which its key is known. The caller holds the round's lock. */
export async function keepRecoverySheet(tx: Transaction, fundId: string, roundId: string, sheet: { accountId: string; check: Buffer }, now: Date): Promise<void> {
  await tx.update(round).set({ recoveryPrintedBy: sheet.accountId, recoveryPrintedAt: now, recoveryCheck: sheet.check }).where(and(eq(round.fundId, fundId), eq(round.id, roundId)));
}
