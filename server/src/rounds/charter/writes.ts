/** Writes of charters and of what is stated about pots. Nothing of it is ever changed: the next version stands beside it. */
import { and, desc, eq } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { charter, charterDraft, potStatement } from '@commonpot/db/charter';
import { newId } from '../../platform/ids.ts';
import { refuse, type Refusal } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import { digestRule } from '../rules.ts';
import type { Charter } from './rules.ts';

interface Doing {
  fundId: string;
  actorId: string;
  at: Date;
}

/** Publishes the version after `after`. Refuses `already-decided` when another was published meanwhile. */
export async function publishCharter(tx: Transaction, given: Doing & { content: Charter; note: string; after: number | null }): Promise<{ version: number } | Refusal> {
  const { fundId, actorId, at, content, note } = given;
  const [newest] = await tx.select({ version: charter.version }).from(charter).where(eq(charter.fundId, fundId)).orderBy(desc(charter.version)).limit(1);
  if ((newest?.version ?? null) !== given.after) return refuse('already-decided', { version: newest?.version ?? 0 });
  const version = (given.after ?? 0) + 1;
  const [made] = await tx.insert(charter)
    .values({ fundId, id: newId(), version, content, digest: digestRule(content), note, publishedBy: actorId, publishedAt: at }).onConflictDoNothing().returning({ id: charter.id });
  if (!made) return refuse('already-decided', { version });
  await tx.delete(charterDraft).where(and(eq(charterDraft.fundId, fundId), eq(charterDraft.accountId, actorId)));
  await record(tx, { fundId, name: 'charter.published', subject: { charter: made.id, version: String(version) }, actorId, at });
  return { version };
}

/** Keeps what an administrator writes of the next charter, in the place of what they wrote before. */
export async function keepDraft(tx: Transaction, given: Doing & { content: Charter; after: number | null }): Promise<void> {
  const { fundId, actorId: accountId, at, content, after } = given;
  const kept = { content, afterVersion: after, changedAt: at };
  await tx.insert(charterDraft).values({ fundId, accountId, ...kept }).onConflictDoUpdate({ target: [charterDraft.fundId, charterDraft.accountId], set: kept });
}

/** States what was checked about a pot. */
export async function statePot(tx: Transaction, given: Doing & Omit<typeof potStatement.$inferInsert, 'id' | 'statedBy' | 'statedAt' | 'fundId'>): Promise<{ id: string }> {
  const { fundId, actorId, at, potId, publicFunds, benefits, adviser, checkedOn } = given;
  const id = newId();
  await tx.insert(potStatement).values({ fundId, id, potId, publicFunds, benefits, adviser, checkedOn, statedBy: actorId, statedAt: at });
  await record(tx, { fundId, name: 'pot.stated', subject: { pot: potId, statement: id }, actorId, at });
  return { id };
}
