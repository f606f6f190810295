/** Columns of what surrounds a decision: proofs, doors, and who stands apart. */
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const ofFund = () => ({ fundId: uuid('fund_id').notNull(), id: uuid('id').notNull(), accountId: uuid('account_id').notNull() });

export const addressProof = pgTable('address_proof', {
  ...ofFund(),
  applicantId: uuid('applicant_id').notNull(),
  how: text('how', { enum: ['unclear', 'seen', 'met'] }).notNull(),
  at: moment('at').notNull(),
});

export const deciderDoor = pgTable('decider_door', {
  ...ofFund(),
  householdHash: bytes('household_hash'),
  declaredAt: moment('declared_at').notNull(),
  until: moment('until').notNull(),
});

export const apartWord = pgTable('apart_word', {
  ...ofFund(),
  applicantId: uuid('applicant_id').notNull(),
  at: moment('at').notNull(),
});
