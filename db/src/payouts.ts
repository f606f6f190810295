/** Columns of the payouts' tables. */
import { bigint, boolean, date, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const minor = (name: string) => bigint(name, { mode: 'number' });
const states = { enum: ['open', 'paid', 'failed', 'unknown', 'returned'] } as const;

export const disbursementPlan = pgTable('disbursement_plan', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  reservationId: uuid('reservation_id').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  plannedBy: uuid('planned_by').notNull(),
  plannedAt: moment('planned_at').notNull(),
  replacedAt: moment('replaced_at'),
});

export const disbursement = pgTable('disbursement', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  kind: text('kind', { enum: ['stage', 'settlement', 'person'] }).notNull(),
  planId: uuid('plan_id'),
  stageNumber: integer('stage_number'),
  title: text('title'),
  shopId: uuid('shop_id'),
  sourceAccountId: uuid('source_account_id').notNull(),
  recipientName: text('recipient_name').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  /** Who declared an interest in what was decided. */
  barredAccountIds: uuid('barred_account_ids').array().notNull().default([]),
  createdBy: uuid('created_by').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const disbursementUpdate = pgTable('disbursement_update', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  disbursementId: uuid('disbursement_id').notNull(),
  words: text('words').notNull(),
  publishedBy: uuid('published_by').notNull(),
  publishedAt: moment('published_at').notNull(),
});

export const payout = pgTable('payout', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  disbursementId: uuid('disbursement_id').notNull(),
  kind: text('kind', { enum: ['stage', 'settlement', 'person'] }).notNull(),
  amountMinor: minor('amount_minor').notNull(),
  rail: text('rail', { enum: ['bank'] }).notNull(),
  reference: text('reference').notNull(),
  updateId: uuid('update_id'),
  state: text('state', states).notNull(),
  recordedBy: uuid('recorded_by').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  confirmedBy: uuid('confirmed_by'),
  confirmedAt: moment('confirmed_at'),
  transferId: uuid('transfer_id'),
  returnTransferId: uuid('return_transfer_id'),
});

export const payoutChange = pgTable('payout_change', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  payoutId: uuid('payout_id').notNull(),
  state: text('state', states).notNull(),
  note: text('note').notNull(),
  actorId: uuid('actor_id').notNull(),
  at: moment('at').notNull(),
});

export const voucher = pgTable('voucher', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  reservationId: uuid('reservation_id').notNull(),
  accountId: uuid('account_id').notNull(),
  holderAccountId: uuid('holder_account_id'),
  title: text('title').notNull(),
  valueMinor: minor('value_minor').notNull(),
  codeHash: bytes('code_hash').notNull(),
  sealedCode: bytes('sealed_code').notNull(),
  issuedBy: uuid('issued_by').notNull(),
  issuedAt: moment('issued_at').notNull(),
  lastDay: date('last_day', { mode: 'string' }).notNull(),
  expiresAt: moment('expires_at').notNull(),
  printedAt: moment('printed_at'),
  endedAs: text('ended_as', { enum: ['expired', 'cancelled'] }),
  endedAt: moment('ended_at'),
  endedBy: uuid('ended_by'),
  returnedMinor: minor('returned_minor'),
  returnTransferId: uuid('return_transfer_id'),
});

export const redemption = pgTable('redemption', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  voucherId: uuid('voucher_id').notNull(),
  shopId: uuid('shop_id').notNull(),
  payableAccountId: uuid('payable_account_id').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  transferId: uuid('transfer_id').notNull(),
  takenBy: uuid('taken_by').notNull(),
  takenAt: moment('taken_at').notNull(),
  undoneBy: uuid('undone_by'),
  undoneAt: moment('undone_at'),
  undoTransferId: uuid('undo_transfer_id'),
  settlementId: uuid('settlement_id'),
});

export const voucherRelease = pgTable('voucher_release', {
  fundId: uuid('fund_id').notNull(),
  voucherId: uuid('voucher_id').notNull(),
  issuedBy: uuid('issued_by').notNull(),
  releasedBy: uuid('released_by'),
  releasedAt: moment('released_at').notNull(),
});

export const payoutReturn = pgTable('payout_return', {
  fundId: uuid('fund_id').notNull(),
  payoutId: uuid('payout_id').notNull(),
  askedBy: uuid('asked_by').notNull(),
  askedAt: moment('asked_at').notNull(),
  note: text('note').notNull(),
  confirmedBy: uuid('confirmed_by'),
  isOlder: boolean('is_older').notNull().default(false),
});

export const cashBox = pgTable('cash_box', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  name: text('name').notNull(),
  fetchedMinor: minor('fetched_minor').notNull(),
  openedBy: uuid('opened_by').notNull(),
  openedAt: moment('opened_at').notNull(),
  checkedBy: uuid('checked_by'),
  checkedAt: moment('checked_at'),
  leftMinor: minor('left_minor').notNull(),
  countedMinor: minor('counted_minor'),
  countedBy: uuid('counted_by'),
  countedAt: moment('counted_at'),
  closedBy: uuid('closed_by'),
  closedAt: moment('closed_at'),
});

const cashStates = { enum: ['ready', 'handed-over', 'collected', 'cancelled', 'expired', 'disputed'] } as const;

export const cashPayment = pgTable('cash_payment', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  reservationId: uuid('reservation_id').notNull(),
  accountId: uuid('account_id').notNull(),
  /** Null for somebody without an account, who is known by a reference. */
  recipientAccountId: uuid('recipient_account_id'),
  recipientReference: text('recipient_reference'),
  title: text('title').notNull(),
  amountMinor: minor('amount_minor').notNull(),
  codeHash: bytes('code_hash').notNull(),
  sealedCode: bytes('sealed_code').notNull(),
  place: text('place').notNull(),
  hours: text('hours').notNull(),
  barredAccountIds: uuid('barred_account_ids').array().notNull(),
  issuedBy: uuid('issued_by').notNull(),
  issuedAt: moment('issued_at').notNull(),
  lastDay: date('last_day', { mode: 'string' }).notNull(),
  expiresAt: moment('expires_at').notNull(),
  state: text('state', cashStates).notNull(),
  boxId: uuid('box_id'),
  handedBy: uuid('handed_by'),
  handedAt: moment('handed_at'),
  witnessedBy: uuid('witnessed_by'),
  witnessedAt: moment('witnessed_at'),
  disputedBy: uuid('disputed_by'),
  disputedAt: moment('disputed_at'),
  shortMinor: minor('short_minor'),
  endedBy: uuid('ended_by'),
  endedAt: moment('ended_at'),
  transferId: uuid('transfer_id'),
  returnTransferId: uuid('return_transfer_id'),
});

export const cashChange = pgTable('cash_change', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  paymentId: uuid('payment_id').notNull(),
  state: text('state', cashStates).notNull(),
  note: text('note').notNull(),
  actorId: uuid('actor_id'),
  at: moment('at').notNull(),
});
