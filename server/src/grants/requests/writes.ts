/** Writes of requests. Every change of state leaves its move on record, in the same transaction. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request, requestMove, type Agree, type RequestState } from '@commonpot/db/grants';
import { takeTurn } from '../../payouts/turns.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { measure, type Charter } from '../../rounds/charter/rules.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { findByClientKey, givenAtOnceSince, standingOf, type Applicant, type Request } from './reads.ts';
import { normaliseHousehold, sameName } from './rules.ts';

export interface Asking {
  amountMinor: number;
  way: 'voucher' | 'cash' | 'bank';
  /** Channel and address in their one form; null when nobody gave one. */
  contact: { channel: 'email' | 'sms'; address: string } | null;
  name: string;
  words: string | null;
  purpose: string | null;
  household: string | null;
  clientKey: Buffer;
  tokenHash: Buffer;
  reference: string;
  /** Asks to be held to nobody else's at the door. */
  apart: boolean;
  forGroup: boolean;
  mayWrite: boolean;
  language: string;
  helper: { accountId: string; collects: boolean; consent: 'there' | 'phone' | 'written' } | null;
}

/**
 * Takes a request in and measures it against the charter its round keeps. Two of one person, or of one address, take
 * their turns, so that limits hold however they arrive; the same
 * one sent twice at once is answered with the first. Refuses `over-cap` and `over-household-cap` with `leftMinor`, `too-soon` with `againAt`.
 */
export async function takeIn(tx: Transaction, secrets: Secrets, round: GrantRound, charter: Charter, asking: Asking, now: Date): Promise<Request | Refusal> {
  const { fundId } = round;
  await takeTurn(tx, `${fundId}:asking:${asking.clientKey.toString('hex')}`);
  const { person, isOtherName } = await findOrMakeApplicant(tx, secrets, fundId, charter, asking, now);
  const sent = await findByClientKey(tx, fundId, round.id, asking.clientKey);
  if (sent) return sent;
  const standing = await standingOf(tx, person, charter.periodDays, now);
  const measured = measure(charter, { ...standing, ...(asking.apart ? { householdMinor: 0 } : {}), amountMinor: asking.amountMinor }, now);
  if (measured.kind === 'too-soon') return refuse('too-soon', { againAt: measured.againAt.toISOString() });
  if (measured.kind !== 'within') return refuse(measured.kind, { leftMinor: measured.leftMinor });
  const agree = await whoAgrees(tx, fundId, charter, measured.band.agree, asking, now);
  const [made] = await tx.insert(request).values({
    fundId, id: newId(), grantRoundId: round.id, applicantId: person.id, reference: asking.reference, clientKey: asking.clientKey, tokenHash: asking.tokenHash,
    amountMinor: asking.amountMinor, way: asking.way, sealedWords: asking.words === null ? null : secrets.seal('applicant', asking.words), otherName: isOtherName, purpose: asking.purpose,
    helperAccountId: asking.helper?.accountId ?? null, helperCollects: asking.helper?.collects ?? false, consent: asking.helper?.consent ?? null,
    asksApart: asking.apart, forGroup: asking.forGroup, mayWrite: asking.mayWrite && asking.contact !== null, language: asking.language,
    agree, cumulativeMinor: measured.cumulativeMinor, askedAt: now,
  }).returning();
  if (!made) throw new Error('a request was not kept');
  await record(tx, { fundId, name: 'request.asked', subject: { request: made.id, round: round.id, applicant: person.id, amountMinor: String(made.amountMinor), agree }, actorId: asking.helper?.accountId ?? null, at: now });
  return made;
}

/** Two settle whether somebody stands apart; nothing is given at once to somebody whom no address shows, nor beyond the day's sum. */
async function whoAgrees(tx: Transaction, fundId: string, charter: Charter, agree: Agree, asking: Asking, now: Date): Promise<Agree> {
  if (asking.apart) return agree === 'panel' ? 'panel' : 'two';
  if (agree !== 'at-once') return agree;
  return asking.contact && (await fitsToday(tx, fundId, charter, asking.amountMinor, now)) ? 'at-once' : 'one';
}

/** Whether the day's sum that is given at once still holds this; those who ask at once take their turns. */
async function fitsToday(tx: Transaction, fundId: string, charter: Charter, amountMinor: number, now: Date): Promise<boolean> {
  await takeTurn(tx, `${fundId}:at-once`);
  return (await givenAtOnceSince(tx, fundId, daysAfter(now, -1))) + amountMinor <= (charter.atOnceDailyMinor ?? 0);
}

/** Finds somebody by the hash of their address, or keeps them as new; holds their turn and their household's until the transaction ends. */
async function findOrMakeApplicant(tx: Transaction, secrets: Secrets, fundId: string, charter: Charter, asking: Asking, now: Date): Promise<{ person: Applicant; isOtherName: boolean }> {
  const contactHash = asking.contact ? secrets.hash('contact', `${asking.contact.channel}:${asking.contact.address}`) : null;
  const householdHash = asking.household !== null && charter.householdCapMinor !== null ? secrets.hash('household', `${fundId}:${normaliseHousehold(asking.household)}`) : null;
  if (householdHash) await takeTurn(tx, `${fundId}:household:${householdHash.toString('hex')}`);
  if (contactHash) await takeTurn(tx, `${fundId}:applicant:${contactHash.toString('hex')}`);
  const [known] = contactHash ? await tx.select().from(applicant).where(and(eq(applicant.fundId, fundId), eq(applicant.contactHash, contactHash))).for('update') : [];
  const household = householdHash ? { householdHash, householdUntil: daysAfter(now, Math.max(charter.periodDays, charter.cooldownDays)) } : {};
  const sealed = { sealedName: secrets.seal('applicant', asking.name), sealedContact: asking.contact ? secrets.seal('applicant', `${asking.contact.channel}:${asking.contact.address}`) : null };
  if (!known) {
    const [made] = await tx.insert(applicant).values({ fundId, id: newId(), contactHash, ...sealed, ...household, madeAt: now }).returning();
    if (!made) throw new Error('an applicant was not kept');
    return { person: made, isOtherName: false };
  }
  const isOtherName = known.sealedName !== null && !sameName(secrets.open('applicant', known.sealedName), asking.name);
  const [person] = await tx.update(applicant).set({ ...sealed, ...household }).where(and(eq(applicant.fundId, fundId), eq(applicant.id, known.id))).returning();
  if (!person) throw new Error('an applicant was not kept');
  return { person, isOtherName };
}

/** Moves a request whose lock the caller holds, and keeps the move. Who asked to stand apart does so from the award on. */
export async function moveRequest(tx: Transaction, from: Request, move: { to: RequestState; reason?: string; actorId: string | null; at: Date }): Promise<Request> {
  const { fundId, id } = from;
  const version = from.stateVersion + 1;
  await tx.insert(requestMove).values({ fundId, id: newId(), requestId: id, version, fromState: from.state, toState: move.to, reason: move.reason ?? null, actorId: move.actorId, at: move.at });
  const [row] = await tx.update(request).set({ state: move.to, stateVersion: version }).where(and(eq(request.fundId, fundId), eq(request.id, id))).returning();
  if (!row) throw new Error('a request was not moved');
  if (move.to === 'awarded' && from.asksApart) await tx.update(applicant).set({ standsApart: true }).where(and(eq(applicant.fundId, fundId), eq(applicant.id, from.applicantId)));
  await record(tx, { fundId, name: 'request.moved', subject: { request: id, from: from.state, to: move.to, ...(move.reason ? { reason: move.reason } : {}) }, actorId: move.actorId, at: move.at });
  return row;
}

/** Keeps that a message about this state is on its way. */
export async function keepTold(tx: Transaction, of: Request): Promise<void> {
  await tx.update(request).set({ toldVersion: of.stateVersion }).where(and(eq(request.fundId, of.fundId), eq(request.id, of.id)));
}
