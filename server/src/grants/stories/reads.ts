/** Reads of stories. */
import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Transaction } from '@commonpot/db/client';
import { request } from '@commonpot/db/grants';
import { story } from '@commonpot/db/stories';

export type Story = typeof story.$inferSelect;

/** What was told of a request; null when nothing was. */
export async function storyOf(tx: Transaction, fundId: string, requestId: string): Promise<Story | null> {
  const [row] = await tx.select().from(story).where(and(eq(story.fundId, fundId), eq(story.requestId, requestId)));
  return row ?? null;
}

/** The stories of a round that can be read, newest first: all of them, or the published ones. */
export async function listStories(tx: Transaction, fundId: string, grantRoundId: string, publishedOnly: boolean): Promise<Story[]> {
  const rows = await tx.select({ story }).from(story).innerJoin(request, and(eq(request.fundId, story.fundId), eq(request.id, story.requestId)))
    .where(and(eq(story.fundId, fundId), eq(request.grantRoundId, grantRoundId), isNull(story.goneAt), publishedOnly ? and(isNotNull(story.publishedAt), eq(story.consents, true)) : undefined))
    .orderBy(desc(story.toldAt), desc(story.requestId)).limit(200);
  return rows.map((row) => row.story);
}
