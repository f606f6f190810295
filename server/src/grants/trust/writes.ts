/** Writes of incidents. */
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { incident } from '@commonpot/db/trust';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { lockIncident } from './reads.ts';

interface Doing {
  fundId: string;
  actorId: string;
  at: Date;
}

/** Enters something that was lost. Refuses `date-passed` for a day that has not come. */
export async function enterIncident(tx: Transaction, given: Doing & Pick<typeof incident.$inferInsert, 'kind' | 'amountMinor' | 'happenedOn'>): Promise<{ id: string } | Refusal> {
  const { fundId, actorId, at, kind, amountMinor, happenedOn } = given;
  if (happenedOn > at.toISOString().slice(0, 10)) return refuse('date-passed');
  const id = newId();
  await tx.insert(incident).values({ fundId, id, kind, amountMinor, happenedOn, enteredBy: actorId, enteredAt: at });
  await record(tx, { fundId, name: 'incident.entered', subject: { incident: id, kind }, actorId, at });
  return { id };
}

/** Confirms what another entered. Refuses `not-found`, `already-decided`, `same-person`, `amount-differs`. */
export async function confirmIncident(tx: Transaction, given: Doing & { id: string; amountMinor: number }): Promise<{ done: true } | Refusal> {
  const { fundId, actorId, at, id, amountMinor } = given;
  const row = await lockIncident(tx, fundId, id);
  if (!row) return refuse('not-found');
  if (row.confirmedBy) return refuse('already-decided');
  if (row.enteredBy === actorId) return refuse('same-person');
  if (row.amountMinor !== amountMinor) return refuse('amount-differs');
  await tx.update(incident).set({ confirmedBy: actorId, confirmedAt: at }).where(and(eq(incident.fundId, fundId), eq(incident.id, id)));
  await record(tx, { fundId, name: 'incident.confirmed', subject: { incident: id }, actorId, at });
  return { done: true };
}
