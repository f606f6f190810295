/** Columns of thank-yous. */
import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from './platform.ts';

const fundId = () => uuid('fund_id').notNull();
const id = () => uuid('id').notNull();
const minor = (name: string) => bigint(name, { mode: 'number' }).notNull();

export const thankYou = pgTable('thank_you', {
  fundId: fundId(), id: id(), accountId: uuid('account_id').notNull(), what: text('what', { enum: ['panel', 'meeting', 'interview'] }).notNull(),
  amountMinor: minor('amount_minor'), reservationId: uuid('reservation_id').notNull(), givenBy: uuid('given_by').notNull(), givenAt: moment('given_at').notNull(),
  chooseUntil: moment('choose_until').notNull(), way: text('way', { enum: ['voucher', 'cash', 'none'] }), voucherId: uuid('voucher_id'), cashId: uuid('cash_id'), chosenAt: moment('chosen_at'), panelId: uuid('panel_id'),
});
