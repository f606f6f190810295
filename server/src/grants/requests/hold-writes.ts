/** What becomes of a request that waits for its day. */
import { createHash } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { request, requestHold } from '@commonpot/db/grants';
import { newCode, showCode } from '../../platform/codes.ts';
import { newId } from '../../platform/ids.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { measure } from '../../rounds/charter/rules.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import { isAsking } from '../rounds/rules.ts';
import { hashToken, tokenOf } from './links.ts';
import { holdOf, lockRequest, standingOf, type Request } from './reads.ts';
import { REFERENCE_CHARACTERS } from './rules.ts';
import { fitsAt, holdTurns, keepDoorOn, moveRequest } from './writes.ts';

/**
 * Looks whether a request that waited fits its person's limits now. It is then followed by a request of its own, as if it had been sent
 * now, so that every limit is measured afresh and the private links lead on. One whose round takes no more requests is declined.
 */
export async function followHold(tx: Transaction, secrets: Secrets, found: Pick<Request, 'fundId' | 'id' | 'applicantId'>, now: Date): Promise<'followed' | 'declined' | 'waits'> {
  const { fundId } = found;
  const person = await holdTurns(tx, found);
  const held = await lockRequest(tx, fundId, found.id);
  const hold = held && (await holdOf(tx, held));
  if (!held || !hold || hold.followedBy || held.state !== 'asked') return 'waits';
  const round = await holdGrantRoundById(tx, fundId, held.grantRoundId, 'share');
  if (round.phase !== 'open' || (round.closesAt && round.closesAt <= now)) {
    await moveRequest(tx, held, { to: 'declined', reason: 'outside-charter', actorId: null, at: now });
    return 'declined';
  }
  if (!isAsking(round, now)) return 'waits';
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  const standing = await standingOf(tx, person, charter.periodDays, now);
  const own = measure(charter, { ...standing, householdMinor: 0, amountMinor: held.amountMinor }, now);
  const mine = and(eq(requestHold.fundId, fundId), eq(requestHold.requestId, held.id));
  if (own.kind !== 'within') {
    const notBefore = await fitsAt(tx, charter, person, { amountMinor: held.amountMinor, lastGivenAt: standing.lastGivenAt }, now);
    await tx.update(requestHold).set({ why: own.kind === 'too-soon' ? own.kind : 'over-cap', notBefore }).where(mine);
    return 'waits';
  }
  const isOverDoor = !held.asksApart && measure(charter, { ...standing, amountMinor: held.amountMinor }, now).kind === 'over-household-cap';
  const agree = held.asksApart ? (own.band.agree === 'panel' ? 'panel' : 'two') : own.band.agree === 'at-once' && isOverDoor ? 'one' : own.band.agree;
  const clientKey = createHash('sha256').update(held.clientKey).digest();
  const followedBy = newId();
  const { id: _, toldHash: __, state: ___, stateVersion: ____, toldVersion: _____, ...same } = held;
  await tx.insert(request).values({
    ...same, id: followedBy, reference: showCode(newCode(REFERENCE_CHARACTERS)), clientKey, tokenHash: hashToken(secrets, tokenOf(secrets, clientKey)), toldVersion: -1,
    agree, cumulativeMinor: own.cumulativeMinor, askedAt: now,
  });
  await record(tx, { fundId, name: 'request.asked', subject: { request: followedBy, round: round.id, applicant: person.id, amountMinor: String(held.amountMinor), agree }, actorId: held.helperAccountId, at: now });
  await moveRequest(tx, held, { to: 'withdrawn', reason: 'followed', actorId: null, at: now });
  await tx.update(requestHold).set({ followedBy }).where(mine);
  await keepDoorOn(tx, held, charter, now);
  return 'followed';
}
