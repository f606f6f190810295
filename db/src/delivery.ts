/** Columns of milestones and of what was told about them. */
import { date, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const deliveryMilestone = pgTable('delivery_milestone', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  projectId: uuid('project_id').notNull(),
  id: uuid('id').notNull(),
  title: text('title').notNull(),
  who: text('who').notNull(),
  dueOn: date('due_on').notNull(),
  draftId: uuid('draft_id').notNull(),
  plannedBy: uuid('planned_by').notNull(),
  plannedAt: moment('planned_at').notNull(),
});

export const deliveryNews = pgTable('delivery_news', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  projectId: uuid('project_id').notNull(),
  id: uuid('id').notNull(),
  kind: text('kind', { enum: ['news', 'done', 'delayed', 'correction'] }).notNull(),
  milestoneId: uuid('milestone_id'),
  words: text('words').notNull(),
  reason: text('reason'),
  newDueOn: date('new_due_on'),
  correctsId: uuid('corrects_id'),
  draftId: uuid('draft_id').notNull(),
  publishedBy: uuid('published_by').notNull(),
  publishedAt: moment('published_at').notNull(),
  linkId: uuid('link_id'),
});

export const deliveryLink = pgTable('delivery_link', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  roundId: uuid('round_id').notNull(),
  projectId: uuid('project_id').notNull(),
  tokenHash: bytes('token_hash').notNull(),
  madeBy: uuid('made_by').notNull(),
  madeAt: moment('made_at').notNull(),
  endedAt: moment('ended_at'),
});
