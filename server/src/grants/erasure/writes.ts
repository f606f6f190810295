/** The end of what is known of a person: by the charter's dates, or when they ask. Figures stay, because they never were about the person. */
import { randomBytes } from 'node:crypto';
import { and, asc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { applicant, request } from '@commonpot/db/grants';
import { record } from '../../platform/record.ts';
import { forgetDoors } from '../decisions/writes.ts';
import { eraseAccount } from '../payments/writes.ts';
import { withdrawStory } from '../stories/writes.ts';

export interface Erased {
  people: number;
  requests: number;
  stories: number;
  accounts: number;
}

/** Locks people until the transaction ends, in the order of their ids: somebody who asks again meanwhile waits. */
export async function lockPeople(tx: Transaction, fundId: string, applicantIds: readonly string[]): Promise<void> {
  await tx.select({ id: applicant.id }).from(applicant).where(and(eq(applicant.fundId, fundId), inArray(applicant.id, [...applicantIds]))).orderBy(asc(applicant.id)).for('update');
}

/** Erases one person: address, name, door, the words of every request, where to pay to, what they told; their private links lead nowhere from now on. */
export async function erasePerson(tx: Transaction, fundId: string, applicantId: string, at: Date): Promise<Erased> {
  const erased: Erased = { people: 1, requests: 0, stories: 0, accounts: 0 };
  const theirs = await tx.select({ id: request.id, erasedAt: request.erasedAt }).from(request).where(and(eq(request.fundId, fundId), eq(request.applicantId, applicantId))).for('update');
  for (const { id } of theirs.filter((each) => !each.erasedAt)) {
    erased.accounts += await eraseAccount(tx, { fundId, id }, at);
    erased.stories += await withdrawStory(tx, { fundId, id }, at);
    await tx.update(request).set({ sealedWords: null, sealedName: null, tokenHash: randomBytes(32), toldHash: null, erasedAt: at }).where(and(eq(request.fundId, fundId), eq(request.id, id)));
    erased.requests += 1;
  }
  await tx.update(applicant).set({ contactHash: null, sealedContact: null, sealedName: null, householdHash: null, householdUntil: null, erasedAt: at })
    .where(and(eq(applicant.fundId, fundId), eq(applicant.id, applicantId), isNull(applicant.erasedAt)));
  return erased;
}

/** Forgets the doors whose cooldown is over, of those who asked and of those who decide; answers how many. One whose request is open is kept: it may still be given. */
export async function eraseDoors(tx: Transaction, fundId: string, at: Date): Promise<number> {
  const asked = await tx.update(applicant).set({ householdHash: null, householdUntil: null })
    .where(and(eq(applicant.fundId, fundId), isNotNull(applicant.householdHash), lte(applicant.householdUntil, at),
      sql`not exists (select from request r where r.fund_id = applicant.fund_id and r.applicant_id = applicant.id and r.state in ('asked', 'half', 'listed', 'appealed'))`)).returning({ id: applicant.id });
  return asked.length + (await forgetDoors(tx, fundId, at));
}

/** Keeps how much was erased, and of whom nothing. */
export async function keepErased(tx: Transaction, fundId: string, erased: Erased & { doors: number }, at: Date): Promise<void> {
  await record(tx, { fundId, name: 'personal-data.erased', subject: Object.fromEntries(Object.entries(erased).map(([name, count]) => [name, String(count)])), actorId: null, at });
}
