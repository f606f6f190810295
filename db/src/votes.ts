/** Columns of the votes' tables: ballots and tallies. */
import { boolean, integer, jsonb, pgTable, uuid } from 'drizzle-orm/pg-core';
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
