/** Appeals: by the private link, once, within the charter's days; somebody who did not decide looks again, and what they say stands. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request as requestTable, requestMove } from '@commonpot/db/grants';
import { takeTurn } from '../../payouts/turns.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { measure } from '../../rounds/charter/rules.ts';
import { lockRequest, standingOf, type Applicant, type Request } from '../requests/reads.ts';
import { moveRequest } from '../requests/writes.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';

const DAY = 86_400_000;

/**
 * Asks that somebody else looks at a declined request again. Refuses `nothing-to-appeal`, `appealed-once`, `appeal-late`
 * with `until`, and the limits, which count what was asked for meanwhile: `over-cap`, `over-household-cap`, `too-soon`.
 */
export async function appealRequest(tx: Transaction, secrets: Secrets, found: Request, words: string | null, now: Date): Promise<{ request: Request; answerBy: Date } | Refusal> {
  const { fundId } = found;
  const person = await turnOf(tx, found);
  const request = await lockRequest(tx, fundId, found.id);
  if (!request) throw new Error('a request went away');
  const moves = await tx.select({ to: requestMove.toState, at: requestMove.at }).from(requestMove).where(and(eq(requestMove.fundId, fundId), eq(requestMove.requestId, request.id)));
  if (moves.some((move) => move.to === 'appealed')) return refuse('appealed-once');
  const declinedAt = moves.find((move) => move.to === 'declined')?.at;
  if (request.state !== 'declined' || !declinedAt) return refuse('nothing-to-appeal');
  const round = await holdGrantRoundById(tx, fundId, request.grantRoundId, 'share');
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  const until = new Date(declinedAt.getTime() + charter.dispute.appealDays * DAY);
  if (now > until || round.phase === 'closed') return refuse('appeal-late', { until: until.toISOString() });
  const standing = await standingOf(tx, person, charter.periodDays, now);
  const measured = measure(charter, { ...standing, ...(request.asksApart ? { householdMinor: 0 } : {}), amountMinor: request.amountMinor }, now);
  if (measured.kind === 'too-soon') return refuse('too-soon', { againAt: measured.againAt.toISOString() });
  if (measured.kind !== 'within') return refuse(measured.kind, { leftMinor: measured.leftMinor });
  const moved = await moveRequest(tx, request, { to: 'appealed', actorId: null, at: now });
  if (words !== null) await addWords(tx, secrets, request, words);
  return { request: moved, answerBy: new Date(now.getTime() + charter.answerDays * DAY) };
}

/** Waits for the turn of the person and of their door, as asking does, so that limits hold when both come at once. */
async function turnOf(tx: Transaction, { fundId, applicantId }: Request): Promise<Applicant> {
  const mine = and(eq(applicant.fundId, fundId), eq(applicant.id, applicantId));
  const [seen] = await tx.select().from(applicant).where(mine);
  if (seen?.householdHash) await takeTurn(tx, `${fundId}:household:${seen.householdHash.toString('hex')}`);
  if (seen?.contactHash) await takeTurn(tx, `${fundId}:applicant:${seen.contactHash.toString('hex')}`);
  const [person] = await tx.select().from(applicant).where(mine).for('update');
  if (!person) throw new Error('a request without its applicant');
  return person;
}

/** Puts what somebody says with their appeal below what they said before, sealed with it and erased with it. */
async function addWords(tx: Transaction, secrets: Secrets, { fundId, id, sealedWords }: Request, words: string): Promise<void> {
  const before = sealedWords ? `${secrets.open('applicant', sealedWords)}\n\n` : '';
  await tx.update(requestTable).set({ sealedWords: secrets.seal('applicant', `${before}${words}`) }).where(and(eq(requestTable.fundId, fundId), eq(requestTable.id, id)));
}
