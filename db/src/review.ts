/** Columns of the public review. */
import { bigint, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

export const reviewInterest = pgTable('review_interest', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  proposalId: uuid('proposal_id'),
  accountId: uuid('account_id').notNull(),
  roleWords: text('role_words').notNull(),
  name: text('name'),
  words: text('words').notNull(),
  at: moment('at').notNull(),
});

export const reviewVersion = pgTable('review_version', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  proposalId: uuid('proposal_id').notNull(),
  version: integer('version').notNull(),
  feasible: text('feasible', { enum: ['yes', 'changes', 'no'] }).notNull(),
  reasons: text('reasons').notNull(),
  changes: text('changes'),
  title: text('title'),
  costMinor: bigint('cost_minor', { mode: 'number' }),
  runningMinor: bigint('running_minor', { mode: 'number' }),
  costHolds: text('cost_holds'),
  vat: text('vat', { enum: ['included', 'none', 'reclaimed'] }),
  delivererName: text('deliverer_name'),
  keeperName: text('keeper_name'),
  reviewerId: uuid('reviewer_id').notNull(),
  roleWords: text('role_words').notNull(),
  reviewerName: text('reviewer_name'),
  at: moment('at').notNull(),
});

export const reviewReply = pgTable('review_reply', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  proposalId: uuid('proposal_id').notNull(),
  version: integer('version').notNull(),
  fromProposalId: uuid('from_proposal_id').notNull(),
  words: text('words').notNull(),
  at: moment('at').notNull(),
});

export const reviewProject = pgTable('review_project', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  proposalId: uuid('proposal_id').notNull(),
  projectId: uuid('project_id').notNull(),
  version: integer('version').notNull(),
  acceptedBy: uuid('accepted_by').notNull(),
  acceptedAt: moment('accepted_at').notNull(),
});
