/** Columns of the draws of waiting lists. */
import { bigint, boolean, date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const fundId = () => uuid('fund_id').notNull();
const day = (name: string) => date(name, { mode: 'string' });

export const grantDraw = pgTable('grant_draw', {
  fundId: fundId(),
  id: uuid('id').notNull(),
  grantRoundId: uuid('grant_round_id').notNull(),
  number: integer('number').notNull(),
  drawName: text('draw_name').notNull(),
  drawOn: day('draw_on').notNull(),
  namedBy: uuid('named_by'),
  namedAt: moment('named_at').notNull(),
  fixedAt: moment('fixed_at'),
  reserveMinor: bigint('reserve_minor', { mode: 'number' }).notNull().default(0),
  committedAt: moment('committed_at'),
  termsDigest: bytes('terms_digest'),
  poolDigest: bytes('pool_digest'),
  isEnough: boolean('is_enough'),
  drawnOn: day('drawn_on'),
  text: text('text'),
  evidence: text('evidence'),
  missed: day('missed').array(),
  seed: bytes('seed'),
  drawnAt: moment('drawn_at'),
});

export const drawResult = pgTable('draw_result', {
  fundId: fundId(),
  drawId: uuid('draw_id').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  drawnOn: day('drawn_on').notNull(),
  text: text('text').notNull(),
  evidence: text('evidence').notNull(),
  missed: day('missed').array().notNull().default([]),
  enteredAt: moment('entered_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
});

export const drawEntry = pgTable('draw_entry', {
  fundId: fundId(),
  drawId: uuid('draw_id').notNull(),
  requestId: uuid('request_id').notNull(),
  code: text('code').notNull(),
  tickets: integer('tickets'),
  firstTime: boolean('first_time').notNull().default(false),
  missedBefore: integer('missed_before').notNull().default(0),
  askedAgain: boolean('asked_again').notNull().default(false),
  place: integer('place'),
  letAt: moment('let_at'),
  letAs: text('let_as', { enum: ['enough', 'place', 'reserve'] }),
});

export const reservePick = pgTable('reserve_pick', {
  fundId: fundId(),
  requestId: uuid('request_id').notNull(),
  drawId: uuid('draw_id').notNull(),
  pickedBy: uuid('picked_by').notNull(),
  pickedAt: moment('picked_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
});
