/** Writes of leads and disclosures. What is told leaves no event: an event would say who is worried about whom. */
import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { setScope, type Transaction } from '@commonpot/db/client';
import { disclosure, safeguardingLead } from '@commonpot/db/grants';
import { hadAnotherAdministrator } from '../../people/reads.ts';
import { daysAfter } from '../../platform/days.ts';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';

/** Names a lead, who reads nothing before another administrator agrees; of a fund that never had another, at once. Refuses `same-person` for oneself, and `already-exists`. */
export async function nameLead(tx: Transaction, given: Omit<typeof safeguardingLead.$inferInsert, 'id'>): Promise<{ id: string } | Refusal> {
  if (given.accountId === given.namedBy) return refuse('same-person');
  const agreedAt = (await hadAnotherAdministrator(tx, given.fundId, given.namedBy)) ? null : given.namedAt;
  const [made] = await tx.insert(safeguardingLead).values({ ...given, id: newId(), agreedAt }).onConflictDoNothing().returning({ id: safeguardingLead.id });
  if (!made) return refuse('already-exists');
  await record(tx, { fundId: given.fundId, name: 'safeguarding-lead.named', subject: { lead: made.id }, actorId: given.namedBy, at: given.namedAt });
  return made;
}

/** Another administrator's word for somebody who was named: else whoever made up a member could read alone what people tell about their safety. Refuses `not-found`, `already-decided`, `same-person`. */
export async function agreeToLead(tx: Transaction, fundId: string, id: string, { actorId, at }: { actorId: string; at: Date }): Promise<void | Refusal> {
  const mine = and(eq(safeguardingLead.fundId, fundId), eq(safeguardingLead.id, id));
  const [row] = await tx.select().from(safeguardingLead).where(and(mine, isNull(safeguardingLead.endedAt))).for('update');
  if (!row) return refuse('not-found');
  if (row.agreedAt) return refuse('already-decided');
  if (row.namedBy === actorId || row.accountId === actorId) return refuse('same-person');
  await tx.update(safeguardingLead).set({ agreedBy: actorId, agreedAt: at }).where(mine);
  await record(tx, { fundId, name: 'safeguarding-lead.agreed', subject: { lead: id }, actorId, at });
}

export async function endLead(tx: Transaction, fundId: string, id: string, given: { actorId: string; at: Date }): Promise<void> {
  const ended = await tx.update(safeguardingLead).set({ endedAt: given.at })
    .where(and(eq(safeguardingLead.fundId, fundId), eq(safeguardingLead.id, id), isNull(safeguardingLead.endedAt))).returning({ id: safeguardingLead.id });
  if (ended.length > 0) await record(tx, { fundId, name: 'safeguarding-lead.ended', subject: { lead: id }, ...given });
}

/** Keeps a disclosure for so many days, when no lead erases it before. */
export async function keepDisclosure(tx: Transaction, given: Pick<typeof disclosure.$inferInsert, 'fundId' | 'requestId' | 'sealed' | 'raisedBy'>, days: number, at: Date): Promise<void> {
  await tx.insert(disclosure).values({ ...given, id: newId(), raisedAt: at, endsAt: daysAfter(at, days) });
}

/** Erases one, within the lead's own scope. */
export async function endDisclosure(tx: Transaction, fundId: string, id: string, accountId: string): Promise<void> {
  await setScope(tx, { fund: fundId, account: accountId });
  await tx.delete(disclosure).where(and(eq(disclosure.fundId, fundId), eq(disclosure.id, id)));
}

/** Erases what is over by `now`; answers how many. */
export async function forgetDisclosures(tx: Transaction, fundId: string, now: Date): Promise<number> {
  await tx.execute(sql`select set_config('commonpot.forget_before', ${now.toISOString()}, true)`);
  const gone = await tx.delete(disclosure).where(and(eq(disclosure.fundId, fundId), lte(disclosure.endsAt, now))).returning({ id: disclosure.id });
  if (gone.length > 0) await record(tx, { fundId, name: 'disclosures.erased', subject: { count: String(gone.length) }, actorId: null, at: now });
  return gone.length;
}
