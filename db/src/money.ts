/** Columns of the money's tables. Levels are written by the database alone. */
import { bigint, date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });

export const restriction = pgTable('restriction', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  theme: text('theme').notNull(),
  area: text('area').notNull(),
  people: text('people').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const pot = pgTable('pot', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  name: text('name').notNull(),
  purpose: text('purpose').notNull(),
  restrictionId: uuid('restriction_id').notNull(),
  accountId: uuid('account_id').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const ledgerAccount = pgTable('ledger_account', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  kind: text('kind', { enum: ['outside', 'pot', 'reservation', 'voucher', 'payable', 'cash'] }).notNull(),
  subjectId: uuid('subject_id').notNull(),
  potId: uuid('pot_id'),
  currency: text('currency').notNull(),
  restrictionId: uuid('restriction_id').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const ledgerLevel = pgTable('ledger_level', {
  fundId: uuid('fund_id').notNull(),
  accountId: uuid('account_id').notNull(),
  balanceMinor: minor('balance_minor').notNull(),
});

export const transfer = pgTable('transfer', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  fromAccountId: uuid('from_account_id').notNull(),
  toAccountId: uuid('to_account_id').notNull(),
  currency: text('currency').notNull(),
  restrictionId: uuid('restriction_id').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  kind: text('kind').notNull(),
  subjectId: uuid('subject_id'),
  reverses: uuid('reverses'),
  actorId: uuid('actor_id'),
  at: moment('at').notNull(),
});

export const pledge = pgTable('pledge', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  agencyId: uuid('agency_id').notNull(),
  potId: uuid('pot_id'),
  amountMinor: minor('amount_minor').notNull(),
  reference: text('reference').notNull(),
  pledgedBy: uuid('pledged_by').notNull(),
  pledgedAt: moment('pledged_at').notNull(),
  withdrawnBy: uuid('withdrawn_by'),
  withdrawnAt: moment('withdrawn_at'),
});

export const contribution = pgTable('contribution', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  pledgeId: uuid('pledge_id'),
  agencyId: uuid('agency_id'),
  potId: uuid('pot_id').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  receivedOn: date('received_on', { mode: 'string' }).notNull(),
  reference: text('reference').notNull(),
  attempt: integer('attempt').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  enteredAt: moment('entered_at').notNull(),
});

export const contributionDecision = pgTable('contribution_decision', {
  fundId: uuid('fund_id').notNull(),
  contributionId: uuid('contribution_id').notNull(),
  decision: text('decision', { enum: ['confirmed', 'dropped'] }).notNull(),
  enteredBy: uuid('entered_by').notNull(),
  amountMinor: minor('amount_minor'),
  reason: text('reason'),
  decidedBy: uuid('decided_by').notNull(),
  decidedAt: moment('decided_at').notNull(),
});

export const contributionReversal = pgTable('contribution_reversal', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  contributionId: uuid('contribution_id').notNull(),
  reason: text('reason').notNull(),
  attempt: integer('attempt').notNull(),
  askedBy: uuid('asked_by').notNull(),
  askedAt: moment('asked_at').notNull(),
});

export const contributionReversalDecision = pgTable('contribution_reversal_decision', {
  fundId: uuid('fund_id').notNull(),
  reversalId: uuid('reversal_id').notNull(),
  decision: text('decision', { enum: ['done', 'dropped'] }).notNull(),
  askedBy: uuid('asked_by').notNull(),
  decidedBy: uuid('decided_by').notNull(),
  decidedAt: moment('decided_at').notNull(),
});
