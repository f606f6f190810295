/** Columns of the votes' tables: ballots, their log, tallies, and what the seal leaves. */
import { bigint, boolean, date, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const ballotOpen = pgTable('ballot_open', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  slot: bytes('slot').notNull(),
  mark: bytes('mark').notNull(),
  box: bytes('box').notNull(),
  struck: boolean('struck').notNull().default(false),
});

export const replacedOpen = pgTable('replaced_open', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  mark: bytes('mark').notNull(),
  box: bytes('box').notNull(),
});

export const tally = pgTable('tally', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  ruleDigest: bytes('rule_digest').notNull(),
  inputDigest: bytes('input_digest').notNull(),
  ballots: integer('ballots').notNull(),
  outcome: jsonb('outcome').notNull(),
  countedAt: moment('counted_at').notNull(),
});

export const statement = pgTable('statement', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  text: text('text').notNull(),
});

export const logLeaf = pgTable('log_leaf', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  index: integer('index').notNull(),
  leaf: bytes('leaf').notNull(),
});

export const logHead = pgTable('log_head', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  size: integer('size').notNull(),
  note: text('note').notNull(),
  isLast: boolean('is_last').notNull(),
  signedAt: moment('signed_at').notNull(),
  laterDraw: text('later_draw'),
});

export const headCopy = pgTable('head_copy', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  size: integer('size').notNull(),
  mirror: text('mirror').notNull(),
  tries: integer('tries').notNull().default(0),
  nextTryAt: moment('next_try_at'),
  takenAt: moment('taken_at'),
  status: integer('status'),
  fault: text('fault'),
  answer: text('answer'),
});

export const provisionalCount = pgTable('provisional_count', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  number: integer('number').notNull(),
  winners: text('winners').array().notNull(),
  costMinor: bigint('cost_minor', { mode: 'number' }).notNull(),
  tied: text('tied').array().notNull(),
  ties: jsonb('ties').$type<string[][]>().notNull(),
  ballots: integer('ballots').notNull(),
  strikes: integer('strikes').notNull(),
  withDraw: boolean('with_draw').notNull(),
  countedAt: moment('counted_at').notNull(),
});

export const lotDraw = pgTable('lot_draw', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  drawnOn: date('drawn_on', { mode: 'string' }).notNull(),
  text: text('text').notNull(),
  evidence: text('evidence').notNull(),
  missed: date('missed', { mode: 'string' }).array().notNull().default([]),
  enteredAt: moment('entered_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
});

export const electorStrike = pgTable('elector_strike', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  electorId: uuid('elector_id').notNull(),
  reason: text('reason').notNull(),
  proposedBy: uuid('proposed_by').notNull(),
  proposedAt: moment('proposed_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
});

export const seal = pgTable('seal', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  facts: jsonb('facts').notNull(),
  at: moment('at').notNull(),
});

export const ballotCounted = pgTable('ballot_counted', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  leaf: bytes('leaf').notNull(),
  void: bytes('void').notNull(),
  salt: bytes('salt').notNull(),
  ballot: bytes('ballot').notNull(),
});

export const ballotVoid = pgTable('ballot_void', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  leaf: bytes('leaf').notNull(),
  void: bytes('void').notNull(),
  body: bytes('body').notNull(),
  voidKey: bytes('voidkey'),
  why: text('why', { enum: ['replaced', 'no-key', 'other-key', 'voted-on-paper', 'struck'] }).notNull(),
});

export const turnoutRoll = pgTable('turnout_roll', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  electorId: uuid('elector_id').notNull(),
});

export const observerSignature = pgTable('observer_signature', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  place: integer('place').notNull(),
  note: text('note').notNull(),
  at: moment('at').notNull(),
});

export const observerWaiver = pgTable('observer_waiver', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  reason: text('reason').notNull(),
  waivedBy: uuid('waived_by').notNull(),
  at: moment('at').notNull(),
});

export const setAside = pgTable('set_aside', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  reason: text('reason').notNull(),
  proposedBy: uuid('proposed_by').notNull(),
  proposedAt: moment('proposed_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
});

export const setAsideAward = pgTable('set_aside_award', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  awardId: uuid('award_id').notNull(),
  releasedMinor: bigint('released_minor', { mode: 'number' }).notNull(),
  paidMinor: bigint('paid_minor', { mode: 'number' }).notNull(),
});

export const turnoutCheck = pgTable('turnout_check', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  voted: integer('voted').notNull(),
  didNot: integer('did_not').notNull(),
  notReached: integer('not_reached').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  enteredAt: moment('entered_at').notNull(),
});

/** Where an area's own money comes from, when not from the round's pot. */
export const areaPot = pgTable('area_pot', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  area: text('area').notNull(),
  potId: uuid('pot_id').notNull(),
});
