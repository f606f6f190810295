/** Columns of what pays an award. */
import { bigint, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const WAYS = ['voucher', 'cash', 'bank'] as const;
const fundId = () => uuid('fund_id').notNull();
const id = () => uuid('id').notNull();
const minor = (name: string) => bigint(name, { mode: 'number' }).notNull();

export const payingTerms = pgTable('paying_terms', {
  fundId: fundId(), id: id(), place: text('place').notNull(), hours: text('hours').notNull(),
  thanksPotId: uuid('thanks_pot_id'), thanksLimitMinor: minor('thanks_limit_minor'), thanksNote: text('thanks_note').notNull(),
  hourMinor: minor('hour_minor'), phone: text('phone'), statedBy: uuid('stated_by').notNull(), statedAt: moment('stated_at').notNull(),
});

export const thanksLimitWord = pgTable('thanks_limit_word', {
  fundId: fundId(), termsId: uuid('terms_id').notNull(), accountId: uuid('account_id').notNull(), at: moment('at').notNull(),
});

export const awardPayment = pgTable('award_payment', {
  fundId: fundId(), id: id(), awardId: uuid('award_id').notNull(), requestId: uuid('request_id').notNull(),
  way: text('way', { enum: WAYS }).notNull(), voucherId: uuid('voucher_id'), cashId: uuid('cash_id'), disbursementId: uuid('disbursement_id'),
  startedBy: uuid('started_by').notNull(), startedAt: moment('started_at').notNull(),
  endedAs: text('ended_as', { enum: ['failed', 'part'] }), endedAt: moment('ended_at'),
});

export const paymentChoice = pgTable('payment_choice', {
  fundId: fundId(), id: id(), requestId: uuid('request_id').notNull(), way: text('way', { enum: WAYS }).notNull(), at: moment('at').notNull(),
});

export const paymentBank = pgTable('payment_bank', {
  fundId: fundId(), requestId: uuid('request_id').notNull(), sealedAccount: bytes('sealed_account'), givenAt: moment('given_at').notNull(), erasedAt: moment('erased_at'),
});
