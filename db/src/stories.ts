/** Columns of stories. */
import { boolean, pgTable, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const story = pgTable('story', {
  fundId: uuid('fund_id').notNull(), requestId: uuid('request_id').notNull(), sealedWords: bytes('sealed_words'), consents: boolean('consents').notNull(), toldAt: moment('told_at').notNull(),
  publishedBy: uuid('published_by'), publishedAt: moment('published_at'), goneAt: moment('gone_at'),
});
