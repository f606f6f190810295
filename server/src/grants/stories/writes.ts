/** Writes of stories. */
import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { story } from '@commonpot/db/stories';
import { Refusal, refuse } from '../../platform/problems.ts';
import { record } from '../../platform/record.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Request } from '../requests/reads.ts';
import { storyOf } from './reads.ts';

const mine = (fundId: string, requestId: string) => and(eq(story.fundId, fundId), eq(story.requestId, requestId));

/** Keeps how it went, sealed. Told again it replaces what was told, and is read again before anybody else sees it. Refuses `not-awarded`. */
export async function tellStory(tx: Transaction, secrets: Secrets, of: Request, given: { words: string; consents: boolean }, at: Date): Promise<{ done: true } | Refusal> {
  if (of.state !== 'awarded') return refuse('nothing-awarded');
  const { fundId, id } = of;
  const told = { sealedWords: secrets.seal('applicant', given.words), consents: given.consents, toldAt: at, publishedBy: null, publishedAt: null, goneAt: null };
  await tx.insert(story).values({ fundId, requestId: id, ...told }).onConflictDoUpdate({ target: [story.fundId, story.requestId], set: told });
  await record(tx, { fundId, name: 'story.told', subject: { request: id }, actorId: null, at });
  return { done: true };
}

/** Takes a story back: its words are gone at once. Again changes nothing. */
export async function withdrawStory(tx: Transaction, of: Pick<Request, 'fundId' | 'id'>, at: Date): Promise<number> {
  const { fundId, id } = of;
  const rows = await tx.update(story).set({ sealedWords: null, consents: false, publishedBy: null, publishedAt: null, goneAt: at })
    .where(and(mine(fundId, id), isNull(story.goneAt))).returning({ id: story.requestId });
  if (rows.length > 0) await record(tx, { fundId, name: 'story.withdrawn', subject: { request: id }, actorId: null, at });
  return rows.length;
}

/** Publishes a story that a person has read for names, or takes it off the page. One told anew has not been read: `not-found`. Refuses `consent-missing`. */
export async function publishStory(tx: Transaction, given: { fundId: string; requestId: string; publish: boolean; told: Date; actorId: string; at: Date }): Promise<{ done: true } | Refusal> {
  const { fundId, requestId, publish, actorId, at } = given;
  const told = await storyOf(tx, fundId, requestId);
  if (!told || told.goneAt || told.toldAt.getTime() !== given.told.getTime()) return refuse('not-found');
  if (publish && !told.consents) return refuse('consent-missing');
  // What was told anew since it was looked up has not been read.
  const moved = await tx.update(story).set(publish ? { publishedBy: actorId, publishedAt: at } : { publishedBy: null, publishedAt: null })
    .where(and(mine(fundId, requestId), eq(story.toldAt, told.toldAt), isNull(story.goneAt))).returning({ id: story.requestId });
  if (moved.length === 0) return refuse('not-found');
  await record(tx, { fundId, name: publish ? 'story.published' : 'story.hidden', subject: { request: requestId }, actorId, at });
  return { done: true };
}
