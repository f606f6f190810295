/** Columns of what people say about ideas and projects, and of what is decided about it. */
import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

/** Why somebody reports a comment, and why a person hides one. */
const reasons = ['unkind', 'private', 'untrue', 'off-topic', 'advertising', 'threat'] as const;
export type CommentReason = (typeof reasons)[number];

export const comment = pgTable('comment', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  subjectKind: text('subject_kind', { enum: ['idea', 'project'] }).notNull(),
  subjectId: uuid('subject_id').notNull(),
  id: uuid('id').notNull(),
  replyTo: uuid('reply_to'),
  isFirst: boolean('is_first').generatedAlwaysAs(sql`reply_to is null`),
  answersFirst: boolean('answers_first').generatedAlwaysAs(sql`case when reply_to is not null then true end`),
  accountId: uuid('account_id').notNull(),
  draftId: uuid('draft_id').notNull(),
  name: text('name'),
  words: text('words'),
  at: moment('at').notNull(),
  gone: text('gone', { enum: ['withdrawn', 'erased'] }),
  goneAt: moment('gone_at'),
});

export const commentReport = pgTable('comment_report', {
  fundId: uuid('fund_id').notNull(),
  commentId: uuid('comment_id').notNull(),
  accountId: uuid('account_id').notNull(),
  reason: text('reason', { enum: reasons }).notNull(),
  at: moment('at').notNull(),
});

export const commentDecision = pgTable('comment_decision', {
  fundId: uuid('fund_id').notNull(),
  commentId: uuid('comment_id').notNull(),
  turn: integer('turn').notNull(),
  outcome: text('outcome', { enum: ['keep', 'hide'] }).notNull(),
  reason: text('reason', { enum: reasons }),
  decidedBy: uuid('decided_by').notNull(),
  at: moment('at').notNull(),
});

export const commentAppeal = pgTable('comment_appeal', {
  fundId: uuid('fund_id').notNull(),
  commentId: uuid('comment_id').notNull(),
  turn: integer('turn').notNull(),
  at: moment('at').notNull(),
});
