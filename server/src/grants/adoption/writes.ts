/** Writes of lists of awards and of what a body says to them. A list's row is locked before it ends or an award is refused; the ledger is posted last. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { adoption, adoptionAward, adoptionTold, awardRefusal, officerNotice } from '@commonpot/db/adoption';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { giveBackAward } from '../payments/writes.ts';
import { lockRequest } from '../requests/reads.ts';
import { moveRequest } from '../requests/writes.ts';
import type { GrantRound } from '../rounds/rules.ts';
import * as reads from './reads.ts';
import { adoptingRoute, dueFrom, isPresenting, type AdoptingRoute } from './rules.ts';

interface Doing {
  actorId: string;
  at: Date;
}

/** Puts what was awarded since the last list before the round's body, where it has one and the time for it has come; answers how many awards. The caller holds the round's lock. */
export async function presentAwards(tx: Transaction, round: GrantRound, at: Date): Promise<number> {
  const { fundId, id: grantRoundId } = round;
  const route = round.charterId ? adoptingRoute((await charterOf(tx, fundId, round.charterId)).content) : null;
  if (!route) return 0;
  const newest = await reads.newestList(tx, fundId, grantRoundId);
  if (!isPresenting(round, newest.at, at)) return 0;
  const awards = await reads.unlisted(tx, fundId, grantRoundId);
  if (awards.length === 0) return 0;
  const id = newId();
  await tx.insert(adoption).values({ fundId, id, grantRoundId, number: newest.number + 1, awards: awards.length, presentedAt: at, dueAt: dueFrom(at, route) });
  await tx.insert(adoptionAward).values(awards.map((awardId) => ({ fundId, adoptionId: id, awardId })));
  await record(tx, { fundId, name: 'adoption.presented', subject: { adoption: id, round: grantRoundId, awards: String(awards.length) }, actorId: null, at });
  return awards.length;
}

/** Keeps where an officer wants to be told, sealed, or that they no longer do. */
export async function keepNotice(tx: Transaction, fundId: string, sealedContact: Buffer | null, { actorId: accountId, at }: Doing): Promise<void> {
  await tx.insert(officerNotice).values({ fundId, accountId, sealedContact, since: at }).onConflictDoUpdate({ target: [officerNotice.fundId, officerNotice.accountId], set: { sealedContact, since: at } });
}

/** Keeps what an officer was told about a list; answers whether it is told now, and not by another process. */
export async function keepTold(tx: Transaction, told: typeof adoptionTold.$inferInsert): Promise<boolean> {
  return (await tx.insert(adoptionTold).values(told).onConflictDoNothing().returning({ what: adoptionTold.what })).length > 0;
}

/** Ends a list whose lock the caller holds: the body adopts it before its date. Refuses `already-decided`, `date-passed`. */
export async function adoptList(tx: Transaction, list: reads.Adoption, { actorId, at }: Doing): Promise<void | Refusal> {
  if (list.endedAt) return refuse('already-decided', { state: list.endedAs });
  if (at >= list.dueAt) return refuse('date-passed');
  await endList(tx, list, { endedAs: 'adopted', endedBy: actorId, endedAt: at });
}

/** Ends a list by silence once its date has come; again, or before, changes nothing. */
export async function adoptBySilence(tx: Transaction, list: reads.Adoption, at: Date): Promise<boolean> {
  if (list.endedAt || at < list.dueAt) return false;
  await endList(tx, list, { endedAs: 'silence', endedBy: null, endedAt: at });
  return true;
}

async function endList(tx: Transaction, { fundId, id, grantRoundId }: reads.Adoption, ended: { endedAs: 'adopted' | 'silence'; endedBy: string | null; endedAt: Date }): Promise<void> {
  await tx.update(adoption).set(ended).where(and(eq(adoption.fundId, fundId), eq(adoption.id, id)));
  await record(tx, { fundId, name: 'adoption.ended', subject: { adoption: id, round: grantRoundId, as: ended.endedAs }, actorId: ended.endedBy, at: ended.endedAt });
}

/**
 * Refuses one award of a list whose lock the caller holds, and gives its money back. Refuses `already-decided`, `date-passed`,
 * `not-found` for an award of another list, and `reason-not-published`.
 */
export async function refuseAward(tx: Transaction, list: reads.Adoption, route: AdoptingRoute, given: { award: string; reason: string }, { actorId, at }: Doing): Promise<void | Refusal> {
  const { fundId } = list;
  if (list.endedAt) return refuse('already-decided', { state: list.endedAs });
  const row = (await reads.rowsOn(tx, fundId, [list.id])).get(list.id)?.find((each) => each.award === given.award);
  if (!row) return refuse('not-found');
  if (row.refusedFor !== null) return refuse('already-decided', { state: 'refused' });
  if (at >= list.dueAt) return refuse('date-passed');
  if (!route.reasons.includes(given.reason)) return refuse('reason-not-published');
  const request = await lockRequest(tx, fundId, row.subjectId);
  if (request?.state !== 'awarded') return refuse('already-decided', { state: request?.state ?? 'gone' });
  await tx.insert(awardRefusal).values({ fundId, awardId: given.award, reason: given.reason, refusedBy: actorId, refusedAt: at });
  await record(tx, { fundId, name: 'award.refused', subject: { award: given.award, adoption: list.id, reason: String(route.reasons.indexOf(given.reason) + 1) }, actorId, at });
  await moveRequest(tx, request, { to: 'returned', reason: 'not-adopted', actorId, at });
  await giveBackAward(tx, request, at);
}
