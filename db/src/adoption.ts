/** Columns of the lists of awards that an agency's body adopts. */
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const adoption = pgTable('adoption', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  grantRoundId: uuid('grant_round_id').notNull(),
  number: integer('number').notNull(),
  awards: integer('awards').notNull(),
  presentedAt: moment('presented_at').notNull(),
  dueAt: moment('due_at').notNull(),
  endedAs: text('ended_as', { enum: ['adopted', 'silence'] }),
  endedBy: uuid('ended_by'),
  endedAt: moment('ended_at'),
});

export const adoptionAward = pgTable('adoption_award', {
  fundId: uuid('fund_id').notNull(),
  adoptionId: uuid('adoption_id').notNull(),
  awardId: uuid('award_id').notNull(),
});

export const officerNotice = pgTable('officer_notice', {
  fundId: uuid('fund_id').notNull(),
  accountId: uuid('account_id').notNull(),
  sealedContact: bytes('sealed_contact'),
  since: moment('since').notNull(),
});

export const adoptionTold = pgTable('adoption_told', {
  fundId: uuid('fund_id').notNull(),
  adoptionId: uuid('adoption_id').notNull(),
  accountId: uuid('account_id').notNull(),
  what: text('what', { enum: ['presented', 'soon'] }).notNull(),
  at: moment('at').notNull(),
});

export const awardRefusal = pgTable('award_refusal', {
  fundId: uuid('fund_id').notNull(),
  awardId: uuid('award_id').notNull(),
  reason: text('reason').notNull(),
  refusedBy: uuid('refused_by').notNull(),
  refusedAt: moment('refused_at').notNull(),
});
