/** Writes of decisions. A request's row is locked before it is decided; the ledger is posted last. */
import type { Transaction } from '@commonpot/db/client';
import { deciderInterest, requestDecision } from '@commonpot/db/grants';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { awardPerson } from '../../rounds/awards/writes.ts';
import type { Request } from '../requests/reads.ts';
import { moveRequest } from '../requests/writes.ts';
import { holdGrantRoundById, sourceOf } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { whyNot } from './reads.ts';
import { stepOf } from './rules.ts';

interface Doing {
  actorId: string;
  at: Date;
}

export type Verdict = { verdict: 'yes' } | { verdict: 'no'; reason: string };

/**
 * One administrator's yes or no to a request whose lock the caller holds. Refuses `already-decided`, `same-person` (the
 * second of two is never the first, nor an appeal's), `knows-applicant`, `panel-decides`, `not-enough-money`.
 */
export async function decide(tx: Transaction, request: Request, verdict: Verdict, given: Doing): Promise<Request | Refusal> {
  const { fundId, id } = request;
  const step = stepOf(request.state, request.agree, verdict.verdict);
  if (!step) return refuse('already-decided', { state: request.state });
  if (request.agree === 'panel' && step.seat !== 'appeal') return refuse('panel-decides');
  const reason = await whyNot(tx, request, given.actorId);
  if (reason) return refuse(reason === 'you-decided' ? 'same-person' : 'knows-applicant');
  await tx.insert(requestDecision).values({
    fundId, id: newId(), requestId: id, seat: step.seat, verdict: verdict.verdict, reason: verdict.verdict === 'no' ? verdict.reason : null, accountId: given.actorId, at: given.at,
  });
  await record(tx, { fundId, name: 'request.decided', subject: { request: id, seat: step.seat, verdict: verdict.verdict }, actorId: given.actorId, at: given.at });
  if (step.to !== 'awarded') return moveRequest(tx, request, { to: step.to, ...(verdict.verdict === 'no' ? { reason: verdict.reason } : {}), ...given });
  return awardRequest(tx, request, await holdGrantRoundById(tx, fundId, request.grantRoundId, 'share'), given);
}

/** Moves a request to awarded and sets its money aside; the last thing its transaction does. Refuses `not-enough-money`. */
export async function awardRequest(tx: Transaction, request: Request, round: GrantRound, given: { actorId: string | null; at: Date }): Promise<Request | Refusal> {
  const { fundId, id: requestId, amountMinor } = request;
  const moved = await moveRequest(tx, request, { to: 'awarded', ...given });
  const made = await awardPerson(tx, {
    fundId, grantRoundId: round.id, requestId, title: round.title, recipientName: request.reference, amountMinor, from: await sourceOf(tx, round), ...given,
  });
  return made instanceof Refusal ? made : moved;
}

/** Keeps that somebody knows this person; again changes nothing. */
export async function declareInterest(tx: Transaction, request: Request, given: Doing): Promise<void> {
  const { fundId, applicantId } = request;
  const [made] = await tx.insert(deciderInterest).values({ fundId, id: newId(), accountId: given.actorId, applicantId, declaredAt: given.at }).onConflictDoNothing().returning({ id: deciderInterest.id });
  if (made) await record(tx, { fundId, name: 'interest.declared', subject: { interest: made.id, applicant: applicantId }, actorId: given.actorId, at: given.at });
}
