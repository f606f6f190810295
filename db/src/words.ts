/** Columns of what is said beside the original words: translations and recordings. */
import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const translation = pgTable('translation', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  projectId: uuid('project_id'),
  language: text('language').notNull(),
  version: integer('version').notNull(),
  title: text('title').notNull(),
  summary: text('summary').notNull().default(''),
  description: text('description').notNull().default(''),
  translatorName: text('translator_name').notNull(),
  isCorrection: boolean('is_correction').notNull(),
  madeBy: uuid('made_by').notNull(),
  madeAt: moment('made_at').notNull(),
});

export const MEDIA_TYPES = ['audio/mpeg', 'audio/ogg', 'audio/mp4', 'audio/wav'] as const;

export const recording = pgTable('recording', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  projectId: uuid('project_id'),
  language: text('language').notNull(),
  readerName: text('reader_name').notNull(),
  mediaType: text('media_type', { enum: MEDIA_TYPES }).notNull(),
  seconds: integer('seconds').notNull(),
  sound: bytes('sound').notNull(),
  madeBy: uuid('made_by').notNull(),
  madeAt: moment('made_at').notNull(),
});
