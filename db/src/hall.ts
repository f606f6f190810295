/** Columns of the draw of the projects' order in a hall. */
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

export const hallOrder = pgTable('hall_order', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  secret: bytes('secret').notNull(),
  how: text('how').notNull(),
  announcedBy: uuid('announced_by').notNull(),
  announcedAt: moment('announced_at').notNull(),
  drawn: text('drawn'),
  drawnBy: uuid('drawn_by').array(),
  drawnAt: moment('drawn_at'),
});

export const hallDraw = pgTable('hall_draw', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  enteredBy: uuid('entered_by').notNull(),
  drawn: text('drawn').notNull(),
  enteredAt: moment('entered_at').notNull(),
});
