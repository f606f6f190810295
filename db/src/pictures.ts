/** Columns of pictures and their bytes. */
import { sql } from 'drizzle-orm';
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes as bytea, moment } from './platform.ts';

export const picture = pgTable('picture', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  ownerKind: text('owner_kind', { enum: ['idea', 'news'] }).notNull(),
  ownerId: uuid('owner_id').notNull(),
  ideaId: uuid('idea_id').generatedAlwaysAs(sql`case when owner_kind = 'idea' then owner_id end`),
  newsId: uuid('news_id').generatedAlwaysAs(sql`case when owner_kind = 'news' then owner_id end`),
  words: text('words').notNull(),
  digest: bytea('digest').notNull(),
  state: text('state', { enum: ['waiting', 'ready', 'refused'] }).notNull().default('waiting'),
  tries: integer('tries').notNull().default(0),
  takenUntil: moment('taken_until'),
  addedBy: uuid('added_by').notNull(),
  addedAt: moment('added_at').notNull(),
  removedAt: moment('removed_at'),
  hiddenAt: moment('hidden_at'),
  hiddenBy: uuid('hidden_by'),
  hiddenReason: text('hidden_reason'),
  shownAt: moment('shown_at'),
  shownBy: uuid('shown_by'),
  shownReason: text('shown_reason'),
});

export const pictureOriginal = pgTable('picture_original', {
  fundId: uuid('fund_id').notNull(),
  pictureId: uuid('picture_id').notNull(),
  bytes: bytea('bytes').notNull(),
});

export const pictureFile = pgTable('picture_file', {
  fundId: uuid('fund_id').notNull(),
  pictureId: uuid('picture_id').notNull(),
  size: integer('size').notNull(),
  format: text('format', { enum: ['avif', 'webp'] }).notNull(),
  width: integer('width').notNull(),
  height: integer('height').notNull(),
  bytes: bytea('bytes').notNull(),
});
