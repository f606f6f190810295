/** Reads of pots and of the ledger's history. */
import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '@commonpot/db/client';
import { ledgerAccount, ledgerLevel, pot, restriction, transfer } from '@commonpot/db/money';
import { agency, membership } from '@commonpot/db/people';

/** A sum of minor units that is 0 when there is nothing to add. */
const total = (amount: unknown, condition: unknown) => sql<number>`coalesce(sum(${amount}) filter (where ${condition}), 0)::bigint`.mapWith(Number);

/**
 * The pots with their figures in minor units. What arrived is what came in from outside, less what was reversed; set aside is
 * what lies on reservations, vouchers and owed to shops; and what is neither there nor in the pot was paid out.
 */
export async function potsOf(tx: Transaction, fundId: string) {
  const levels = tx.select({
    potId: ledgerAccount.potId,
    inPot: total(ledgerLevel.balanceMinor, sql`${ledgerAccount.kind} = 'pot'`).as('in_pot'),
    setAside: total(ledgerLevel.balanceMinor, sql`${ledgerAccount.kind} <> 'pot'`).as('set_aside'),
  }).from(ledgerLevel)
    .innerJoin(ledgerAccount, and(eq(ledgerAccount.fundId, ledgerLevel.fundId), eq(ledgerAccount.id, ledgerLevel.accountId)))
    .where(eq(ledgerLevel.fundId, fundId)).groupBy(ledgerAccount.potId).as('levels');
  const rows = await tx.select({
    id: pot.id, name: pot.name, purpose: pot.purpose, theme: restriction.theme, area: restriction.area, people: restriction.people,
    inPotMinor: levels.inPot, setAsideMinor: levels.setAside,
  }).from(pot)
    .innerJoin(restriction, and(eq(restriction.fundId, pot.fundId), eq(restriction.id, pot.restrictionId)))
    .innerJoin(levels, eq(levels.potId, pot.id))
    .where(eq(pot.fundId, fundId)).orderBy(pot.createdAt, pot.id);
  const arrived = await arrivals(tx, fundId);
  return rows.map(({ theme, area, people, ...each }) => {
    const arrivedMinor = arrived.get(each.id) ?? 0;
    return { ...each, restriction: { theme, area, people }, arrivedMinor, paidOutMinor: arrivedMinor - each.inPotMinor - each.setAsideMinor };
  });
}

/** What came into each pot from outside, less what was reversed; by the pot's id, in minor units. */
async function arrivals(tx: Transaction, fundId: string): Promise<Map<string, number>> {
  const outside = alias(ledgerAccount, 'outside');
  const inside = alias(ledgerAccount, 'inside');
  const legs = (into: boolean) => tx.select({ potId: inside.potId, amountMinor: sql<number>`sum(${transfer.amountMinor})::bigint`.mapWith(Number) }).from(transfer)
    .innerJoin(outside, and(eq(outside.fundId, transfer.fundId), eq(outside.kind, 'outside'), eq(outside.id, into ? transfer.fromAccountId : transfer.toAccountId)))
    .innerJoin(inside, and(eq(inside.fundId, transfer.fundId), eq(inside.id, into ? transfer.toAccountId : transfer.fromAccountId)))
    .where(and(eq(transfer.fundId, fundId), into ? isNull(transfer.reverses) : sql`${transfer.reverses} is not null`)).groupBy(inside.potId);
  const sums = new Map<string, number>();
  for (const { potId, amountMinor } of await legs(true)) sums.set(potId ?? '', amountMinor);
  for (const { potId, amountMinor } of await legs(false)) sums.set(potId ?? '', (sums.get(potId ?? '') ?? 0) - amountMinor);
  return sums;
}

export async function agenciesOf(tx: Transaction, fundId: string) {
  return tx.select({ id: agency.id, name: agency.name }).from(agency).where(eq(agency.fundId, fundId)).orderBy(agency.name);
}

/** What the members behind these accounts are called in this fund. */
export async function namesOf(tx: Transaction, fundId: string, accountIds: readonly (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(accountIds.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await tx.select({ accountId: membership.accountId, name: sql<string>`min(${membership.name})` }).from(membership)
    .where(and(eq(membership.fundId, fundId), inArray(membership.accountId, wanted))).groupBy(membership.accountId);
  return new Map(rows.map((row) => [row.accountId, row.name]));
}

/** Transfers, newest first, one more than `limit`; `cursor` is the last id of the page before. */
export async function transfersOf(tx: Transaction, fundId: string, limit: number, cursor: string | undefined) {
  const from = alias(ledgerAccount, 'from_account');
  const to = alias(ledgerAccount, 'to_account');
  const fromPot = alias(pot, 'from_pot');
  const toPot = alias(pot, 'to_pot');
  const rows = await tx.select({
    id: transfer.id, at: transfer.at, kind: transfer.kind, amountMinor: transfer.amountMinor, subjectId: transfer.subjectId, reverses: transfer.reverses, actorId: transfer.actorId,
    fromKind: from.kind, fromPot: fromPot.name, toKind: to.kind, toPot: toPot.name,
  }).from(transfer)
    .innerJoin(from, and(eq(from.fundId, transfer.fundId), eq(from.id, transfer.fromAccountId)))
    .innerJoin(to, and(eq(to.fundId, transfer.fundId), eq(to.id, transfer.toAccountId)))
    .leftJoin(fromPot, and(eq(fromPot.fundId, from.fundId), eq(fromPot.id, from.potId)))
    .leftJoin(toPot, and(eq(toPot.fundId, to.fundId), eq(toPot.id, to.potId)))
    .where(and(eq(transfer.fundId, fundId), cursor ? lt(transfer.id, cursor) : undefined))
    .orderBy(desc(transfer.id)).limit(limit + 1);
  const names = await namesOf(tx, fundId, rows.map((row) => row.actorId));
  return rows.map((row) => ({
    id: row.id, at: row.at.toISOString(), kind: row.kind, amountMinor: row.amountMinor, subjectId: row.subjectId, reverses: row.reverses,
    from: { kind: row.fromKind, pot: row.fromPot }, to: { kind: row.toKind, pot: row.toPot }, by: row.actorId ? names.get(row.actorId) ?? null : null,
  }));
}
