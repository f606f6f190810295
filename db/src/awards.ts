/** Columns of the awards' table. */
import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

export const award = pgTable('award', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  /** Of a project’s award. */
  roundId: uuid('round_id'),
  /** Of a person’s. */
  grantRoundId: uuid('grant_round_id'),
  subjectKind: text('subject_kind', { enum: ['project', 'person'] }).notNull(),
  subjectId: uuid('subject_id').notNull(),
  title: text('title').notNull(),
  recipientName: text('recipient_name').notNull(),
  amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
  reservationId: uuid('reservation_id').notNull(),
  madeBy: uuid('made_by'),
  madeAt: moment('made_at').notNull(),
});
