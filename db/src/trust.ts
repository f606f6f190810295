/** Columns of incidents. */
import { bigint, date, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

const INCIDENTS = ['paid-twice', 'wrong-person', 'over-cap', 'stolen', 'cash-short'] as const;
const fundId = () => uuid('fund_id').notNull();
const id = () => uuid('id').notNull();
const minor = (name: string) => bigint(name, { mode: 'number' }).notNull();

export const incident = pgTable('incident', {
  fundId: fundId(), id: id(), kind: text('kind', { enum: INCIDENTS }).notNull(), amountMinor: minor('amount_minor'), happenedOn: date('happened_on', { mode: 'string' }).notNull(),
  enteredBy: uuid('entered_by').notNull(), enteredAt: moment('entered_at').notNull(), confirmedBy: uuid('confirmed_by'), confirmedAt: moment('confirmed_at'),
});
