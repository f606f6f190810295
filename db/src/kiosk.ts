/** Columns of the tablets that strangers share. */
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const kiosk = pgTable('kiosk', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  roundId: uuid('round_id').notNull(),
  name: text('name').notNull(),
  tokenHash: bytes('token_hash').notNull(),
  madeBy: uuid('made_by').notNull(),
  madeAt: moment('made_at').notNull(),
  endedAt: moment('ended_at'),
});
