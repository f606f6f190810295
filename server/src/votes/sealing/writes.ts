/** Writes of the sealing: the one transaction that seals, and what two people may do before it. */
import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { ballotVoid, electorStrike, lotDraw, provisionalCount, seal, tally, turnoutCheck, turnoutRoll } from '@commonpot/db/votes';
import { dayIn } from '../../platform/days.ts';
import { refuse, Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { bringValue, type Brought } from '../../rounds/draws/writes.ts';
import { lockRoundById } from '../../rounds/reads.ts';
import { markSealed } from '../../rounds/writes.ts';
import type { RoundKeys } from '../ballots/protocol.ts';
import type { NeedsLot, Outcome } from '../counting/outcome.ts';
import { readHeads, readLeaves, type RoundRef } from '../log/reads.ts';
import { readStatement } from '../log/statement-writes.ts';
import { bytesOf, countedLine, sha256Hex } from '../published/files.ts';
import { SMALLEST_CROWD, type SealedRound } from '../published/record.ts';
import { rootOf } from '../published/tree.ts';
import { readPublishedOrder } from '../hall/reads.ts';
import { readSignatures, readWaiver } from '../observers/reads.ts';
import { isOnPaper, readDone } from '../paper/reads.ts';
import { erasePaperRoll } from '../paper/writes.ts';
import { confirmedStrikes, openRoundBox, type OpenedBox } from './box-reads.ts';
import { decide } from './deciding.ts';
import { hideSmall } from './figures.ts';
import { countStrikes, findStrike, isAccountOf, lastProvisional, readDraw, readObjections, readSeal, readSealedBallots, type SealFacts } from './reads.ts';

export interface Decided {
  round: SealedRound;
  outcome: Outcome;
  opened: OpenedBox;
}

/** The round as it would be sealed now. Opens every ballot. Null for a round that was opened without a statement. */
export async function decideRound(tx: Transaction, ref: RoundRef, keys: RoundKeys, timeZone: string): Promise<Decided | NeedsLot | null> {
  const statement = await readStatement(tx, ref.fundId, ref.roundId);
  if (!statement) return null;
  const [leaves, heads, draw, struck] = [await readLeaves(tx, ref), await readHeads(tx, ref), await readDraw(tx, ref), await confirmedStrikes(tx, ref)];
  const opened = await openRoundBox(tx, ref, keys);
  const decided = await decide(statement, opened.counted, { keys, root: rootOf(leaves), draw });
  if ('kind' in decided) return decided;
  const strikes = struck.map(({ reason, confirmedAt }) => ({ on: dayIn(confirmedAt as Date, timeZone), reason })).sort((a, b) => (`${a.on}${a.reason}` < `${b.on}${b.reason}` ? -1 : 1));
  const people = opened.turnout.length;
  const channels = (await readDone(tx, ref)) ? hideSmall([{ name: 'online', people: people - opened.onPaper }, { name: 'paper', people: opened.onPaper }]) : [];
  const hall = await readPublishedOrder(tx, ref, statement);
  const areas = hideSmall([...opened.byArea].map(([name, inIt]) => ({ name, people: inIt })).sort((a, b) => (a.name < b.name ? -1 : 1)));
  return {
    outcome: decided.outcome, opened,
    round: {
      statement, leaves, heads: heads.map((head) => head.note), counted: opened.counted, voided: opened.voided, lot: decided.lot, strikes,
      turnout: {
        people, channels: channels.map(({ name, people: inIt }) => ({ channel: name, people: inIt })),
        // By area where there is more than one.
        ...(areas.length > 1 && { areas: areas.map(({ name, people: inIt }) => ({ area: name, people: inIt })) }),
      }, spoiledPaper: Math.max(0, opened.onPaper - opened.paperBallots), observed: [], ...(hall && { hall }),
    },
  };
}

/** Counts a closed round that has no count as things stand now; a figure of it is kept nowhere. Two at once wait for each other. */
export async function countProvisionally(tx: Transaction, ref: RoundRef, given: { keys: RoundKeys; timeZone: string; now: Date }): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (found?.phase !== 'counting' || (await readSeal(tx, ref))) return refuse('wrong-phase');
  const [last, strikes, draw] = [await lastProvisional(tx, ref), await countStrikes(tx, ref), await readDraw(tx, ref)];
  if (last?.strikes === strikes && last.withDraw === (draw !== null)) return undefined;
  const statement = await readStatement(tx, ref.fundId, ref.roundId);
  if (!statement) return refuse('not-ready', { missing: ['statement'] });
  const opened = await openRoundBox(tx, ref, given.keys);
  const decided = await decide(statement, opened.counted, { keys: given.keys, root: rootOf(await readLeaves(tx, ref)), draw });
  const outcome = 'kind' in decided ? null : decided.outcome;
  // In the order of the ballot: in which order they were taken would say more than which.
  const inOrder = (ids: readonly string[]) => statement.projects.map((project) => project.number).filter((number) => ids.includes(number));
  await tx.insert(provisionalCount).values({
    ...ref, number: (last?.number ?? 0) + 1, winners: inOrder(outcome?.winners ?? []), costMinor: outcome?.costMinor ?? 0,
    tied: 'kind' in decided ? inOrder(decided.tied) : [], ties: outcome?.ties.map((tie) => [...tie.tied]) ?? [], ballots: opened.ballots, strikes, withDraw: draw !== null, countedAt: given.now,
  });
  await record(tx, { fundId: ref.fundId, name: 'round.counted', subject: { round: ref.roundId }, actorId: null, at: given.now });
  return undefined;
}

/** The one transaction of the seal. Everything is written in the order of its leaf or its id; the caller has checked what will be published. */
export async function writeSealRows(tx: Transaction, ref: RoundRef, given: { keys: RoundKeys; timeZone: string; now: Date }): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (found?.phase !== 'counting') return refuse('wrong-phase');
  if (await readSeal(tx, ref)) return undefined;
  const decided = await decideRound(tx, ref, given.keys, given.timeZone);
  if (!decided || 'kind' in decided || !found.ruleDigest) return refuse('needs-lot');
  const { round, outcome, opened } = decided;
  const totalsOnly = round.counted.length < SMALLEST_CROWD;
  const facts: SealFacts = { turnout: round.turnout, spoiledPaper: round.spoiledPaper, strikes: round.strikes, lot: round.lot, totalsOnly, root: rootOf(round.leaves).toString('hex') };
  await tx.insert(seal).values({ ...ref, facts, at: given.now });
  await tx.insert(tally).values({
    ...ref, ruleDigest: found.ruleDigest, inputDigest: Buffer.from(sha256Hex(bytesOf(round.counted.map(countedLine))), 'hex'),
    ballots: round.counted.length, outcome, countedAt: given.now,
  });
  if (!totalsOnly) await insertCounted(tx, ref, round);
  for (let from = 0; from < round.voided.length; from += ROWS) await tx.insert(ballotVoid).values(round.voided.slice(from, from + ROWS).map((each) => ({ ...ref, ...each })));
  for (let from = 0; from < opened.turnout.length; from += ROWS) await tx.insert(turnoutRoll).values(opened.turnout.slice(from, from + ROWS).map((electorId) => ({ ...ref, electorId })));
  return undefined;
}

const ROWS = 2000;

async function insertCounted(tx: Transaction, { fundId, roundId }: RoundRef, { counted }: SealedRound): Promise<void> {
  for (let from = 0; from < counted.length; from += ROWS) {
    const some = counted.slice(from, from + ROWS);
    const column = (of: (each: (typeof some)[number]) => Buffer) => sql.param(some.map(of));
    await tx.execute(sql`insert into ballot_counted (fund_id, round_id, leaf, void, salt, ballot)
      select ${fundId}::uuid, ${roundId}::uuid, * from unnest(${column((each) => each.leaf)}::bytea[], ${column((each) => each.void)}::bytea[], ${column((each) => each.salt)}::bytea[], ${column((each) => each.ballot)}::bytea[])`);
  }
}

/**
 * The sealed round as it is published, from its rows. Of a small round the ballots themselves are in no row: they are
 * opened once more, and null is the answer when the key is gone already.
 */
export async function readSealedRound(tx: Transaction, ref: RoundRef, keys: RoundKeys | null): Promise<SealedRound | null> {
  const [sealed, statement] = [await readSeal(tx, ref), await readStatement(tx, ref.fundId, ref.roundId)];
  if (!sealed || !statement || (sealed.facts.totalsOnly && !keys)) return null;
  const { turnout, spoiledPaper, strikes, lot, totalsOnly } = sealed.facts;
  const rows = await readSealedBallots(tx, ref);
  const [signatures, waiver] = [await readSignatures(tx, ref), await readWaiver(tx, ref)];
  const hall = await readPublishedOrder(tx, ref, statement);
  const counted = totalsOnly && keys ? (await openRoundBox(tx, ref, keys)).counted : rows.counted;
  return { statement, leaves: await readLeaves(tx, ref), heads: (await readHeads(tx, ref)).map((head) => head.note), counted, voided: rows.voided, turnout, spoiledPaper, strikes, lot, observed: signatures.map(({ note }) => note), ...(waiver && { waived: waiver.reason }), ...(hall && { hall }) };
}

/** The end of the sealing: the key is gone, and the round says so. Doing it again changes nothing. */
export async function endSealing(tx: Transaction, ref: RoundRef, now: Date): Promise<void> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  if (!found || found.sealedAt) return;
  await markSealed(tx, ref.fundId, ref.roundId, now);
  await record(tx, { fundId: ref.fundId, name: 'round.sealed', subject: { round: ref.roundId }, actorId: null, at: now });
}

/** Drops what is left of a sealed round's ballots. Waits for nobody longer than three seconds; the next run tries again. */
export async function dropBox(tx: Transaction, { fundId, roundId }: RoundRef): Promise<void> {
  await tx.execute(sql`set local lock_timeout = '3s'`);
  await tx.execute(sql`select drop_ballot_box(${fundId}::uuid, ${roundId}::uuid)`);
}

/** Erases in whose name ballots were counted, and who was given a paper ballot. */
export async function eraseRoll(tx: Transaction, { fundId, roundId }: RoundRef): Promise<void> {
  await tx.delete(turnoutRoll).where(and(eq(turnoutRoll.fundId, fundId), eq(turnoutRoll.roundId, roundId)));
  await erasePaperRoll(tx, { fundId, roundId });
}

/** Refuses unless entries may still be struck: after the close, before objections end, before the seal. The round's row is locked. */
async function findObjectionsOpen(tx: Transaction, ref: RoundRef, now: Date): Promise<void | Refusal> {
  const found = await lockRoundById(tx, ref.fundId, ref.roundId);
  const objections = found && (await readObjections(tx, found));
  if (found?.phase !== 'counting' || !objections || now >= objections.endsAt || (await readSeal(tx, ref))) return refuse('wrong-phase', { phase: found?.phase ?? '' });
}

export interface Strike extends RoundRef {
  electorId: string;
  accountId: string;
  now: Date;
}

/** One person asks for an entry to be struck. Whether a ballot lies behind it is not looked at. */
export async function proposeStrike(tx: Transaction, strike: Strike, reason: string): Promise<void | Refusal> {
  const refusal = await findObjectionsOpen(tx, strike, strike.now);
  if (refusal) return refusal;
  if (await isAccountOf(tx, strike, strike.electorId, strike.accountId)) return refuse('own-entry');
  // Nobody can find their sheet among the others.
  if (await isOnPaper(tx, strike, strike.electorId)) return refuse('voted-on-paper');
  const { fundId, roundId, electorId, accountId, now } = strike;
  const made = await tx.insert(electorStrike).values({ fundId, roundId, electorId, reason, proposedBy: accountId, proposedAt: now }).onConflictDoNothing().returning({ electorId: electorStrike.electorId });
  if (made.length === 0) return refuse('already-exists');
  await record(tx, { fundId, name: 'objection.proposed', subject: { round: roundId, elector: electorId }, actorId: accountId, at: now });
}

/** Another person agrees. Neither of the two stands behind the entry. */
export async function confirmStrike(tx: Transaction, strike: Strike): Promise<void | Refusal> {
  const refusal = await findObjectionsOpen(tx, strike, strike.now);
  if (refusal) return refusal;
  const { fundId, roundId, electorId, accountId, now } = strike;
  const found = await findStrike(tx, strike, electorId);
  if (!found) return refuse('not-found');
  if (found.confirmedBy) return refuse('already-decided');
  if (found.proposedBy === accountId) return refuse('same-person');
  if (await isAccountOf(tx, strike, electorId, accountId)) return refuse('own-entry');
  await tx.update(electorStrike).set({ confirmedBy: accountId, confirmedAt: now }).where(ofStrike(strike));
  await record(tx, { fundId, name: 'objection.confirmed', subject: { round: roundId, elector: electorId }, actorId: accountId, at: now });
}

/** Takes back what nobody has agreed to. */
export async function dropStrike(tx: Transaction, strike: Strike): Promise<void | Refusal> {
  const refusal = await findObjectionsOpen(tx, strike, strike.now);
  if (refusal) return refusal;
  const found = await findStrike(tx, strike, strike.electorId);
  if (!found) return refuse('not-found');
  if (found.confirmedBy) return refuse('already-decided');
  await tx.delete(electorStrike).where(ofStrike(strike));
  await record(tx, { fundId: strike.fundId, name: 'objection.dropped', subject: { round: strike.roundId, elector: strike.electorId }, actorId: strike.accountId, at: strike.now });
}

const ofStrike = ({ fundId, roundId, electorId }: Strike) => and(eq(electorStrike.fundId, fundId), eq(electorStrike.roundId, roundId), eq(electorStrike.electorId, electorId));

export interface TypedDraw {
  drawnOn: string;
  text: string;
  evidence: string;
  missed: string[];
}

/** Enters the value of the beacon that a round waits for. One who brings it is enough. Refuses `already-decided`, and as `bringValue`. */
export async function enterValue(tx: Transaction, ref: RoundRef, name: string, brought: Brought): Promise<void | Refusal> {
  await lockRoundById(tx, ref.fundId, ref.roundId);
  if (await readDraw(tx, ref)) return refuse('already-decided');
  const value = await bringValue(tx, ref.fundId, name, brought);
  if (value instanceof Refusal) return value;
  await record(tx, { fundId: ref.fundId, name: 'draw.confirmed', subject: { round: ref.roundId }, actorId: brought.actorId, at: brought.at });
}

/** Types what the draw said. The second person who types the same confirms it; who types something else learns that the two differ. */
export async function enterDraw(tx: Transaction, ref: RoundRef, draw: TypedDraw, accountId: string, now: Date): Promise<{ confirmed: boolean } | Refusal> {
  await lockRoundById(tx, ref.fundId, ref.roundId);
  if (await readDraw(tx, ref)) return refuse('already-decided');
  const rows = await tx.select().from(lotDraw).where(and(eq(lotDraw.fundId, ref.fundId), eq(lotDraw.roundId, ref.roundId)));
  const other = rows.find((row) => row.enteredBy !== accountId && row.text === draw.text && row.drawnOn === draw.drawnOn && row.missed.join() === draw.missed.join());
  if (other) {
    await tx.update(lotDraw).set({ confirmedBy: accountId, confirmedAt: now }).where(and(eq(lotDraw.fundId, ref.fundId), eq(lotDraw.roundId, ref.roundId), eq(lotDraw.enteredBy, other.enteredBy)));
  } else {
    await tx.insert(lotDraw).values({ ...ref, enteredBy: accountId, ...draw, enteredAt: now })
      .onConflictDoUpdate({ target: [lotDraw.fundId, lotDraw.roundId, lotDraw.enteredBy], set: { ...draw, enteredAt: now } });
  }
  await record(tx, { fundId: ref.fundId, name: other ? 'draw.confirmed' : 'draw.entered', subject: { round: ref.roundId }, actorId: accountId, at: now });
  return { confirmed: other !== undefined };
}

/** Keeps how many of those who were called said what. */
export async function keepCheck(tx: Transaction, ref: RoundRef, figures: { voted: number; didNot: number; notReached: number }, accountId: string, now: Date): Promise<void> {
  const row = { ...figures, enteredBy: accountId, enteredAt: now };
  await tx.insert(turnoutCheck).values({ ...ref, ...row }).onConflictDoUpdate({ target: [turnoutCheck.fundId, turnoutCheck.roundId], set: row });
  await record(tx, { fundId: ref.fundId, name: 'turnout.checked', subject: { round: ref.roundId }, actorId: accountId, at: now });
}
