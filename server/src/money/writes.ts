/** Writes of pledges and contributions. Money itself moves only through the ledger. */
import { and, count, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { contribution, contributionDecision, contributionReversal, contributionReversalDecision, pledge, pot, transfer } from '@commonpot/db/money';
import { agency } from '@commonpot/db/people';
import { timeZoneOf } from '../people/reads.ts';
import { newCode, showCode } from '../platform/codes.ts';
import { dayIn } from '../platform/days.ts';
import { newId } from '../platform/ids.ts';
import { Refusal, refuse } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import { openOutside, post, reverse } from './ledger.ts';

/** Who does it in which fund, and when. */
export interface Doing {
  fundId: string;
  /** The account. */
  actorId: string;
  now: Date;
}

const note = (tx: Transaction, { fundId, actorId, now }: Doing, name: string, subject: Record<string, string>) => record(tx, { fundId, name, subject, actorId, at: now });

/** Pledges an amount (minor units); the reference goes on the bank transfer. Refuses `not-found` for a pot of elsewhere. */
export async function makePledge(tx: Transaction, doing: Doing, given: { agencyId: string; potId: string | null; amountMinor: number }): Promise<{ id: string; reference: string } | Refusal> {
  if (given.potId && !await findPot(tx, doing.fundId, given.potId)) return refuse('not-found');
  const id = newId();
  const reference = `CP-${showCode(newCode(7))}`;
  await tx.insert(pledge).values({ fundId: doing.fundId, id, ...given, reference, pledgedBy: doing.actorId, pledgedAt: doing.now });
  await note(tx, doing, 'pledge.made', { pledgeId: id, agencyId: given.agencyId });
  return { id, reference };
}

/** Withdraws a pledge of this agency while no entry for it stands. Refuses `not-found`, `already-decided`, `pledge-entered`. */
export async function withdrawPledge(tx: Transaction, doing: Doing, pledgeId: string, agencyId: string): Promise<Refusal | undefined> {
  const found = await lockPledge(tx, doing.fundId, pledgeId);
  if (!found || found.agencyId !== agencyId) return refuse('not-found');
  if (found.withdrawnAt) return refuse('already-decided');
  if (await countStanding(tx, eq(contribution.pledgeId, pledgeId), doing.fundId) > 0) return refuse('pledge-entered');
  await tx.update(pledge).set({ withdrawnBy: doing.actorId, withdrawnAt: doing.now }).where(and(eq(pledge.fundId, doing.fundId), eq(pledge.id, pledgeId)));
  await note(tx, doing, 'pledge.withdrawn', { pledgeId, agencyId });
  return undefined;
}

export interface StatementLine {
  pledgeId: string | null;
  agencyId: string | null;
  potId: string;
  amountMinor: number;
  /** 2026-11-21 */
  receivedOn: string;
  reference: string;
}

/**
 * Enters a line of the bank statement. Refuses `already-exists` while the same day, amount and reference stand,
 * `pledge-withdrawn`, `pledged-for-another-pot`, `not-found`, and a day that has not come (`wrong-shape`).
 */
export async function enterContribution(tx: Transaction, doing: Doing, given: StatementLine): Promise<{ id: string } | Refusal> {
  const { fundId } = doing;
  if (given.receivedOn > dayIn(doing.now, await timeZoneOf(tx, fundId))) return refuse('wrong-shape', { fields: ['receivedOn'] });
  if (!await findPot(tx, fundId, given.potId)) return refuse('not-found');
  const agencyId = given.pledgeId ? await agencyOfPledge(tx, fundId, given.pledgeId, given.potId) : given.agencyId;
  if (agencyId instanceof Refusal) return agencyId;
  if (agencyId && !await findAgency(tx, fundId, agencyId)) return refuse('not-found');
  // Two who enter one line at once take their turns: each must see what the other left standing.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${fundId}:line:${given.receivedOn}:${given.amountMinor}:${given.reference}`}, 0))`);
  const sameLine = and(eq(contribution.receivedOn, given.receivedOn), eq(contribution.amountMinor, given.amountMinor), eq(contribution.reference, given.reference));
  const [entered] = await tx.select({ n: count() }).from(contribution).where(and(eq(contribution.fundId, fundId), sameLine));
  const attempt = (entered?.n ?? 0) - await countStanding(tx, sameLine, fundId);
  const id = newId();
  const [made] = await tx.insert(contribution).values({ fundId, id, ...given, agencyId, attempt, enteredBy: doing.actorId, enteredAt: doing.now })
    .onConflictDoNothing().returning({ id: contribution.id });
  if (!made) return refuse('already-exists');
  await note(tx, doing, 'contribution.entered', { contributionId: id, potId: given.potId });
  return { id };
}

/** Confirms an entry and brings its money into the pot. Refuses `same-person`, `amount-differs`, `already-decided`, `not-found`. */
export async function confirmContribution(tx: Transaction, doing: Doing, contributionId: string, amountMinor: number): Promise<Refusal | undefined> {
  const { fundId, actorId, now } = doing;
  const found = await findContribution(tx, fundId, contributionId);
  if (!found) return refuse('not-found');
  if (found.decision) return refuse('already-decided');
  if (found.row.enteredBy === actorId) return refuse('same-person');
  if (found.row.amountMinor !== amountMinor) return refuse('amount-differs');
  const decision = { fundId, contributionId, decision: 'confirmed', enteredBy: found.row.enteredBy, amountMinor, decidedBy: actorId, decidedAt: now } as const;
  if (!await decide(tx, decision)) return refuse('already-decided');
  await note(tx, doing, 'contribution.confirmed', { contributionId, potId: found.row.potId });
  const from = await openOutside(tx, { fundId, like: found.potAccountId, at: now });
  const posted = await post(tx, { fundId, actorId, at: now, transfers: [{ from, to: found.potAccountId, amountMinor, kind: 'contribution', subjectId: contributionId }] });
  return posted instanceof Refusal ? posted : undefined;
}

/** Drops an entry that was not confirmed. Refuses `already-decided`, `not-found`. */
export async function dropContribution(tx: Transaction, doing: Doing, contributionId: string, reason: string): Promise<Refusal | undefined> {
  const found = await findContribution(tx, doing.fundId, contributionId);
  if (!found) return refuse('not-found');
  const decision = { fundId: doing.fundId, contributionId, decision: 'dropped', enteredBy: found.row.enteredBy, reason, decidedBy: doing.actorId, decidedAt: doing.now } as const;
  if (found.decision || !await decide(tx, decision)) return refuse('already-decided');
  await note(tx, doing, 'contribution.dropped', { contributionId });
  return undefined;
}

/** Asks for a confirmed contribution to be reversed. Refuses `not-confirmed`, `already-exists` (asked), `already-decided` (done), `not-found`. */
export async function askReversal(tx: Transaction, doing: Doing, contributionId: string, reason: string): Promise<{ id: string } | Refusal> {
  const { fundId } = doing;
  const found = await findContribution(tx, fundId, contributionId);
  if (!found) return refuse('not-found');
  if (found.decision !== 'confirmed') return refuse('not-confirmed');
  const earlier = await tx.select({ decision: contributionReversalDecision.decision }).from(contributionReversal)
    .innerJoin(contributionReversalDecision, and(eq(contributionReversalDecision.fundId, contributionReversal.fundId), eq(contributionReversalDecision.reversalId, contributionReversal.id)))
    .where(and(eq(contributionReversal.fundId, fundId), eq(contributionReversal.contributionId, contributionId)));
  if (earlier.some((each) => each.decision === 'done')) return refuse('already-decided');
  const id = newId();
  const [made] = await tx.insert(contributionReversal).values({ fundId, id, contributionId, reason, attempt: earlier.length, askedBy: doing.actorId, askedAt: doing.now })
    .onConflictDoNothing().returning({ id: contributionReversal.id });
  if (!made) return refuse('already-exists');
  await note(tx, doing, 'reversal.asked', { reversalId: id, contributionId });
  return { id };
}

/** Decides a reversal. Done, it takes the money out again; refuses `same-person`, `already-decided`, `not-enough-money`, `not-found`. */
export async function decideReversal(tx: Transaction, doing: Doing, reversalId: string, decision: 'done' | 'dropped'): Promise<Refusal | undefined> {
  const { fundId, actorId, now } = doing;
  const [asked] = await tx.select().from(contributionReversal).where(and(eq(contributionReversal.fundId, fundId), eq(contributionReversal.id, reversalId)));
  if (!asked) return refuse('not-found');
  if (decision === 'done' && asked.askedBy === actorId) return refuse('same-person');
  const [made] = await tx.insert(contributionReversalDecision).values({ fundId, reversalId, decision, askedBy: asked.askedBy, decidedBy: actorId, decidedAt: now })
    .onConflictDoNothing().returning({ id: contributionReversalDecision.reversalId });
  if (!made) return refuse('already-decided');
  await note(tx, doing, `reversal.${decision}`, { reversalId, contributionId: asked.contributionId });
  if (decision === 'dropped') return undefined;
  const [money] = await tx.select({ id: transfer.id }).from(transfer)
    .where(and(eq(transfer.fundId, fundId), eq(transfer.kind, 'contribution'), eq(transfer.subjectId, asked.contributionId)));
  if (!money) throw new Error('a confirmed contribution without its transfer');
  const posted = await reverse(tx, { fundId, actorId, at: now, transferId: money.id });
  return posted instanceof Refusal ? posted : undefined;
}

/** The first decision stands; false when there was one. */
async function decide(tx: Transaction, decision: typeof contributionDecision.$inferInsert): Promise<boolean> {
  const made = await tx.insert(contributionDecision).values(decision).onConflictDoNothing().returning({ id: contributionDecision.contributionId });
  return made.length === 1;
}

/** How many entries stand: neither dropped nor reversed. */
async function countStanding(tx: Transaction, which: ReturnType<typeof and>, fundId: string): Promise<number> {
  const [row] = await tx.select({ n: count() }).from(contribution)
    .leftJoin(contributionDecision, and(eq(contributionDecision.fundId, contribution.fundId), eq(contributionDecision.contributionId, contribution.id)))
    .where(and(
      eq(contribution.fundId, fundId), which, sql`${contributionDecision.decision} is distinct from 'dropped'`,
      sql`not exists (select from ${contributionReversal} r join ${contributionReversalDecision} d on d.fund_id = r.fund_id and d.reversal_id = r.id and d.decision = 'done'
        where r.fund_id = ${contribution.fundId} and r.contribution_id = ${contribution.id})`));
  return row?.n ?? 0;
}

async function agencyOfPledge(tx: Transaction, fundId: string, pledgeId: string, potId: string): Promise<string | Refusal> {
  const found = await lockPledge(tx, fundId, pledgeId);
  if (!found) return refuse('not-found');
  if (found.withdrawnAt) return refuse('pledge-withdrawn');
  if (found.potId && found.potId !== potId) return refuse('pledged-for-another-pot');
  return found.agencyId;
}

/** The lock makes entering and withdrawing the same pledge wait for each other. */
async function lockPledge(tx: Transaction, fundId: string, pledgeId: string) {
  const [found] = await tx.select().from(pledge).where(and(eq(pledge.fundId, fundId), eq(pledge.id, pledgeId))).for('update');
  return found ?? null;
}

async function findContribution(tx: Transaction, fundId: string, contributionId: string) {
  const [found] = await tx.select({ row: contribution, potAccountId: pot.accountId, decision: contributionDecision.decision }).from(contribution)
    .innerJoin(pot, and(eq(pot.fundId, contribution.fundId), eq(pot.id, contribution.potId)))
    .leftJoin(contributionDecision, and(eq(contributionDecision.fundId, contribution.fundId), eq(contributionDecision.contributionId, contribution.id)))
    .where(and(eq(contribution.fundId, fundId), eq(contribution.id, contributionId)));
  return found ?? null;
}

async function findPot(tx: Transaction, fundId: string, potId: string): Promise<boolean> {
  return (await tx.select({ id: pot.id }).from(pot).where(and(eq(pot.fundId, fundId), eq(pot.id, potId)))).length === 1;
}

async function findAgency(tx: Transaction, fundId: string, agencyId: string): Promise<boolean> {
  return (await tx.select({ id: agency.id }).from(agency).where(and(eq(agency.fundId, fundId), eq(agency.id, agencyId)))).length === 1;
}
