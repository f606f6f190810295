/** Reads for those who decide. */
import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '@commonpot/db/client';
import { addressProof, apartWord, deciderDoor } from '@commonpot/db/decisions';
import { applicant, request, requestDecision, requestMove } from '@commonpot/db/grants';
import { panel, panelSeat } from '@commonpot/db/panels';
import { membership } from '@commonpot/db/people';
import { takeTurn } from '../../payouts/turns.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import { awaiting } from '../draw/reads.ts';
import { isHeld, type Request } from '../requests/reads.ts';
import type { GrantRound } from '../rounds/rules.ts';
import { WAITING } from '../requests/rules.ts';
import { proofStillNeeded, type NotYou } from './rules.ts';

const BESIDE_MOST = 10;

const waitingIn = (fundId: string, grantRoundId: string) => and(eq(request.fundId, fundId), eq(request.grantRoundId, grantRoundId), inArray(request.state, [...WAITING]), sql`not ${isHeld}`, sql`not ${awaiting}`);

/** Requests that wait, oldest first; one more than `limit` says that there is another page. */
export async function waitingRequests(tx: Transaction, fundId: string, grantRoundId: string, given: { limit: number; after: string | undefined }) {
  const helper = tx.select({ accountId: membership.accountId, name: sql<string>`min(${membership.name})`.as('name') }).from(membership).where(eq(membership.fundId, fundId)).groupBy(membership.accountId).as('helper');
  return tx.select({ request, person: applicant, helperName: helper.name }).from(request)
    .innerJoin(applicant, and(eq(applicant.fundId, request.fundId), eq(applicant.id, request.applicantId)))
    .leftJoin(helper, eq(helper.accountId, request.helperAccountId))
    .where(and(waitingIn(fundId, grantRoundId), given.after ? gt(request.id, given.after) : undefined))
    .orderBy(asc(request.id)).limit(given.limit + 1);
}

/** How many requests of a round wait. */
export async function countWaiting(tx: Transaction, fundId: string, grantRoundId: string): Promise<number> {
  return tx.$count(request, waitingIn(fundId, grantRoundId));
}

/** How many requests each of these helpers has brought. */
export async function broughtBy(tx: Transaction, fundId: string, accountIds: readonly string[]): Promise<Map<string, number>> {
  if (accountIds.length === 0) return new Map();
  const rows = await tx.select({ accountId: request.helperAccountId, count: count() }).from(request)
    .where(and(eq(request.fundId, fundId), inArray(request.helperAccountId, [...accountIds]))).groupBy(request.helperAccountId);
  return new Map(rows.map((row) => [row.accountId as string, row.count]));
}

type Decidable = Pick<Request, 'fundId' | 'id' | 'applicantId' | 'helperAccountId'>;

/** Why an account must not decide each of these requests; those it may are left out. Leaves the transaction in the account's own scope, beside the fund's. */
export async function whyNots(tx: Transaction, requests: readonly Decidable[], accountId: string, now: Date): Promise<Map<string, NotYou>> {
  const [first] = requests;
  if (!first) return new Map();
  const { fundId } = first;
  const known = await tx.select({ id: request.id, why: sql<NotYou | null>`knows_applicant(${fundId}, ${accountId}, ${request.applicantId}, ${now.toISOString()}::timestamptz)` }).from(request)
    .where(and(eq(request.fundId, fundId), inArray(request.id, requests.map((each) => each.id))));
  const decided = await tx.select({ id: requestDecision.requestId }).from(requestDecision)
    .where(and(eq(requestDecision.fundId, fundId), eq(requestDecision.accountId, accountId), inArray(requestDecision.requestId, requests.map((each) => each.id))));
  return new Map([
    ...decided.map(({ id }) => [id, 'you-decided'] as const),
    ...known.flatMap(({ id, why }) => (why ? [[id, why] as const] : [])),
    ...requests.filter((each) => each.helperAccountId === accountId).map(({ id }) => [id, 'you-helped'] as const),
  ]);
}

/** The same for one; null when they may. */
export async function whyNot(tx: Transaction, of: Decidable, accountId: string, now: Date): Promise<NotYou | null> {
  return (await whyNots(tx, [of], accountId, now)).get(of.id) ?? null;
}

/** Waits until nothing else that this account declares or decides is under way, until the transaction ends. The request is locked before. */
export const takeDecidersTurn = (tx: Transaction, fundId: string, accountId: string): Promise<void> => takeTurn(tx, `${fundId}:decider:${accountId}`);

/** `whyNot` for whoever is about to decide: what they declare in the same instant comes before or after. */
export async function whyNotInTurn(tx: Transaction, of: Decidable, accountId: string, now: Date): Promise<NotYou | null> {
  await takeDecidersTurn(tx, of.fundId, accountId);
  return whyNot(tx, of, accountId, now);
}

/** Everything somebody looked at of these people's addresses, by person. */
export async function proofsOf(tx: Transaction, fundId: string, applicantIds: readonly string[]) {
  const rows = applicantIds.length === 0 ? [] : await tx.select({ applicantId: addressProof.applicantId, how: addressProof.how }).from(addressProof)
    .where(and(eq(addressProof.fundId, fundId), inArray(addressProof.applicantId, [...applicantIds])));
  return Map.groupBy(rows, (row) => row.applicantId);
}

/** What is left of a proof of address that the charter asks for: to look at one, or to meet the person; null where nothing is. */
export async function proofLeft(tx: Transaction, { fundId, applicantId, cumulativeMinor }: Request, charter: Charter): Promise<'look' | 'meet' | null> {
  return proofStillNeeded(charter, cumulativeMinor, (await proofsOf(tx, fundId, [applicantId])).get(applicantId) ?? []);
}

/** Whether the charter asks for a proof of address that nobody has seen yet. */
export const lacksProof = async (tx: Transaction, of: Request, charter: Charter): Promise<boolean> => (await proofLeft(tx, of, charter)) !== null;

/** Who said of these people that they stand apart, by person. */
export async function apartWordsOf(tx: Transaction, fundId: string, applicantIds: readonly string[]) {
  const rows = applicantIds.length === 0 ? [] : await tx.select({ applicantId: apartWord.applicantId, accountId: apartWord.accountId }).from(apartWord)
    .where(and(eq(apartWord.fundId, fundId), inArray(apartWord.applicantId, [...applicantIds])));
  return Map.groupBy(rows, (row) => row.applicantId);
}

/** When each of these was appealed. */
export async function appealedAt(tx: Transaction, fundId: string, requestIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = requestIds.length === 0 ? [] : await tx.select({ id: requestMove.requestId, at: requestMove.at }).from(requestMove)
    .where(and(eq(requestMove.fundId, fundId), eq(requestMove.toState, 'appealed'), inArray(requestMove.requestId, [...requestIds])));
  return new Map(rows.map((row) => [row.id, row.at]));
}

export interface Beside {
  /** The request it lies beside. */
  of: string;
  why: 'same-person' | 'same-door';
  request: Request;
  person: typeof applicant.$inferSelect;
}

/** What the same people, and others at their doors, asked for since a moment: newest first, a few for each. Who stands apart is neither shown nor shown others. */
export async function besideThese(tx: Transaction, fundId: string, requestIds: readonly string[], since: Date): Promise<Map<string, Beside[]>> {
  if (requestIds.length === 0) return new Map();
  const [mine, me] = [alias(request, 'mine'), alias(applicant, 'me')];
  const isSameDoor = and(isNotNull(me.householdHash), eq(applicant.householdHash, me.householdHash), eq(me.standsApart, false), eq(applicant.standsApart, false), ne(applicant.id, me.id));
  const rows = await tx.select({ of: mine.id, request, person: applicant }).from(mine)
    .innerJoin(me, and(eq(me.fundId, mine.fundId), eq(me.id, mine.applicantId)))
    .innerJoin(applicant, and(eq(applicant.fundId, mine.fundId), sql`(${applicant.id} = ${me.id} or ${isSameDoor})`))
    .innerJoin(request, and(eq(request.fundId, mine.fundId), eq(request.applicantId, applicant.id), ne(request.id, mine.id), gt(request.askedAt, since)))
    .where(and(eq(mine.fundId, fundId), inArray(mine.id, [...requestIds]))).orderBy(desc(request.id)).limit(requestIds.length * BESIDE_MOST);
  const owners = new Map((await tx.select({ id: request.id, applicantId: request.applicantId }).from(request).where(and(eq(request.fundId, fundId), inArray(request.id, [...requestIds])))).map((row) => [row.id, row.applicantId]));
  const beside = rows.map((row): Beside => ({ ...row, why: row.person.id === owners.get(row.of) ? 'same-person' : 'same-door' }));
  return new Map([...Map.groupBy(beside, (each) => each.of)].map(([of, each]) => [of, each.slice(0, BESIDE_MOST)]));
}

/** Until when a door of this account is kept; null when there is none. */
export async function doorUntil(tx: Transaction, fundId: string, accountId: string, now: Date): Promise<Date | null> {
  const [row] = await tx.select({ until: deciderDoor.until }).from(deciderDoor)
    .where(and(eq(deciderDoor.fundId, fundId), eq(deciderDoor.accountId, accountId), isNotNull(deciderDoor.householdHash), gt(deciderDoor.until, now))).orderBy(desc(deciderDoor.until)).limit(1);
  return row?.until ?? null;
}

/** How many said yes to a request when they looked at it again. */
export async function yesOnAppeal(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>): Promise<number> {
  return tx.$count(requestDecision, and(eq(requestDecision.fundId, of.fundId), eq(requestDecision.requestId, of.id), eq(requestDecision.seat, 'appeal'), eq(requestDecision.verdict, 'yes')));
}

/** Who is left to look at an appeal: administrators, or those of the sitting panel's draw who can still sit, who did not decide it and do not know the person. */
export async function leftToLook(tx: Transaction, of: Request, now: Date): Promise<string[]> {
  const [sitting] = of.agree === 'panel'
    ? await tx.select({ id: panel.id }).from(panel).where(and(eq(panel.fundId, of.fundId), eq(panel.grantRoundId, of.grantRoundId), isNotNull(panel.seed))).orderBy(desc(panel.drawnAt), desc(panel.id)).limit(1)
    : [];
  const people = of.agree !== 'panel'
    ? await tx.selectDistinct({ accountId: membership.accountId }).from(membership).where(and(eq(membership.fundId, of.fundId), eq(membership.role, 'administrator'), isNull(membership.endedAt)))
    : sitting ? await tx.select({ accountId: panelSeat.accountId }).from(panelSeat).where(and(eq(panelSeat.fundId, of.fundId), eq(panelSeat.panelId, sitting.id), inArray(panelSeat.state, ['pool', 'asked', 'accepted']))) : [];
  const left = [];
  for (const { accountId } of people) if ((await whyNot(tx, of, accountId, now)) === null) left.push(accountId);
  return left;
}

/** Of a row of `request` by its own name: enough agreed to it, and it waits for money. */
export const isAgreed = sql<boolean>`(request.state = 'listed' and not ${awaiting})`;

/** Requests of a round that enough agreed to and that wait for money, whoever was agreed to first first. */
export async function waitingForMoney(tx: Transaction, of: Pick<GrantRound, 'fundId' | 'id'>): Promise<{ id: string; amountMinor: number }[]> {
  return tx.select({ id: request.id, amountMinor: request.amountMinor }).from(request)
    .innerJoin(requestMove, and(eq(requestMove.fundId, request.fundId), eq(requestMove.requestId, request.id), eq(requestMove.version, request.stateVersion)))
    .where(and(eq(request.fundId, of.fundId), eq(request.grantRoundId, of.id), isAgreed)).orderBy(asc(requestMove.at), asc(requestMove.id));
}

/** The rounds of a fund in which somebody waits for money. */
export async function roundsShortOfMoney(tx: Transaction, fundId: string): Promise<string[]> {
  const rows = await tx.selectDistinct({ id: request.grantRoundId }).from(request).where(and(eq(request.fundId, fundId), isAgreed)).orderBy(request.grantRoundId);
  return rows.map((row) => row.id);
}

/** How a request was decided, for the person themselves: how many looked at it and how many said yes, and no name. */
export async function howDecided(tx: Transaction, fundId: string, requestId: string): Promise<{ people: number; yes: number; panel: boolean }> {
  const rows = await tx.select({ seat: requestDecision.seat, verdict: requestDecision.verdict }).from(requestDecision).where(and(eq(requestDecision.fundId, fundId), eq(requestDecision.requestId, requestId)));
  return { people: rows.length, yes: rows.filter((row) => row.verdict === 'yes').length, panel: rows.some((row) => row.seat === 'panel') };
}
