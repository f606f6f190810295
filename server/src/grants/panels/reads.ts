/** Reads of panels. */
import { and, asc, count, desc, eq, exists, gte, inArray, isNotNull, isNull, not, notExists, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { request, requestDecision } from '@commonpot/db/grants';
import { panel, panelSeat, panelVolunteer } from '@commonpot/db/panels';
import { membership } from '@commonpot/db/people';
import { thankYou } from '@commonpot/db/thanks';
import { daysAfter } from '../../platform/days.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { appealedAt, leftToLook, proofsOf, yesOnAppeal } from '../decisions/reads.ts';
import { awaiting } from '../draw/reads.ts';
import { proofStillNeeded } from '../decisions/rules.ts';
import { limitInTheWay } from '../decisions/writes.ts';
import { isHeld, type Request } from '../requests/reads.ts';
import { DRAW_DAYS, seatIn, SITS_DAYS } from './rules.ts';

export type Panel = typeof panel.$inferSelect;
export type PanelSeat = typeof panelSeat.$inferSelect;

/** The area somebody would sit for, and whether they are told by a message; null when they would not. */
export async function volunteering(tx: Transaction, fundId: string, accountId: string): Promise<{ area: string; isTold: boolean } | null> {
  const [row] = await tx.select({ area: panelVolunteer.area, sealed: panelVolunteer.sealedContact }).from(panelVolunteer)
    .where(and(eq(panelVolunteer.fundId, fundId), eq(panelVolunteer.accountId, accountId), isNull(panelVolunteer.endedAt)));
  return row ? { area: row.area, isTold: row.sealed !== null } : null;
}

/** Residents who would sit on a panel, with how often they have; nobody who decides as an administrator. */
export async function volunteers(tx: Transaction, fundId: string): Promise<{ accountId: string; area: string; served: number }[]> {
  const ofAccount = (role: 'resident' | 'administrator') => tx.select({ one: sql`1` }).from(membership)
    .where(and(eq(membership.fundId, fundId), eq(membership.accountId, panelVolunteer.accountId), eq(membership.role, role), isNull(membership.endedAt)));
  const served = tx.select({ accountId: panelSeat.accountId, times: count().as('times') }).from(panelSeat)
    .where(and(eq(panelSeat.fundId, fundId), inArray(panelSeat.state, ['accepted', 'left']))).groupBy(panelSeat.accountId).as('served');
  const rows = await tx.select({ accountId: panelVolunteer.accountId, area: panelVolunteer.area, served: served.times }).from(panelVolunteer).leftJoin(served, eq(served.accountId, panelVolunteer.accountId))
    .where(and(eq(panelVolunteer.fundId, fundId), isNull(panelVolunteer.endedAt), exists(ofAccount('resident')), notExists(ofAccount('administrator'))));
  return rows.map((row) => ({ ...row, served: row.served ?? 0 }));
}

/** A panel by its id; null when the fund has none of it. */
export async function findPanel(tx: Transaction, fundId: string, id: string): Promise<Panel | null> {
  const [row] = await tx.select().from(panel).where(and(eq(panel.fundId, fundId), eq(panel.id, id)));
  return row ?? null;
}

/** Locks a panel until the transaction ends; null when the fund has none of this id. */
export async function lockPanel(tx: Transaction, fundId: string, id: string): Promise<Panel | null> {
  const [row] = await tx.select().from(panel).where(and(eq(panel.fundId, fundId), eq(panel.id, id))).for('update');
  return row ?? null;
}

export async function panelsOf(tx: Transaction, fundId: string, grantRoundId: string): Promise<Panel[]> {
  return tx.select().from(panel).where(and(eq(panel.fundId, fundId), eq(panel.grantRoundId, grantRoundId))).orderBy(desc(panel.id)).limit(50);
}

/** Panels that wait for a value of the beacon, those left out whose pool may be published anew. */
export async function awaitingValue(tx: Transaction, fundId: string, now: Date): Promise<Pick<Panel, 'id' | 'drawName'>[]> {
  return tx.select({ id: panel.id, drawName: panel.drawName }).from(panel)
    .where(and(eq(panel.fundId, fundId), isNull(panel.seed), gte(panel.drawAt, daysAfter(now, -DRAW_DAYS)), sql`is_beacon_draw(${panel.drawName})`)).orderBy(asc(panel.id));
}

/** Why no other pool is published for a round now: one waits for its draw, or was drawn a short while ago and has people left. */
export async function panelInTheWay(tx: Transaction, fundId: string, grantRoundId: string, now: Date): Promise<{ why: 'already-exists' | 'panel-sits'; until: Date } | null> {
  for (const each of await panelsOf(tx, fundId, grantRoundId)) {
    const until = each.drawnAt ? daysAfter(each.drawnAt, SITS_DAYS) : daysAfter(each.drawAt, DRAW_DAYS);
    if (until <= now) continue;
    if (!each.drawnAt) return { why: 'already-exists', until };
    const seats = await seatsOf(tx, fundId, each.id);
    const sitting = seats.filter((seat) => seat.state === 'asked' || seat.state === 'accepted').length;
    if (seats.some((seat) => seat.state === 'pool') || (sitting >= each.seats && !(await hasStuckAppeal(tx, each, now)))) return { why: 'panel-sits', until };
  }
  return null;
}

/** Whether an appeal waits before a panel that has too few left who did not decide it and do not know the person. */
async function hasStuckAppeal(tx: Transaction, of: Panel, now: Date): Promise<boolean> {
  const waiting = await tx.select().from(request).where(and(eq(request.fundId, of.fundId), eq(request.grantRoundId, of.grantRoundId), eq(request.agree, 'panel'), eq(request.state, 'appealed'))).limit(20);
  for (const each of waiting) if ((await yesOnAppeal(tx, each)) + (await leftToLook(tx, each, now)).length < (of.seats + 1) / 2) return true;
  return false;
}

/** Who decided something on a panel, and was not thanked for it; in the order of the draw. */
export async function unthanked(tx: Transaction, of: Panel): Promise<string[]> {
  const { fundId, id, grantRoundId } = of;
  const hasDecided = exists(tx.select({ one: sql`1` }).from(requestDecision).innerJoin(request, and(eq(request.fundId, requestDecision.fundId), eq(request.id, requestDecision.requestId)))
    .where(and(eq(requestDecision.fundId, fundId), eq(requestDecision.accountId, panelSeat.accountId), eq(requestDecision.seat, 'panel'), eq(request.grantRoundId, grantRoundId), gte(requestDecision.at, panelSeat.answeredAt))));
  const isThanked = exists(tx.select({ one: sql`1` }).from(thankYou).where(and(eq(thankYou.fundId, fundId), eq(thankYou.panelId, id), eq(thankYou.accountId, panelSeat.accountId))));
  const rows = await tx.select({ accountId: panelSeat.accountId }).from(panelSeat).where(and(
    eq(panelSeat.fundId, fundId), eq(panelSeat.panelId, id), isNotNull(panelSeat.answeredAt), hasDecided, not(isThanked))).orderBy(asc(panelSeat.place));
  return rows.map((row) => row.accountId);
}

/** Where members of a panel who are asked or sit want to be told, sealed; those who named nowhere are left out. */
export async function tellable(tx: Transaction, of: Panel): Promise<{ seat: PanelSeat; sealedContact: Buffer }[]> {
  const rows = await tx.select({ seat: panelSeat, sealedContact: panelVolunteer.sealedContact }).from(panelSeat)
    .innerJoin(panelVolunteer, and(eq(panelVolunteer.fundId, panelSeat.fundId), eq(panelVolunteer.accountId, panelSeat.accountId), isNotNull(panelVolunteer.sealedContact)))
    .where(and(eq(panelSeat.fundId, of.fundId), eq(panelSeat.panelId, of.id), inArray(panelSeat.state, ['asked', 'accepted'])));
  return rows.flatMap(({ seat, sealedContact }) => (sealedContact ? [{ seat, sealedContact }] : []));
}

/** Whether this is the panel that sits: the newest of its round that was drawn. */
export async function isSitting(tx: Transaction, of: Panel): Promise<boolean> {
  const [row] = await tx.select({ id: panel.id }).from(panel)
    .where(and(eq(panel.fundId, of.fundId), eq(panel.grantRoundId, of.grantRoundId), isNotNull(panel.seed))).orderBy(desc(panel.drawnAt), desc(panel.id)).limit(1);
  return row?.id === of.id;
}

/** The sitting panels of a fund, for the job that replaces who does not answer. */
export async function drawnPanels(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.selectDistinctOn([panel.grantRoundId], { id: panel.id }).from(panel).where(and(eq(panel.fundId, fundId), isNotNull(panel.seed))).orderBy(panel.grantRoundId, desc(panel.drawnAt), desc(panel.id));
  return rows.map((row) => row.id);
}

/** The pool of a panel in the order of its draw. */
export async function seatsOf(tx: Transaction, fundId: string, panelId: string): Promise<PanelSeat[]> {
  return tx.select().from(panelSeat).where(and(eq(panelSeat.fundId, fundId), eq(panelSeat.panelId, panelId))).orderBy(asc(panelSeat.place), asc(panelSeat.code));
}

/** The seats an account holds or is offered, on panels that sit. */
export async function seatsOfAccount(tx: Transaction, fundId: string, accountId: string): Promise<{ seat: PanelSeat; panel: Panel }[]> {
  const rows = await tx.select({ seat: panelSeat, panel }).from(panelSeat).innerJoin(panel, and(eq(panel.fundId, panelSeat.fundId), eq(panel.id, panelSeat.panelId)))
    .where(and(eq(panelSeat.fundId, fundId), eq(panelSeat.accountId, accountId), inArray(panelSeat.state, ['asked', 'accepted']))).orderBy(desc(panel.id));
  const sitting = [];
  for (const row of rows) if (await isSitting(tx, row.panel)) sitting.push(row);
  return sitting;
}

/** What was said so far on a request that waits, by account: since it was appealed, where it was. */
export async function votesOn(tx: Transaction, { fundId, id, state }: Pick<Request, 'fundId' | 'id' | 'state'>): Promise<{ accountId: string; verdict: 'yes' | 'no'; reason: string | null }[]> {
  return tx.select({ accountId: requestDecision.accountId, verdict: requestDecision.verdict, reason: requestDecision.reason }).from(requestDecision)
    .where(and(eq(requestDecision.fundId, fundId), eq(requestDecision.requestId, id), eq(requestDecision.seat, seatIn(state)))).orderBy(asc(requestDecision.id));
}

/** Everything decided on these requests, in its order, by request. */
async function decisionsOn(tx: Transaction, fundId: string, requestIds: readonly string[]) {
  const rows = await tx.select({ requestId: requestDecision.requestId, accountId: requestDecision.accountId, seat: requestDecision.seat }).from(requestDecision)
    .where(and(eq(requestDecision.fundId, fundId), inArray(requestDecision.requestId, [...requestIds]))).orderBy(asc(requestDecision.id));
  return Map.groupBy(rows, (row) => row.requestId);
}

/** The members of a panel who know the person behind each of these requests, by request. */
async function knownOnPanel(tx: Transaction, of: Panel, requestIds: readonly string[], now: Date): Promise<Map<string, string[]>> {
  const rows = await tx.select({ requestId: request.id, accountId: panelSeat.accountId }).from(panelSeat)
    .innerJoin(request, and(eq(request.fundId, panelSeat.fundId), inArray(request.id, [...requestIds])))
    .where(and(eq(panelSeat.fundId, of.fundId), eq(panelSeat.panelId, of.id), eq(panelSeat.state, 'accepted'),
      sql`knows_applicant(${of.fundId}, ${panelSeat.accountId}, ${request.applicantId}, ${now.toISOString()}::timestamptz) is not null`));
  return new Map([...Map.groupBy(rows, (row) => row.requestId)].map(([id, each]) => [id, each.map((row) => row.accountId)]));
}

export interface Sitting {
  request: Request;
  /** Since when it waits: since it was asked, or appealed. */
  since: Date;
  /** Who decides it: who has, and of the others the first in the order of the draw who may, up to the panel's seats. */
  deciders: string[];
  voted: string[];
  /** Members who must not decide it. */
  recused: number;
}

/** What waits for a panel and lacks no proof, with who decides each. Leaves the transaction in the fund's scope. */
export async function sittingsOf(tx: Transaction, of: Panel, charter: Charter, now: Date, requestId?: string): Promise<Sitting[]> {
  const { fundId } = of;
  const waiting = await tx.select().from(request).where(and(
    eq(request.fundId, fundId), eq(request.grantRoundId, of.grantRoundId), eq(request.agree, 'panel'), inArray(request.state, ['asked', 'appealed']), sql`not ${isHeld}`, sql`not ${awaiting}`, requestId ? eq(request.id, requestId) : undefined)).orderBy(asc(request.id)).limit(200);
  const members = (await seatsOf(tx, fundId, of.id)).filter((seat) => seat.state === 'accepted');
  const appealed = await appealedAt(tx, fundId, waiting.flatMap((each) => (each.state === 'appealed' ? [each.id] : [])));
  const proofs = await proofsOf(tx, fundId, waiting.map((each) => each.applicantId));
  const decided = await decisionsOn(tx, fundId, waiting.map((each) => each.id));
  const known = await knownOnPanel(tx, of, waiting.map((each) => each.id), now);
  const sittings: Sitting[] = [];
  for (const each of waiting) {
    if (proofStillNeeded(charter, each.cumulativeMinor, proofs.get(each.applicantId) ?? []) || (await limitInTheWay(tx, charter, each, now))) continue;
    const before = decided.get(each.id) ?? [];
    const voted = before.filter((one) => one.seat === seatIn(each.state)).map((one) => one.accountId);
    // On appeal somebody else looks again: whoever decided before stands aside.
    const aside = new Set([...before.filter((one) => one.seat !== seatIn(each.state)).map((one) => one.accountId), ...(known.get(each.id) ?? []), each.helperAccountId]);
    const recused = new Set(members.map((seat) => seat.accountId).filter((accountId) => aside.has(accountId)));
    const free = members.map((seat) => seat.accountId).filter((accountId) => !voted.includes(accountId) && !recused.has(accountId));
    sittings.push({ request: each, since: appealed.get(each.id) ?? each.askedAt, voted, recused: recused.size, deciders: [...voted, ...free].slice(0, of.seats) });
  }
  await setScope(tx, { fund: fundId });
  return sittings;
}
