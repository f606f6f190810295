/** Writes of requests. Every change of state leaves its move on record, in the same transaction. */
import { and, eq, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request, requestHold, requestMove, type Agree, type RequestState } from '@commonpot/db/grants';
import { takeTurn } from '../../payouts/turns.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { capOf, measure, type Charter } from '../../rounds/charter/rules.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { countedOf, findByClientKey, givenAtOnceSince, holdOf, standingOf, type Applicant, type Request } from './reads.ts';
import { fitsFrom, measureAlone, normaliseHousehold, sameName } from './rules.ts';

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
  /** What may be said of earlier requests: nothing to a stranger, the limits of an address to the account it belongs to, all to an administrator. */
  tells: 'nothing' | 'own' | 'all';
}

/**
 * Takes a request in and measures it against the charter its round keeps. Two of one person, or of one address, take
 * their turns, so that limits hold however they arrive; the same one sent twice at once is answered with the first. One that meets
 * a limit of its person is taken in like any other and waits for its day, so that asking with somebody's address says nothing about them.
 * Refuses `over-cap` where the amount alone is too much for anybody; and, to whom `tells` says that it may be told, `over-cap` with
 * `leftMinor`, `too-soon` with `againAt`, `over-household-cap`.
 */
export async function takeIn(tx: Transaction, secrets: Secrets, round: GrantRound, charter: Charter, asking: Asking, now: Date): Promise<Request | Refusal> {
  const { fundId } = round;
  const alone = measureAlone(charter, asking.amountMinor, now);
  if (alone.kind !== 'within') return refuse('over-cap', { leftMinor: capOf(charter) });
  await takeTurn(tx, `${fundId}:asking:${asking.clientKey.toString('hex')}`);
  const { person, otherName } = await findOrMakeApplicant(tx, secrets, fundId, charter, asking, now);
  const sent = await findByClientKey(tx, fundId, round.id, asking.clientKey);
  if (sent) return sent;
  const standing = await standingOf(tx, person, charter.periodDays, now);
  const own = measure(charter, { ...standing, householdMinor: 0, amountMinor: asking.amountMinor }, now);
  // Worked out whether it is needed or not: what meets a limit takes as long as what does not.
  const notBefore = await fitsAt(tx, charter, person, { amountMinor: asking.amountMinor, lastGivenAt: standing.lastGivenAt }, now);
  if (own.kind === 'within') {
    const isOverDoor = !asking.apart && measure(charter, { ...standing, amountMinor: asking.amountMinor }, now).kind === 'over-household-cap';
    if (isOverDoor && asking.tells === 'all') return refuse('over-household-cap');
    const made = await insertRequest(tx, secrets, round, asking, { person, otherName, agree: whoAgrees(own.band.agree, asking, isOverDoor), cumulativeMinor: own.cumulativeMinor, isHeld: false, now });
    await holdOf(tx, made);
    return made;
  }
  if (asking.tells !== 'nothing') return own.kind === 'too-soon' ? refuse('too-soon', { againAt: own.againAt.toISOString() }) : refuse('over-cap', { leftMinor: own.leftMinor });
  const made = await insertRequest(tx, secrets, round, asking, { person, otherName, agree: whoAgrees(alone.band.agree, asking, false), cumulativeMinor: asking.amountMinor, isHeld: true, now });
  await tx.insert(requestHold).values({ fundId, requestId: made.id, why: own.kind === 'too-soon' ? own.kind : 'over-cap', notBefore, heldAt: now });
  return made;
}

/** When an amount fits a person's limits, if nothing else happens. */
export async function fitsAt(tx: Transaction, charter: Charter, person: Applicant, given: { amountMinor: number; lastGivenAt: Date | null }, now: Date): Promise<Date> {
  return fitsFrom(charter, given.amountMinor, await countedOf(tx, person, charter.periodDays, now), given.lastGivenAt, now);
}

interface Taken {
  person: Applicant;
  /** Sealed; null where the name is the one that is known. */
  otherName: Buffer | null;
  agree: Agree;
  cumulativeMinor: number;
  /** It waits for its day, and a first message about that goes to its address. */
  isHeld: boolean;
  now: Date;
}

async function insertRequest(tx: Transaction, secrets: Secrets, round: GrantRound, asking: Asking, { person, otherName, agree, cumulativeMinor, isHeld, now }: Taken): Promise<Request> {
  const { fundId } = round;
  const [made] = await tx.insert(request).values({
    fundId, id: newId(), grantRoundId: round.id, applicantId: person.id, reference: asking.reference, clientKey: asking.clientKey, tokenHash: asking.tokenHash,
    amountMinor: asking.amountMinor, way: asking.way, sealedWords: asking.words === null ? null : secrets.seal('applicant', asking.words), otherName: otherName !== null, sealedName: otherName, purpose: asking.purpose,
    helperAccountId: asking.helper?.accountId ?? null, helperCollects: asking.helper?.collects ?? false, consent: asking.helper?.consent ?? null,
    asksApart: asking.apart, forGroup: asking.forGroup, mayWrite: asking.mayWrite && asking.contact !== null, language: asking.language,
    agree, cumulativeMinor, toldVersion: isHeld ? -1 : 0, askedAt: now,
  }).returning();
  if (!made) throw new Error('a request was not kept');
  await record(tx, { fundId, name: 'request.asked', subject: { request: made.id, round: round.id, applicant: person.id, amountMinor: String(made.amountMinor), agree }, actorId: asking.helper?.accountId ?? null, at: now });
  return made;
}

/** Two settle whether somebody stands apart; nothing is given at once to somebody whom no address shows, nor where others at the door were given the most. */
function whoAgrees(agree: Agree, asking: Asking, isOverDoor: boolean): Agree {
  if (asking.apart) return agree === 'panel' ? 'panel' : 'two';
  return agree === 'at-once' && (!asking.contact || isOverDoor) ? 'one' : agree;
}

/** Finds somebody by the hash of their address, or keeps them as new; holds their turn and their household's until the transaction ends. What is known of somebody is not written over by whoever types their address. */
async function findOrMakeApplicant(tx: Transaction, secrets: Secrets, fundId: string, charter: Charter, asking: Asking, now: Date): Promise<{ person: Applicant; otherName: Buffer | null }> {
  const contactHash = asking.contact ? secrets.hash('contact', `${asking.contact.channel}:${asking.contact.address}`) : null;
  const householdHash = asking.household !== null && charter.householdCapMinor !== null ? secrets.hash('household', `${fundId}:${normaliseHousehold(asking.household)}`) : null;
  if (householdHash) await takeTurn(tx, `${fundId}:household:${householdHash.toString('hex')}`);
  if (contactHash) await takeTurn(tx, `${fundId}:applicant:${contactHash.toString('hex')}`);
  const [known] = contactHash ? await tx.select().from(applicant).where(and(eq(applicant.fundId, fundId), eq(applicant.contactHash, contactHash))).for('update') : [];
  const household = householdHash ? { householdHash, householdUntil: daysAfter(now, Math.max(charter.periodDays, charter.cooldownDays)) } : {};
  const sealedName = secrets.seal('applicant', asking.name);
  if (!known) {
    const sealedContact = asking.contact ? secrets.seal('applicant', `${asking.contact.channel}:${asking.contact.address}`) : null;
    const [made] = await tx.insert(applicant).values({ fundId, id: newId(), contactHash, sealedName, sealedContact, ...household, madeAt: now }).returning();
    if (!made) throw new Error('an applicant was not kept');
    return { person: made, otherName: null };
  }
  const isOtherName = known.sealedName !== null && !sameName(secrets.open('applicant', known.sealedName), asking.name);
  // A door on file stays until its time is over: nobody moves somebody else to a door of their own choosing.
  const isSameDoor = known.householdHash === null || (householdHash !== null && known.householdHash.equals(householdHash));
  const mayMove = isSameDoor || asking.tells !== 'nothing';
  // A shorter charter does not cut what another one counts at the same door.
  const keepsLonger = isSameDoor && household.householdUntil !== undefined && known.householdUntil !== null && known.householdUntil > household.householdUntil;
  const [person] = await tx.update(applicant).set({ sealedName: known.sealedName ?? sealedName, ...(mayMove && !keepsLonger ? household : {}) }).where(and(eq(applicant.fundId, fundId), eq(applicant.id, known.id))).returning();
  if (!person) throw new Error('an applicant was not kept');
  return { person, otherName: isOtherName ? sealedName : null };
}

/** Waits for the turn of a person and of their door, as asking does, so that limits hold when both come at once. Answers the person, locked. */
export async function holdTurns(tx: Transaction, { fundId, applicantId }: Pick<Request, 'fundId' | 'applicantId'>): Promise<Applicant> {
  const mine = and(eq(applicant.fundId, fundId), eq(applicant.id, applicantId));
  const [seen] = await tx.select().from(applicant).where(mine);
  if (seen?.householdHash) await takeTurn(tx, `${fundId}:household:${seen.householdHash.toString('hex')}`);
  if (seen?.contactHash) await takeTurn(tx, `${fundId}:applicant:${seen.contactHash.toString('hex')}`);
  const [person] = await tx.select().from(applicant).where(mine).for('update');
  if (!person) throw new Error('a request without its applicant');
  return person;
}

/** Keeps the door of somebody who was given something, or asked anew, for as long as it counts against the limits. */
export async function keepDoorOn(tx: Transaction, { fundId, applicantId }: Pick<Request, 'fundId' | 'applicantId'>, charter: Charter, at: Date): Promise<void> {
  const until = daysAfter(at, Math.max(charter.periodDays, charter.cooldownDays));
  await tx.update(applicant).set({ householdUntil: until })
    .where(and(eq(applicant.fundId, fundId), eq(applicant.id, applicantId), isNotNull(applicant.householdHash), lt(applicant.householdUntil, until)));
}

/** Whether the day's sum that is given at once still holds this; those who ask at once take their turns. */
export async function fitsToday(tx: Transaction, fundId: string, charter: Charter, amountMinor: number, now: Date): Promise<boolean> {
  await takeTurn(tx, `${fundId}:at-once`);
  return (await givenAtOnceSince(tx, fundId, daysAfter(now, -1))) + amountMinor <= (charter.atOnceDailyMinor ?? 0);
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

/** Keeps the hash of the link that goes to a request's own address. */
export async function keepToldHash(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>, toldHash: Buffer): Promise<void> {
  await tx.update(request).set({ toldHash }).where(and(eq(request.fundId, of.fundId), eq(request.id, of.id), isNull(request.erasedAt)));
}

/** Keeps that whoever holds the address said that it was them; again changes nothing. */
export async function keepConfirmed(tx: Transaction, of: Request, at: Date): Promise<void> {
  if (of.confirmedAt) return;
  await tx.update(request).set({ confirmedAt: at }).where(and(eq(request.fundId, of.fundId), eq(request.id, of.id)));
  await record(tx, { fundId: of.fundId, name: 'request.confirmed', subject: { request: of.id }, actorId: null, at });
}
