/** Makes pots and what they are bound to. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { pot, restriction } from '@commonpot/db/money';
import { newId } from '../platform/ids.ts';
import { refuse, type Refusal } from '../platform/problems.ts';
import { record } from '../platform/record.ts';
import type { FundScope } from '../platform/actor.ts';
import { findOrCreateAccount } from './ledger.ts';

/** What money is bound to, in words; three empty ones bind it to nothing. */
export interface Binding {
  theme: string;
  area: string;
  people: string;
}

export interface NewPot {
  name: string;
  purpose: string;
  restriction: Binding;
}

/** Makes an empty pot with its ledger account. Refuses `already-exists` when the fund has a pot of this name. */
export async function createPot(tx: Transaction, fund: Pick<FundScope, 'id' | 'currency'>, given: NewPot, actorId: string | null, now: Date): Promise<{ id: string; accountId: string } | Refusal> {
  const id = newId();
  const restrictionId = await findOrCreateRestriction(tx, fund.id, given.restriction, now);
  const accountId = newId();
  // The pot names its account and the account its pot; the pot's key is checked at the end of the transaction.
  const [made] = await tx.insert(pot).values({ fundId: fund.id, id, name: given.name, purpose: given.purpose, restrictionId, accountId, createdAt: now })
    .onConflictDoNothing().returning({ id: pot.id });
  if (!made) return refuse('already-exists');
  await findOrCreateAccount(tx, { id: accountId, fundId: fund.id, kind: 'pot', subjectId: id, potId: id, currency: fund.currency, restrictionId, createdAt: now });
  await record(tx, { fundId: fund.id, name: 'pot.created', subject: { potId: id }, actorId, at: now });
  return { id, accountId };
}

/** The restriction with these words; money bound by the same words is one restriction. */
async function findOrCreateRestriction(tx: Transaction, fundId: string, { theme, area, people }: Binding, now: Date): Promise<string> {
  await tx.insert(restriction).values({ fundId, id: newId(), theme, area, people, createdAt: now }).onConflictDoNothing();
  const [found] = await tx.select({ id: restriction.id }).from(restriction)
    .where(and(eq(restriction.fundId, fundId), eq(restriction.theme, theme), eq(restriction.area, area), eq(restriction.people, people)));
  if (!found) throw new Error('a restriction was made and cannot be read');
  return found.id;
}
