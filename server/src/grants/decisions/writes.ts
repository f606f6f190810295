/** Writes of decisions. A request's row is locked before it is decided; the ledger is posted last. */
import { and, eq, isNotNull, lte } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { addressProof, apartWord, deciderDoor } from '@commonpot/db/decisions';
import { applicant, deciderInterest, request as requestRow, requestDecision, requestMove } from '@commonpot/db/grants';
import { takeTurn } from '../../payouts/turns.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { awardPerson } from '../../rounds/awards/writes.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { AGREE, measure, type Charter } from '../../rounds/charter/rules.ts';
import { awaitsDraw, isSpokenFor, letAtOf } from '../draw/reads.ts';
import { findApplicant, givenAtDoor, holdOf, lockRequest, standingOf, type Linked, type Request } from '../requests/reads.ts';
import { normaliseHousehold } from '../requests/rules.ts';
import { holdTurns, keepDoorOn, moveRequest } from '../requests/writes.ts';
import { holdGrantRoundById, sourceOf } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { apartWordsOf, lacksProof, proofsOf, takeDecidersTurn, waitingForMoney, whyNotInTurn, yesOnAppeal } from './reads.ts';
import { DOOR_DAYS, stepOf } from './rules.ts';

interface Doing {
  actorId: string;
  at: Date;
}

export type Verdict = { verdict: 'yes' } | { verdict: 'no'; reason: string };

/**
 * One administrator's yes or no to a request whose lock the caller holds. Refuses `already-decided`, `same-person` (the
 * second of two is never the first, nor an appeal's), `knows-applicant`, `awaits-draw`, `panel-decides`, `proof-missing`, and the limits.
 */
export async function decide(tx: Transaction, request: Request, verdict: Verdict, given: Doing): Promise<Request | Refusal> {
  const step = stepOf(request.state, request.agree, verdict.verdict, await yesOnAppeal(tx, request));
  if (!step) return refuse('already-decided', { state: request.state });
  // It waits for its day, and nobody has been asked about it yet.
  if (request.state === 'asked' && (await holdOf(tx, request))) return refuse('not-found');
  if (await awaitsDraw(tx, request)) return refuse('awaits-draw');
  if (request.agree === 'panel') return refuse('panel-decides');
  const reason = await whyNotInTurn(tx, request, given.actorId, given.at);
  if (reason) return refuse(reason === 'you-decided' ? 'same-person' : 'knows-applicant');
  const round = await holdGrantRoundById(tx, request.fundId, request.grantRoundId, 'share');
  if (verdict.verdict === 'yes' && (await lacksProof(tx, request, (await charterOf(tx, request.fundId, round.charterId as string)).content))) return refuse('proof-missing');
  await keepDecision(tx, request, step.seat, verdict, given);
  // The first of two who look again: another is waited for.
  if (step.to === request.state) return request;
  if (step.to !== 'awarded') return moveRequest(tx, request, { to: step.to, ...(verdict.verdict === 'no' ? { reason: verdict.reason } : {}), ...given });
  return awardOrList(tx, request, round, given);
}

/** Keeps one person's yes or no, which nobody can change. */
export async function keepDecision(tx: Transaction, request: Request, seat: 'first' | 'second' | 'panel' | 'appeal', verdict: Verdict, given: Doing): Promise<void> {
  const { fundId, id } = request;
  await tx.insert(requestDecision).values({
    fundId, id: newId(), requestId: id, seat, verdict: verdict.verdict, reason: verdict.verdict === 'no' ? verdict.reason : null, accountId: given.actorId, at: given.at,
  });
  await record(tx, { fundId, name: 'request.decided', subject: { request: id, seat, verdict: verdict.verdict }, actorId: given.actorId, at: given.at });
}

/**
 * What becomes of a request that enough agreed to: it is awarded, or it is listed and waits for money in the order of agreement. The
 * last thing its transaction does. Refuses the limits that `limitInTheWay` finds.
 */
export async function awardOrList(tx: Transaction, request: Request, round: GrantRound, given: { actorId: string; at: Date }): Promise<Request | Refusal> {
  await holdTurns(tx, request);
  await takeMoneyTurn(tx, round);
  const awarded = await attempt(tx, (inner) => awardRequest(inner, request, round, given));
  return awarded instanceof Refusal && awarded.code === 'not-enough-money' ? moveRequest(tx, request, { to: 'listed', ...given }) : awarded;
}

/** Waits until nobody else gives or lists in this round, until the transaction ends: so that the order of agreement is one. Taken after the locks of a request and its person. */
async function takeMoneyTurn(tx: Transaction, { fundId, id }: Pick<GrantRound, 'fundId' | 'id'>): Promise<void> {
  await takeTurn(tx, `${fundId}:money:${id}`);
}

/** Does something that is taken back by itself when it is refused. */
async function attempt<T>(tx: Transaction, work: (inner: Transaction) => Promise<T | Refusal>): Promise<T | Refusal> {
  let refusal: Refusal | null = null;
  const done = tx.transaction(async (inner) => {
    const result = await work(inner);
    if (!(result instanceof Refusal)) return result;
    refusal = result;
    return inner.rollback();
  });
  return done.catch((error: unknown) => {
    if (refusal) return refusal;
    throw error;
  });
}

/** Moves a request to awarded and sets its money aside; the last thing its transaction does. Refuses `not-enough-money`, and the limits that `limitInTheWay` finds. */
export async function awardRequest(tx: Transaction, request: Request, round: GrantRound, given: { actorId: string | null; at: Date }): Promise<Request | Refusal> {
  const { fundId, id: requestId, amountMinor } = request;
  await holdTurns(tx, request);
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  const limit = await limitInTheWay(tx, charter, request, given.at);
  if (limit) return limit;
  await takeMoneyTurn(tx, round);
  // Nobody goes before others who were agreed to and wait for money; to whom a list came, the money was promised then.
  if (request.state !== 'listed' && (await letAtOf(tx, fundId, [requestId])).size === 0 && (await waitingForMoney(tx, round)).length > 0) return refuse('not-enough-money');
  // What comes back to somebody on appeal takes nothing from those who were let through; it comes first of what returns.
  if ((await yesOnAppeal(tx, request)) > 0 && (await isSpokenFor(tx, round))) return refuse('not-enough-money');
  const moved = await moveRequest(tx, request, { to: 'awarded', ...given });
  await keepDoorOn(tx, request, charter, given.at);
  const made = await awardPerson(tx, {
    fundId, grantRoundId: round.id, requestId, title: round.title, recipientName: request.reference, amountMinor, from: await sourceOf(tx, round), ...given,
  });
  return made instanceof Refusal ? made : moved;
}

/** Keeps that somebody knows this person; again changes nothing. */
export async function declareInterest(tx: Transaction, request: Request, given: Doing): Promise<void> {
  const { fundId, applicantId } = request;
  await takeDecidersTurn(tx, fundId, given.actorId);
  const [made] = await tx.insert(deciderInterest).values({ fundId, id: newId(), accountId: given.actorId, applicantId, declaredAt: given.at }).onConflictDoNothing().returning({ id: deciderInterest.id });
  if (made) await record(tx, { fundId, name: 'interest.declared', subject: { interest: made.id, applicant: applicantId }, actorId: given.actorId, at: given.at });
}

/** Keeps who looked at a proof of address, or met the person, and when. Refuses `already-exists` where it was seen, and `knows-applicant`. */
export async function keepProof(tx: Transaction, request: Request, how: 'seen' | 'met' | 'unclear', given: Doing): Promise<void | Refusal> {
  const { fundId, applicantId } = request;
  const reason = await whyNotInTurn(tx, request, given.actorId, given.at);
  if (reason && reason !== 'you-decided') return refuse('knows-applicant');
  // The person's row is the turn of two who look at once.
  await lockApplicant(tx, fundId, applicantId);
  if (((await proofsOf(tx, fundId, [applicantId])).get(applicantId) ?? []).some((each) => each.how !== 'unclear')) return refuse('already-exists');
  await tx.insert(addressProof).values({ fundId, id: newId(), applicantId, how, accountId: given.actorId, at: given.at });
  await record(tx, { fundId, name: 'address.looked-at', subject: { applicant: applicantId, how }, actorId: given.actorId, at: given.at });
}

/** One person's word that somebody stands apart from others at their door; with the second it holds. Refuses `same-person`, `knows-applicant`. */
export async function sayApart(tx: Transaction, request: Request, given: Doing): Promise<{ stands: boolean } | Refusal> {
  const { fundId, applicantId } = request;
  const reason = await whyNotInTurn(tx, request, given.actorId, given.at);
  if (reason && reason !== 'you-decided') return refuse('knows-applicant');
  const person = await lockApplicant(tx, fundId, applicantId);
  if (person.standsApart) return { stands: true };
  const said = (await apartWordsOf(tx, fundId, [applicantId])).get(applicantId) ?? [];
  if (said.some((each) => each.accountId === given.actorId)) return refuse('same-person');
  await tx.insert(apartWord).values({ fundId, id: newId(), applicantId, accountId: given.actorId, at: given.at });
  const stands = said.length > 0;
  if (stands) await tx.update(applicant).set({ standsApart: true }).where(and(eq(applicant.fundId, fundId), eq(applicant.id, applicantId)));
  await record(tx, { fundId, name: 'apart.said', subject: { applicant: applicantId }, actorId: given.actorId, at: given.at });
  return { stands };
}

async function lockApplicant(tx: Transaction, fundId: string, id: string): Promise<typeof applicant.$inferSelect> {
  const [row] = await tx.select().from(applicant).where(and(eq(applicant.fundId, fundId), eq(applicant.id, id))).for('update');
  if (!row) throw new Error('a request without its applicant');
  return row;
}

/** Keeps where somebody who decides lives, for a year, as a keyed hash; said again, the year begins again. */
export async function keepDoor(tx: Transaction, secrets: Secrets, fundId: string, household: string, given: Doing): Promise<Date> {
  const householdHash = secrets.hash('household', `${fundId}:${normaliseHousehold(household)}`);
  const until = daysAfter(given.at, DOOR_DAYS);
  const [made] = await tx.insert(deciderDoor).values({ fundId, id: newId(), accountId: given.actorId, householdHash, declaredAt: given.at, until })
    .onConflictDoUpdate({ target: [deciderDoor.fundId, deciderDoor.accountId, deciderDoor.householdHash], set: { until } }).returning({ id: deciderDoor.id });
  if (made) await record(tx, { fundId, name: 'door.declared', subject: { door: made.id }, actorId: given.actorId, at: given.at });
  return until;
}

/**
 * Asks that somebody else looks at a declined request again. Refuses `nothing-to-appeal`, `appealed-once`, `appeal-late`
 * with `until`; and, by the person's own link alone, the limits, which count what was asked for meanwhile: `over-cap`, `too-soon`. By
 * another link it is taken, and whoever looks again meets the limit.
 */
export async function appealRequest(tx: Transaction, secrets: Secrets, { request: found, isOwn }: Linked, words: string | null, now: Date): Promise<{ request: Request; answerBy: Date } | Refusal> {
  const { fundId } = found;
  // Whoever decides holds the request and waits for the person's turn: only what is declined, which nobody decides, waits the other way round.
  if (found.state === 'declined') await holdTurns(tx, found);
  const request = await lockRequest(tx, fundId, found.id);
  if (!request) throw new Error('a request went away');
  const moves = await tx.select({ to: requestMove.toState, at: requestMove.at }).from(requestMove).where(and(eq(requestMove.fundId, fundId), eq(requestMove.requestId, request.id)));
  if (moves.some((move) => move.to === 'appealed')) return refuse('appealed-once');
  const declinedAt = moves.find((move) => move.to === 'declined')?.at;
  if (found.state !== 'declined' || request.state !== 'declined' || !declinedAt) return refuse('nothing-to-appeal');
  const round = await holdGrantRoundById(tx, fundId, request.grantRoundId, 'share');
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  const until = daysAfter(declinedAt, charter.dispute.appealDays);
  if (now > until || round.phase === 'closed') return refuse('appeal-late', { until: until.toISOString() });
  const limit = isOwn ? await ownLimit(tx, charter, request, now) : null;
  if (limit) return limit;
  const moved = await moveRequest(tx, request, { to: 'appealed', actorId: null, at: now });
  if (words !== null) await addWords(tx, secrets, request, words);
  return { request: moved, answerBy: daysAfter(now, charter.answerDays) };
}

/** The limit of its person that a request meets, beside everything else of theirs; null when it fits. The caller holds their turn. */
async function ownLimit(tx: Transaction, charter: Charter, of: Request, now: Date): Promise<Refusal | null> {
  const person = await findApplicant(tx, of.fundId, of.applicantId);
  const own = measure(charter, { ...(await standingOf(tx, person, charter.periodDays, now, of.id)), householdMinor: 0, amountMinor: of.amountMinor }, now);
  if (own.kind === 'too-soon') return refuse('too-soon', { againAt: own.againAt.toISOString() });
  if (own.kind !== 'within') return refuse('over-cap', { leftMinor: own.leftMinor });
  // Given something meanwhile, they may be in a band for which more agree than were ever asked about this request.
  const reachMinor = Math.max(0, ...charter.bands.filter((band) => AGREE.indexOf(band.agree) <= AGREE.indexOf(of.agree)).map((band) => band.upToMinor));
  return own.cumulativeMinor <= reachMinor ? null : refuse('over-cap', { leftMinor: Math.max(0, reachMinor - own.cumulativeMinor + of.amountMinor) });
}

/**
 * The limit that keeps a request from being given now; null when none does. Of a door, which is taken in whatever others there were given, and
 * of what was appealed. The caller holds the turns.
 */
export async function limitInTheWay(tx: Transaction, charter: Charter, of: Request, now: Date): Promise<Refusal | null> {
  const own = of.state === 'appealed' ? await ownLimit(tx, charter, of, now) : null;
  if (own || charter.householdCapMinor === null || of.asksApart) return own;
  const { ownMinor, othersMinor } = await givenAtDoor(tx, await findApplicant(tx, of.fundId, of.applicantId), charter.periodDays, now);
  return othersMinor > 0 && othersMinor + ownMinor + of.amountMinor > charter.householdCapMinor ? refuse('over-household-cap') : null;
}

/** Puts what somebody says with their appeal below what they said before, sealed with it and erased with it. */
async function addWords(tx: Transaction, secrets: Secrets, { fundId, id, sealedWords }: Request, words: string): Promise<void> {
  const before = sealedWords ? `${secrets.open('applicant', sealedWords)}\n\n` : '';
  await tx.update(requestRow).set({ sealedWords: secrets.seal('applicant', `${before}${words}`) }).where(and(eq(requestRow.fundId, fundId), eq(requestRow.id, id)));
}

/** Forgets the doors of deciders whose year is over; answers how many. */
export async function forgetDoors(tx: Transaction, fundId: string, at: Date): Promise<number> {
  const rows = await tx.update(deciderDoor).set({ householdHash: null })
    .where(and(eq(deciderDoor.fundId, fundId), isNotNull(deciderDoor.householdHash), lte(deciderDoor.until, at))).returning({ id: deciderDoor.id });
  return rows.length;
}
