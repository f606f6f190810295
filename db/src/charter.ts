/** Columns of the charter's tables. */
import { date, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const charter = pgTable('charter', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  version: integer('version').notNull(),
  /** As `charterSchema` of rounds/charter reads it. */
  content: jsonb('content').$type<Record<string, unknown>>().notNull(),
  digest: bytes('digest').notNull(),
  note: text('note').notNull(),
  publishedBy: uuid('published_by').notNull(),
  publishedAt: moment('published_at').notNull(),
});

export const potStatement = pgTable('pot_statement', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  potId: uuid('pot_id').notNull(),
  publicFunds: text('public_funds', { enum: ['no', 'yes', 'unknown'] }).notNull(),
  benefits: text('benefits').notNull(),
  adviser: text('adviser').notNull(),
  checkedOn: date('checked_on', { mode: 'string' }).notNull(),
  statedBy: uuid('stated_by').notNull(),
  statedAt: moment('stated_at').notNull(),
});

export const charterDraft = pgTable('charter_draft', {
  fundId: uuid('fund_id').notNull(),
  accountId: uuid('account_id').notNull(),
  /** As `charterSchema` of rounds/charter reads it. */
  content: jsonb('content').$type<Record<string, unknown>>().notNull(),
  afterVersion: integer('after_version'),
  changedAt: moment('changed_at').notNull(),
});
