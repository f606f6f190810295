/** Columns of the tables of paper ballots. */
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const paperBatch = pgTable('paper_batch', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  number: integer('number').notNull(),
  place: text('place').notNull(),
  sheets: integer('sheets').notNull(),
});

export const paperStrike = pgTable('paper_strike', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  electorId: uuid('elector_id').notNull(),
  batch: integer('batch').notNull(),
  struckBy: uuid('struck_by').notNull(),
});

export const paperCount = pgTable('paper_count', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  batch: integer('batch').notNull(),
  countedBy: uuid('counted_by').notNull(),
  unused: integer('unused').notNull(),
  exchanged: integer('exchanged').notNull(),
  castSheets: integer('cast_sheets').notNull(),
});

export const paperEntry = pgTable('paper_entry', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  sheet: integer('sheet').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  box: bytes('box').notNull(),
});

export const paperDone = pgTable('paper_done', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  people: integer('people').notNull(),
  counted: integer('counted').notNull(),
  spoiled: integer('spoiled').notNull(),
  missing: integer('missing').notNull(),
  finishedBy: uuid('finished_by').notNull(),
  finishedAt: moment('finished_at').notNull(),
});
