/** Columns of the people's tables. */
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const languages = { enum: ['en', 'pl', 'ar'] } as const;

export const host = pgTable('host', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const fund = pgTable('fund', {
  id: uuid('id').primaryKey(),
  hostId: uuid('host_id').notNull(),
  slug: text('slug').notNull(),
  name: text('name').notNull(),
  purpose: text('purpose').notNull(),
  currency: text('currency').notNull(),
  language: text('language').notNull(),
  timeZone: text('time_zone').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const account = pgTable('account', {
  id: uuid('id').primaryKey(),
  contactWish: text('contact_wish', { enum: ['any', 'codes-only', 'none'] }).notNull().default('codes-only'),
  language: text('language', languages),
  createdAt: moment('created_at').notNull(),
});

export const accountContact = pgTable('account_contact', {
  channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
  contactHash: bytes('contact_hash').notNull(),
  accountId: uuid('account_id').notNull(),
  createdAt: moment('created_at').notNull(),
  provedAt: moment('proved_at'),
});

export const numberHolder = pgTable('number_holder', {
  contactHash: bytes('contact_hash').notNull(),
  accountId: uuid('account_id').notNull(),
  since: moment('since').notNull(),
});

export const accountBrowser = pgTable('account_browser', {
  browserHash: bytes('browser_hash').notNull(),
  accountId: uuid('account_id').notNull(),
  seenAt: moment('seen_at').notNull(),
});

export const recoveryCode = pgTable('recovery_code', {
  codeHash: bytes('code_hash').primaryKey(),
  accountId: uuid('account_id').notNull(),
  madeAt: moment('made_at').notNull(),
  usedAt: moment('used_at'),
});

export const signInClaim = pgTable('sign_in_claim', {
  id: uuid('id').primaryKey(),
  browserHash: bytes('browser_hash').notNull(),
  contactHash: bytes('contact_hash').notNull(),
  deskCodeHash: bytes('desk_code_hash').notNull(),
  sealedDeskCode: bytes('sealed_desk_code').notNull(),
  language: text('language', languages),
  madeAt: moment('made_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  accountId: uuid('account_id'),
  vouchedBy: uuid('vouched_by'),
  usedAt: moment('used_at'),
});

export const signInChallenge = pgTable('sign_in_challenge', {
  id: uuid('id').primaryKey(),
  browserHash: bytes('browser_hash').notNull(),
  channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
  contactHash: bytes('contact_hash').notNull(),
  codeHash: bytes('code_hash').notNull(),
  tries: integer('tries').notNull().default(0),
  askedAt: moment('asked_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
  askerHash: bytes('asker_hash'),
  language: text('language', languages),
  accountId: uuid('account_id'),
});

export const signInCard = pgTable('sign_in_card', {
  codeHash: bytes('code_hash').primaryKey(),
  accountId: uuid('account_id').notNull(),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
});

export const session = pgTable('session', {
  id: uuid('id').primaryKey(),
  accountId: uuid('account_id'),
  fundId: uuid('fund_id'),
  roundId: uuid('round_id'),
  electorId: uuid('elector_id'),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  endedAt: moment('ended_at'),
});

export const agency = pgTable('agency', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  name: text('name').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const shop = pgTable('shop', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  name: text('name').notNull(),
  createdAt: moment('created_at').notNull(),
});

export const membership = pgTable('membership', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  accountId: uuid('account_id').notNull(),
  role: text('role', { enum: ['resident', 'administrator', 'reviewer', 'officer', 'shop'] }).notNull(),
  name: text('name').notNull(),
  agencyId: uuid('agency_id'),
  shopId: uuid('shop_id'),
  createdAt: moment('created_at').notNull(),
  endedAt: moment('ended_at'),
});

export const memberInvitation = pgTable('member_invitation', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  accountId: uuid('account_id').notNull(),
  role: text('role', { enum: ['administrator', 'officer'] }).notNull(),
  name: text('name').notNull(),
  organisation: text('organisation'),
  invitedBy: uuid('invited_by').notNull(),
  invitedAt: moment('invited_at').notNull(),
  agreedBy: uuid('agreed_by'),
  droppedBy: uuid('dropped_by'),
  settledAt: moment('settled_at'),
});
