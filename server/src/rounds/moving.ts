/** The one way from a phase to the next, for a person and for a date. */
import type { Transaction } from '@commonpot/db/client';
import type { Phase } from '@commonpot/db/rounds';
import { Refusal, refuse } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import type { Services } from '../platform/services.ts';
import { findMissing } from './preflight.ts';
import { moveKind, nextPhases, type Round } from './rules.ts';
import { moveRound } from './writes.ts';

/** Moves a round by hand. Refuses `wrong-phase`, `reason-missing`, `not-ready`, and what its kind refuses. */
export async function moveByHand(
  tx: Transaction, round: Round, given: { to: Phase; reason: string | undefined; actorId: string }, services: Services, now: Date,
): Promise<void | Refusal> {
  const possible: readonly Phase[] = nextPhases[round.phase];
  if (!possible.includes(given.to)) return refuse('wrong-phase', { phase: round.phase });
  const by = moveKind(round, given.to, now);
  if (by === 'override' && !given.reason) return refuse('reason-missing');
  return enter(tx, round, { to: given.to, by, actorId: given.actorId, reason: given.reason ?? null }, services, now);
}

/** Moves a round whose date has come. */
export async function moveByDate(tx: Transaction, round: Round, to: Phase, services: Services, now: Date): Promise<void | Refusal> {
  return enter(tx, round, { to, by: 'date', actorId: null, reason: null }, services, now);
}

async function enter(tx: Transaction, round: Round, move: Parameters<typeof moveRound>[2], services: Services, now: Date): Promise<void | Refusal> {
  const missing = await findMissing(tx, round, move.to, services, now);
  if (missing.length > 0) return refuse('not-ready', { missing });
  const refusal = await services.roundKinds[round.kind].entering(tx, round, move.to, { services, now, actorId: move.actorId });
  if (refusal instanceof Refusal) return refusal;
  await moveRound(tx, round, move, now);
  await record(tx, { fundId: round.fundId, name: 'round.moved', subject: { round: round.id, from: round.phase, to: move.to, by: move.by }, actorId: move.actorId, at: now });
}
