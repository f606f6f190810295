/** Columns of the residents' panels. */
import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const panelVolunteer = pgTable('panel_volunteer', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  accountId: uuid('account_id').notNull(),
  area: text('area').notNull(),
  since: moment('since').notNull(),
  sealedContact: bytes('sealed_contact'),
  endedAt: moment('ended_at'),
});

export const panel = pgTable('panel', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  grantRoundId: uuid('grant_round_id').notNull(),
  seats: integer('seats').notNull(),
  pool: jsonb('pool').$type<{ code: string; area: string; served: number }[]>().notNull(),
  poolDigest: bytes('pool_digest').notNull(),
  drawName: text('draw_name').notNull(),
  drawAt: moment('draw_at').notNull(),
  committedBy: uuid('committed_by').notNull(),
  committedAt: moment('committed_at').notNull(),
  typedSeed: text('typed_seed'),
  typedBy: uuid('typed_by'),
  seed: text('seed'),
  drawnBy: uuid('drawn_by'),
  drawnAt: moment('drawn_at'),
});

export const panelSeat = pgTable('panel_seat', {
  fundId: uuid('fund_id').notNull(),
  panelId: uuid('panel_id').notNull(),
  code: text('code').notNull(),
  accountId: uuid('account_id').notNull(),
  place: integer('place'),
  state: text('state', { enum: ['pool', 'asked', 'accepted', 'passed', 'silent', 'left'] }).notNull().default('pool'),
  askedAt: moment('asked_at'),
  answerBy: moment('answer_by'),
  answeredAt: moment('answered_at'),
  toldAt: moment('told_at'),
  toldRequestId: uuid('told_request_id'),
});
