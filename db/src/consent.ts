/** Columns of a parent's consent. */
import { date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const consent = pgTable('consent', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  electorId: uuid('elector_id').notNull(),
  state: text('state', { enum: ['needed', 'given', 'refused', 'withdrawn'] }).notNull(),
  how: text('how', { enum: ['message', 'paper', 'list'] }),
  reference: text('reference').notNull(),
  tokenHash: bytes('token_hash'),
  asks: integer('asks').notNull().default(0),
  seenBy: uuid('seen_by'),
  decidedOn: date('decided_on'),
  forgetAt: moment('forget_at').notNull(),
});
