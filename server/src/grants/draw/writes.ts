/** Writes of draws: named before anybody asks, committed to when nobody asks any more, drawn by the word of two. */
import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { drawEntry, drawResult, grantDraw, reservePick } from '@commonpot/db/draw';
import { timeZoneOf } from '../../people/reads.ts';
import { newCode, showCode } from '../../platform/codes.ts';
import { DAY, dayIn, daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Config } from '../../platform/config.ts';
import { addressOf, readAwaited } from '../../rounds/draws/beacon.ts';
import { beaconDrawAfter, usualDrawAfter } from '../../rounds/draws/usual.ts';
import { bringValue, type Brought } from '../../rounds/draws/writes.ts';
import { whyNotInTurn } from '../decisions/reads.ts';
import { holdOf, lockRequest, type Request } from '../requests/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { goDownList, letThrough, takeListTurn } from './list-writes.ts';
import * as reads from './reads.ts';
import { digestPool, digestTerms, drawList, inOrderOfCodes, reachOf, seedOf, ticketsOf, type Entry, type Terms } from './rules.ts';

const ROWS = 1000;
const WEEK = 7;
const CODE_CHARACTERS = 8;
/** As long as this the pool must stand before the value: half a day. */
const LEAST_MS = DAY / 2;

interface Doing {
  actorId: string;
  at: Date;
}

const isDraw = ({ fundId, id }: Pick<reads.GrantDraw, 'fundId' | 'id'>) => and(eq(grantDraw.fundId, fundId), eq(grantDraw.id, id));

interface Named {
  drawName: string;
  drawOn: string;
}

const named = ({ name, date }: { name: string; date: string }): Named => ({ drawName: name, drawOn: date });

/** The draw if its day is after `day`, else the same of later weeks. Days as YYYY-MM-DD. */
function laterThan({ drawName, drawOn }: Named, day: string): Named {
  let on = drawOn;
  while (on <= day) on = daysAfter(new Date(`${on}T00:00:00Z`), WEEK).toISOString().slice(0, 10);
  return { drawName, drawOn: on };
}

/** Of a value of the beacon: the one that was named, where it still leaves time to save the pool; else a later one. */
function laterValue(draw: Named, at: Date, beacon: Config['beacon']): Named {
  const awaited = readAwaited(draw.drawName);
  // The day in UTC is looked at, because the database holds to it.
  const isLater = awaited && awaited.at.getTime() - at.getTime() >= LEAST_MS && draw.drawOn > at.toISOString().slice(0, 10);
  return isLater ? { drawName: draw.drawName, drawOn: draw.drawOn } : named(beaconDrawAfter(beacon, at));
}

/**
 * Names the public draw of a window while it is a draft; null for the public beacon. The caller holds its lock. Refuses
 * `frozen`, `wrong-phase` (no window), `draw-too-early` unless it is held on a day after the window closes.
 */
export async function nameDraw(tx: Transaction, round: GrantRound, wanted: { name: string; date: string } | null, beacon: Config['beacon'], { actorId, at }: Doing): Promise<void | Refusal> {
  const { fundId, id } = round;
  if (round.phase !== 'draft') return refuse('frozen');
  if (round.kind !== 'window' || !round.closesAt) return refuse('wrong-phase', { phase: round.phase });
  const closes = dayIn(round.closesAt, await timeZoneOf(tx, fundId));
  const given = wanted ?? beaconDrawAfter(beacon, round.closesAt);
  if (wanted && given.date <= closes) return refuse('draw-too-early', { date: closes });
  const kept = { ...named(given), namedBy: actorId, namedAt: at };
  const known = await reads.findDraw(tx, round, 1);
  if (known) await tx.update(grantDraw).set(kept).where(isDraw(known));
  else await tx.insert(grantDraw).values({ fundId, id: newId(), grantRoundId: id, number: 1, ...kept });
  await record(tx, { fundId, name: 'draw.named', subject: { round: id }, actorId, at });
}

/** Fixes the public draw of a window and what is kept back of its money, when it opens and while it is a draft still. Does nothing where the charter draws nothing. */
export async function fixDraw(tx: Transaction, round: GrantRound, order: reads.DrawOrder, beacon: Config['beacon'], at: Date): Promise<void> {
  const { fundId, id, closesAt, budgetMinor } = round;
  if (round.kind !== 'window' || !closesAt || budgetMinor === null) return;
  const timeZone = await timeZoneOf(tx, fundId);
  const reserveMinor = Math.floor((budgetMinor * order.reservePercent) / 100);
  const known = await reads.findDraw(tx, round, 1);
  if (known) {
    // The hour of a value follows the close, which may have been moved since it was named.
    const draw = readAwaited(known.drawName) ? named(beaconDrawAfter(beacon, closesAt)) : laterThan(known, dayIn(closesAt, timeZone));
    return void (await tx.update(grantDraw).set({ reserveMinor, fixedAt: at, ...draw }).where(isDraw(known)));
  }
  await tx.insert(grantDraw).values({ fundId, id: newId(), grantRoundId: id, number: 1, ...named(usualDrawAfter(closesAt, { beacon, timeZone, days: 1 })), namedAt: at, fixedAt: at, reserveMinor });
  await record(tx, { fundId, name: 'draw.named', subject: { round: id }, actorId: null, at });
}

/** What a draw goes by, as it is hashed and published. */
export function termsOf(round: Pick<GrantRound, 'id'>, draw: Pick<reads.GrantDraw, 'number' | 'drawName' | 'drawOn'>, drawing: { order: reads.DrawOrder; version: number; digest: Buffer }): Terms {
  const { order, version, digest } = drawing;
  return {
    charter: { version, digest: digest.toString('hex') }, weights: { firstTime: order.firstTimeTickets, missed: order.missedTickets, most: order.mostTickets },
    round: round.id, number: draw.number, draw: { name: draw.drawName, date: draw.drawOn },
  };
}

/**
 * Commits to the pool of a round: of a window once nobody can ask any more, of a rolling round when its pot no longer meets
 * what waits. Everybody is let through where the money meets them all; else the public draw is waited for. Where the charter
 * draws nothing, or the pool is committed to, it changes nothing. Answers whether it committed.
 */
export async function commitPool(tx: Transaction, round: GrantRound, beacon: Config['beacon'], at: Date): Promise<boolean> {
  const drawing = await reads.drawingOf(tx, round);
  if (!drawing) return false;
  await takeListTurn(tx, round);
  const draw = round.kind === 'window' ? await reads.findDraw(tx, round, 1) : await openShortDraw(tx, round, beacon, at);
  if (!draw || draw.committedAt) return false;
  const candidates = await reads.candidatesOf(tx, round);
  const pool = await keepPool(tx, round, draw, candidates, drawing.order);
  const today = dayIn(at, await timeZoneOf(tx, round.fundId));
  // The day in UTC is looked at too, because the database holds to it.
  const later = readAwaited(draw.drawName) ? laterValue(draw, at, beacon) : laterThan(draw, today > at.toISOString().slice(0, 10) ? today : at.toISOString().slice(0, 10));
  const { availableMinor } = await reads.moneyOf(tx, round);
  const isEnough = round.kind === 'window' && reachOf(candidates, availableMinor) === candidates.length;
  const [termsDigest, poolDigest] = [digestTerms(termsOf(round, { ...draw, ...later }, drawing)), digestPool(pool)];
  await tx.update(grantDraw).set({ committedAt: at, ...later, termsDigest, poolDigest, isEnough }).where(isDraw(draw));
  await record(tx, { fundId: round.fundId, name: 'draw.committed', subject: { draw: draw.id, round: round.id, terms: termsDigest.toString('hex'), pool: poolDigest.toString('hex'), enough: String(isEnough) }, actorId: null, at });
  if (isEnough) await letThrough(tx, candidates, 'enough', at);
  return true;
}

/** A draw of a rolling round whose pot does not meet what waits, or whose list is not empty while others ask; null where there is nothing to draw. */
async function openShortDraw(tx: Transaction, round: GrantRound, beacon: Config['beacon'], at: Date): Promise<reads.GrantDraw | null> {
  const { fundId, id } = round;
  if (round.phase !== 'open' || (await reads.pendingDraw(tx, round))) return null;
  const candidates = await reads.candidatesOf(tx, round);
  if (candidates.length === 0) return null;
  // Whoever asks while others are on the list waits already, and is drawn next.
  const { availableMinor } = await reads.moneyOf(tx, round);
  if (availableMinor >= 0 && !(await reads.awaitsDraw(tx, candidates[0] as Request))) return null;
  const [last] = await reads.drawsOf(tx, round);
  const [made] = await tx.insert(grantDraw).values({
    fundId, id: newId(), grantRoundId: id, number: (last?.number ?? 0) + 1, ...named(usualDrawAfter(at, { beacon, timeZone: await timeZoneOf(tx, fundId), days: 1 })), namedAt: at, fixedAt: at,
  }).returning();
  await record(tx, { fundId, name: 'draw.named', subject: { round: id }, actorId: null, at });
  return made ?? null;
}

async function keepPool(tx: Transaction, round: GrantRound, draw: reads.GrantDraw, candidates: readonly Request[], order: reads.DrawOrder): Promise<Entry[]> {
  const standings = await reads.standingsOf(tx, round, candidates);
  const weights = { firstTime: order.firstTimeTickets, missed: order.missedTickets, most: order.mostTickets };
  const codes = newCodes(candidates.length);
  const entries = candidates.map((each, index) => {
    const standing = standings.get(each.id);
    if (!standing) throw new Error('a request without its standing');
    return { requestId: each.id, code: codes[index] as string, ...standing, tickets: ticketsOf(standing, weights) };
  });
  for (let from = 0; from < entries.length; from += ROWS) await tx.insert(drawEntry).values(entries.slice(from, from + ROWS).map((each) => ({ fundId: draw.fundId, drawId: draw.id, ...each })));
  return inOrderOfCodes(entries);
}

/** So many codes, no two of them the same. */
function newCodes(many: number): string[] {
  const codes = new Set<string>();
  while (codes.size < many) codes.add(showCode(newCode(CODE_CHARACTERS)));
  return [...codes];
}

export interface TypedResult {
  drawnOn: string;
  text: string;
  evidence: string;
  missed: string[];
}

/**
 * Types what the public draw said. The second person who types the same confirms it: the list is drawn, and the money goes
 * down it. Refuses `already-decided`, `nothing-to-draw` where no pool waits for a result, and `beacon-value-wrong` where no typed one does.
 */
export async function enterResult(tx: Transaction, round: GrantRound, of: reads.GrantDraw, typed: TypedResult, { actorId, at }: Doing): Promise<{ confirmed: boolean; differs: boolean } | Refusal> {
  await takeListTurn(tx, round);
  const draw = await reads.lockDraw(tx, of);
  if (draw.drawnAt) return refuse('already-decided');
  if (!draw.committedAt || draw.isEnough) return refuse('nothing-to-draw');
  const awaited = readAwaited(draw.drawName);
  if (awaited) return refuse('beacon-value-wrong', { address: addressOf(awaited) });
  const { fundId, id: drawId } = draw;
  const results = await reads.resultsOf(tx, draw);
  const other = results.find((each) => each.enteredBy !== actorId && each.text === typed.text && each.drawnOn === typed.drawnOn && each.missed.join() === typed.missed.join());
  if (!other) {
    await tx.insert(drawResult).values({ fundId, drawId, enteredBy: actorId, ...typed, enteredAt: at })
      .onConflictDoUpdate({ target: [drawResult.fundId, drawResult.drawId, drawResult.enteredBy], set: { ...typed, enteredAt: at } });
    await record(tx, { fundId, name: 'draw.entered', subject: { draw: drawId }, actorId, at });
    return { confirmed: false, differs: results.some((each) => each.enteredBy !== actorId) };
  }
  await tx.update(drawResult).set({ confirmedBy: actorId, confirmedAt: at }).where(and(eq(drawResult.fundId, fundId), eq(drawResult.drawId, drawId), eq(drawResult.enteredBy, other.enteredBy)));
  await record(tx, { fundId, name: 'draw.confirmed', subject: { draw: drawId }, actorId, at });
  await keepOrder(tx, draw, { drawnOn: other.drawnOn, text: other.text, evidence: other.evidence, missed: other.missed }, at);
  await goDownList(tx, round, at);
  return { confirmed: true, differs: false };
}

/**
 * Enters the value of the beacon that a draw waits for: the list is drawn, and the money goes down it. One who brings it is
 * enough. Refuses `already-decided`, `nothing-to-draw`, and as `bringValue`.
 */
export async function enterValue(tx: Transaction, round: GrantRound, of: reads.GrantDraw, brought: Brought): Promise<{ confirmed: boolean; differs: boolean } | Refusal> {
  await takeListTurn(tx, round);
  const draw = await reads.lockDraw(tx, of);
  if (draw.drawnAt) return refuse('already-decided');
  if (!draw.committedAt || draw.isEnough) return refuse('nothing-to-draw');
  const value = await bringValue(tx, draw.fundId, draw.drawName, brought);
  if (value instanceof Refusal) return value;
  await keepOrder(tx, draw, { drawnOn: draw.drawOn, text: value.text, evidence: addressOf(value.awaited), missed: [] }, brought.at);
  await goDownList(tx, round, brought.at);
  return { confirmed: true, differs: false };
}

/** Draws the list by its seed and keeps each place. */
async function keepOrder(tx: Transaction, draw: reads.GrantDraw, result: TypedResult, at: Date): Promise<void> {
  if (!draw.termsDigest || !draw.poolDigest) throw new Error('a pool that was not committed to is not drawn');
  const { fundId, id: drawId } = draw;
  const { pool } = await reads.poolOf(tx, draw);
  const seed = seedOf({ terms: draw.termsDigest, pool: draw.poolDigest, text: result.text });
  const order = drawList(pool, seed);
  await tx.update(grantDraw).set({ ...result, seed, drawnAt: at }).where(isDraw(draw));
  await tx.execute(sql`update draw_entry e set place = given.place from unnest(${sql.param(order)}::text[]) with ordinality as given (code, place)
    where e.fund_id = ${fundId}::uuid and e.draw_id = ${drawId}::uuid and e.code = given.code`);
  await record(tx, { fundId, name: 'draw.drawn', subject: { draw: drawId, round: draw.grantRoundId, seed: seed.toString('hex') }, actorId: null, at });
}

/**
 * One person's word that a request cannot wait; with a second's it is let through, out of what is kept back. Refuses
 * `wrong-phase`, `already-decided` (does not wait, or is let through), `knows-applicant`, `same-person`, `reserve-too-small`.
 */
export async function pickFromReserve(tx: Transaction, round: GrantRound, requestId: string, { actorId, at }: Doing): Promise<{ confirmed: boolean } | Refusal> {
  const { fundId } = round;
  await takeListTurn(tx, round);
  const asked = await lockRequest(tx, fundId, requestId);
  const draw = await reads.findDraw(tx, round, 1);
  // Whoever waits for their day is shown to nobody who decides.
  if (!asked || asked.grantRoundId !== round.id || (await holdOf(tx, asked))) return refuse('not-found');
  if (!draw || round.kind !== 'window' || !['open', 'deciding'].includes(round.phase)) return refuse('wrong-phase', { phase: round.phase });
  if (!['asked', 'listed'].includes(asked.state) || !(await reads.awaitsDraw(tx, asked))) return refuse('already-decided', { state: asked.state });
  if (await whyNotInTurn(tx, asked, actorId, at)) return refuse('knows-applicant');
  const { reserveMinor } = await reads.moneyOf(tx, round);
  if (asked.amountMinor > reserveMinor) return refuse('reserve-too-small', { leftMinor: reserveMinor });
  const pick = await reads.findPick(tx, asked);
  if (pick?.pickedBy === actorId) return refuse('same-person');
  if (!pick) {
    await tx.insert(reservePick).values({ fundId, requestId, drawId: draw.id, pickedBy: actorId, pickedAt: at });
    await record(tx, { fundId, name: 'reserve.picked', subject: { request: requestId }, actorId, at });
    return { confirmed: false };
  }
  await tx.update(reservePick).set({ confirmedBy: actorId, confirmedAt: at }).where(and(eq(reservePick.fundId, fundId), eq(reservePick.requestId, requestId)));
  await record(tx, { fundId, name: 'reserve.confirmed', subject: { request: requestId }, actorId, at });
  if (await reads.entryOf(tx, asked)) await letThrough(tx, [asked], 'reserve', at);
  else {
    await tx.insert(drawEntry).values({ fundId, drawId: draw.id, requestId, code: newCodes(1)[0] as string, letAt: at, letAs: 'reserve' });
    await record(tx, { fundId, name: 'request.let-through', subject: { request: requestId, as: 'reserve' }, actorId: null, at });
  }
  return { confirmed: true };
}
