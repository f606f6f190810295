/** Columns of the beacon's values. */
import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

export const beaconValue = pgTable('beacon_value', {
  fundId: uuid('fund_id').notNull(),
  chain: text('chain').notNull(),
  round: bigint('round', { mode: 'number' }).notNull(),
  signature: text('signature').notNull(),
  broughtBy: uuid('brought_by'),
  broughtAt: moment('brought_at').notNull(),
});
