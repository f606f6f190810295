/** Columns of what residents propose. */
import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

export const proposal = pgTable('proposal', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  number: integer('number').notNull(),
  title: text('title').notNull(),
  description: text('description').notNull(),
  roughCostMinor: bigint('rough_cost_minor', { mode: 'number' }),
  place: text('place'),
  authorId: uuid('author_id'),
  enteredBy: uuid('entered_by').notNull(),
  draftId: uuid('draft_id').notNull(),
  sentAt: moment('sent_at').notNull(),
  changedAt: moment('changed_at'),
  withdrawnAt: moment('withdrawn_at'),
  joinedTo: uuid('joined_to'),
  leads: boolean('leads').generatedAlwaysAs(sql`joined_to is null`),
  joinedToLeads: boolean('joined_to_leads').generatedAlwaysAs(sql`case when joined_to is not null then true end`),
});

export const proposalPerson = pgTable('proposal_person', {
  fundId: uuid('fund_id').notNull(),
  proposalId: uuid('proposal_id').notNull(),
  name: text('name'),
  showName: boolean('show_name').notNull(),
  contact: text('contact'),
});

export const proposalSupport = pgTable('proposal_support', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  proposalId: uuid('proposal_id').notNull(),
  accountId: uuid('account_id').notNull(),
});
