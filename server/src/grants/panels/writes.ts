/** Writes of panels. Whoever asks, answers or replaces holds the panel's lock; a vote holds its request's. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { panel, panelSeat, panelVolunteer } from '@commonpot/db/panels';
import { takeTurn } from '../../payouts/turns.ts';
import { DAY, daysAfter } from '../../platform/days.ts';
import { newCode } from '../../platform/codes.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { charterOf } from '../../rounds/charter/reads.ts';
import { addressOf, readAwaited } from '../../rounds/draws/beacon.ts';
import { bringValue, type Brought } from '../../rounds/draws/writes.ts';
import { lacksProof, whyNotInTurn } from '../decisions/reads.ts';
import { awardOrList, keepDecision, limitInTheWay, type Verdict } from '../decisions/writes.ts';
import type { Request } from '../requests/reads.ts';
import { moveRequest } from '../requests/writes.ts';
import { holdGrantRoundById } from '../rounds/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import * as reads from './reads.ts';
import { ANSWER_DAYS, digestOf, drawOrder, inOrderOfCodes, majorityOf, nextSeat, normaliseSeed, seatIn } from './rules.ts';

const CODE_CHARACTERS = 6;

interface Doing {
  actorId: string;
  at: Date;
}

/** Keeps that somebody would sit on a panel for their area, or no longer would. */
export async function keepVolunteer(tx: Transaction, fundId: string, area: string | null, sealedContact: Buffer | null, given: Doing): Promise<void> {
  const { actorId: accountId, at } = given;
  if (area === null) return void (await tx.update(panelVolunteer).set({ endedAt: at, sealedContact: null }).where(and(eq(panelVolunteer.fundId, fundId), eq(panelVolunteer.accountId, accountId))));
  await tx.insert(panelVolunteer).values({ fundId, id: newId(), accountId, area, sealedContact, since: at })
    .onConflictDoUpdate({ target: [panelVolunteer.fundId, panelVolunteer.accountId], set: { area, sealedContact, since: at, endedAt: null } });
}

/** Publishes a pool by code, before the seed is known. Refuses `too-few-volunteers`, and `already-exists` or `panel-sits` with `until`: one draw at a time, and none again because of its result. */
export async function commitPanel(tx: Transaction, round: GrantRound, seats: number, draw: { drawName: string; drawAt: Date }, given: Doing): Promise<reads.Panel | Refusal> {
  const { fundId } = round;
  await takeTurn(tx, `${round.id}:panels`);
  const inTheWay = await reads.panelInTheWay(tx, fundId, round.id, given.at);
  if (inTheWay) return refuse(inTheWay.why, { until: inTheWay.until.toISOString() });
  const people = (await reads.volunteers(tx, fundId)).map((each) => ({ ...each, code: newCode(CODE_CHARACTERS) }));
  if (people.length < seats) return refuse('too-few-volunteers', { there: people.length, needed: seats });
  const pool = inOrderOfCodes(people);
  const [made] = await tx.insert(panel).values({ fundId, id: newId(), grantRoundId: round.id, seats, pool, poolDigest: digestOf(pool), ...draw, committedBy: given.actorId, committedAt: given.at }).returning();
  if (!made) throw new Error('a panel was not kept');
  await tx.insert(panelSeat).values(people.map(({ code, accountId }) => ({ fundId, panelId: made.id, code, accountId })));
  await record(tx, { fundId, name: 'panel.committed', subject: { panel: made.id, digest: made.poolDigest.toString('hex') }, actorId: given.actorId, at: given.at });
  return made;
}

/**
 * Types what the public draw of a panel said, whose lock the caller holds. The second person who types the same draws it, and the first are asked;
 * what differs takes the place of what was typed before. Refuses `already-decided`, `draw-too-early`, and `beacon-value-wrong` where no typed result counts.
 */
export async function drawPanel(tx: Transaction, of: reads.Panel, typed: string, { actorId, at }: Doing): Promise<{ order: string[] | null; differs: boolean } | Refusal> {
  if (of.seed !== null) return refuse('already-decided');
  const awaited = readAwaited(of.drawName);
  if (awaited) return refuse('beacon-value-wrong', { address: addressOf(awaited) });
  if (at < of.drawAt) return refuse('draw-too-early');
  const [seed, isByOther] = [normaliseSeed(typed), of.typedBy !== null && of.typedBy !== actorId];
  if (isByOther && of.typedSeed === seed) return { order: await keepOrder(tx, of, seed, { drawnBy: actorId, actorId, at }), differs: false };
  await tx.update(panel).set({ typedSeed: seed, typedBy: actorId }).where(and(eq(panel.fundId, of.fundId), eq(panel.id, of.id)));
  await record(tx, { fundId: of.fundId, name: 'panel.entered', subject: { panel: of.id }, actorId, at });
  return { order: null, differs: isByOther };
}

/** The same by the value of the beacon that it waits for, whoever brings it. Refuses `already-decided`, and as `bringValue`. */
export async function drawByValue(tx: Transaction, of: reads.Panel, brought: Brought): Promise<string[] | Refusal> {
  if (of.seed !== null) return refuse('already-decided');
  const value = await bringValue(tx, of.fundId, of.drawName, brought);
  return value instanceof Refusal ? value : keepOrder(tx, of, value.text, { drawnBy: null, actorId: brought.actorId, at: brought.at });
}

async function keepOrder(tx: Transaction, of: reads.Panel, seed: string, given: { drawnBy: string | null; actorId: string | null; at: Date }): Promise<string[]> {
  const { fundId, id } = of;
  const order = drawOrder(of.pool, seed);
  for (const [index, code] of order.entries()) await tx.update(panelSeat).set({ place: index + 1 }).where(seatIs(fundId, id, code));
  await tx.update(panel).set({ seed, drawnBy: given.drawnBy, drawnAt: given.at }).where(and(eq(panel.fundId, fundId), eq(panel.id, id)));
  await record(tx, { fundId, name: 'panel.drawn', subject: { panel: id }, actorId: given.actorId, at: given.at });
  await fill(tx, of, of.seats, [], given.at);
  return order;
}

const seatIs = (fundId: string, panelId: string, code: string) => and(eq(panelSeat.fundId, fundId), eq(panelSeat.panelId, panelId), eq(panelSeat.code, code));

/** Asks the next of the draw until as many sit or are asked as are wanted; for each who left, the next of their area. */
async function fill(tx: Transaction, of: reads.Panel, wanted: number, areas: string[], at: Date): Promise<void> {
  const { fundId, id } = of;
  const areaOf = new Map(of.pool.map((entry) => [entry.code, entry.area]));
  for (;;) {
    const seats = await reads.seatsOf(tx, fundId, id);
    if (seats.filter((seat) => seat.state === 'asked' || seat.state === 'accepted').length >= wanted) return;
    const code = nextSeat(seats.map((seat) => ({ code: seat.code, area: areaOf.get(seat.code) ?? '', place: seat.place ?? 0, isAsked: seat.state !== 'pool' })), areas.shift() ?? null);
    if (!code) return;
    await tx.update(panelSeat).set({ state: 'asked', askedAt: at, answerBy: daysAfter(at, ANSWER_DAYS) }).where(seatIs(fundId, id, code));
    await record(tx, { fundId, name: 'panel.asked', subject: { panel: id, code }, actorId: null, at });
  }
}

/** Accepts a seat of a panel whose lock the caller holds, or passes it on. Refuses `already-decided` when it was passed on already. */
export async function answerSeat(tx: Transaction, of: reads.Panel, seat: reads.PanelSeat, answer: 'accept' | 'pass', at: Date): Promise<'accepted' | 'passed' | Refusal> {
  const to = answer === 'accept' ? 'accepted' : 'passed';
  if (seat.state === to) return to;
  if (seat.state !== 'asked' && !(seat.state === 'accepted' && to === 'passed')) return refuse('already-decided');
  await tx.update(panelSeat).set({ state: to, answeredAt: at }).where(seatIs(of.fundId, of.id, seat.code));
  await record(tx, { fundId: of.fundId, name: `panel.${to}`, subject: { panel: of.id, code: seat.code }, actorId: null, at });
  await settlePanel(tx, of, at, to === 'passed' ? [areaIn(of, seat.code)] : []);
  return to;
}

const areaIn = (of: reads.Panel, code: string): string => of.pool.find((entry) => entry.code === code)?.area ?? '';

/** Does what is due at `at`: who did not answer, or sits and did not decide in time, is replaced; where somebody must not decide, one more is asked. */
export async function settlePanel(tx: Transaction, of: reads.Panel, at: Date, areas: string[] = []): Promise<void> {
  const { fundId, id } = of;
  if (!(await reads.isSitting(tx, of))) return;
  const round = await holdGrantRoundById(tx, fundId, of.grantRoundId, 'share');
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  const sittings = await reads.sittingsOf(tx, of, charter, at);
  const isOverdue = (seat: reads.PanelSeat) => sittings.some(({ since, deciders, voted }) => deciders.includes(seat.accountId) && !voted.includes(seat.accountId)
    && at.getTime() > Math.max(since.getTime(), seat.answeredAt?.getTime() ?? 0) + charter.answerDays * DAY);
  for (const seat of await reads.seatsOf(tx, fundId, id)) {
    const to = seat.state === 'asked' && seat.answerBy && seat.answerBy < at ? 'silent' : seat.state === 'accepted' && isOverdue(seat) ? 'left' : null;
    if (!to) continue;
    await tx.update(panelSeat).set({ state: to }).where(seatIs(fundId, id, seat.code));
    await record(tx, { fundId, name: `panel.${to}`, subject: { panel: id, code: seat.code }, actorId: null, at });
    areas.push(areaIn(of, seat.code));
  }
  await fill(tx, of, of.seats + Math.max(0, ...sittings.map((sitting) => sitting.recused)), areas, at);
}

/**
 * One member's yes or no to a request whose lock the caller holds; the majority's last vote decides, and a yes sets the
 * money aside, or lists it until there is some. An appeal is decided in the same way by members who did not decide before. Refuses
 * `already-decided`, `not-on-panel`, `same-person`, `knows-applicant`, `proof-missing`.
 */
export async function voteOnPanel(tx: Transaction, of: reads.Panel, request: Request, verdict: Verdict, given: Doing): Promise<Request | Refusal> {
  const { fundId } = of;
  if (request.grantRoundId !== of.grantRoundId || request.agree !== 'panel') return refuse('not-found');
  if (request.state !== 'asked' && request.state !== 'appealed') return refuse('already-decided', { state: request.state });
  const seat = seatIn(request.state);
  const reason = await whyNotInTurn(tx, request, given.actorId, given.at);
  if (reason) return refuse(reason === 'you-decided' ? 'same-person' : 'knows-applicant');
  const round = await holdGrantRoundById(tx, fundId, request.grantRoundId, 'share');
  const charter = (await charterOf(tx, fundId, round.charterId as string)).content;
  if (await lacksProof(tx, request, charter)) return refuse('proof-missing');
  if (await limitInTheWay(tx, charter, request, given.at)) return refuse('not-on-panel');
  const [sitting] = await reads.sittingsOf(tx, of, charter, given.at, request.id);
  if (!sitting?.deciders.includes(given.actorId) || !(await reads.isSitting(tx, of))) return refuse('not-on-panel');
  await keepDecision(tx, request, seat, verdict, given);
  const votes = await reads.votesOn(tx, request);
  const said = majorityOf(of.seats, votes.map((vote) => vote.verdict));
  if (said === null) return request;
  if (said === 'yes') return awardOrList(tx, request, round, given);
  return moveRequest(tx, request, { to: seat === 'panel' ? 'declined' : 'upheld', reason: mostGiven(votes.flatMap((vote) => vote.reason ?? [])), ...given });
}

/** The reason that most gave; of two that are level, the one given first. */
function mostGiven(reasons: readonly string[]): string {
  const times = Map.groupBy(reasons, (reason) => reason);
  const [most] = [...times].sort((a, b) => b[1].length - a[1].length);
  if (!most) throw new Error('a panel said no without a reason');
  return most[0];
}

/** Keeps that a member was told, and of which request. */
export async function keepTold(tx: Transaction, seat: reads.PanelSeat, toldRequestId: string | null, at: Date): Promise<void> {
  await tx.update(panelSeat).set({ toldAt: at, toldRequestId }).where(seatIs(seat.fundId, seat.panelId, seat.code));
}
