/** Columns of the grant rounds' tables. */
import { bigint, boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const STATES = ['asked', 'half', 'listed', 'awarded', 'declined', 'appealed', 'upheld', 'withdrawn', 'returned'] as const;
export type RequestState = (typeof STATES)[number];
const GRANT_PHASES = ['draft', 'open', 'deciding', 'paying', 'closed'] as const;
export type GrantPhase = (typeof GRANT_PHASES)[number];
const AGREE = ['at-once', 'one', 'two', 'panel'] as const;
export type Agree = (typeof AGREE)[number];
const WAYS = ['voucher', 'cash', 'bank'] as const;

const fundId = () => uuid('fund_id').notNull();
const id = () => uuid('id').notNull();

export const grantRound = pgTable('grant_round', {
  fundId: fundId(),
  id: id(),
  slug: text('slug').notNull(),
  title: text('title').notNull(),
  summary: text('summary').notNull().default(''),
  kind: text('kind', { enum: ['rolling', 'window'] }).notNull(),
  phase: text('phase', { enum: GRANT_PHASES }).notNull().default('draft'),
  phaseVersion: integer('phase_version').notNull().default(0),
  potId: uuid('pot_id').notNull(),
  currency: text('currency').notNull(),
  budgetMinor: bigint('budget_minor', { mode: 'number' }),
  closesAt: moment('closes_at'),
  charterId: uuid('charter_id'),
  openedBy: uuid('opened_by'),
  pausedUntil: moment('paused_until'),
  createdAt: moment('created_at').notNull(),
});

export const applicant = pgTable('applicant', {
  fundId: fundId(),
  id: id(),
  contactHash: bytes('contact_hash'),
  sealedContact: bytes('sealed_contact'),
  sealedName: bytes('sealed_name'),
  householdHash: bytes('household_hash'),
  householdUntil: moment('household_until'),
  standsApart: boolean('stands_apart').notNull().default(false),
  madeAt: moment('made_at').notNull(),
  erasedAt: moment('erased_at'),
});

export const request = pgTable('request', {
  fundId: fundId(),
  id: id(),
  grantRoundId: uuid('grant_round_id').notNull(),
  applicantId: uuid('applicant_id').notNull(),
  reference: text('reference').notNull(),
  clientKey: bytes('client_key').notNull(),
  tokenHash: bytes('token_hash').notNull(),
  toldHash: bytes('told_hash'),
  amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
  way: text('way', { enum: WAYS }).notNull(),
  sealedWords: bytes('sealed_words'),
  otherName: boolean('other_name').notNull().default(false),
  sealedName: bytes('sealed_name'),
  purpose: text('purpose'),
  helperAccountId: uuid('helper_account_id'),
  helperCollects: boolean('helper_collects').notNull().default(false),
  mayWrite: boolean('may_write').notNull().default(false),
  language: text('language').notNull().default('en'),
  toldVersion: integer('told_version').notNull().default(0),
  asksApart: boolean('asks_apart').notNull().default(false),
  forGroup: boolean('for_group').notNull().default(false),
  consent: text('consent', { enum: ['there', 'phone', 'written'] }),
  agree: text('agree', { enum: AGREE }).notNull(),
  cumulativeMinor: bigint('cumulative_minor', { mode: 'number' }).notNull(),
  state: text('state', { enum: STATES }).notNull().default('asked'),
  stateVersion: integer('state_version').notNull().default(0),
  askedAt: moment('asked_at').notNull(),
  confirmedAt: moment('confirmed_at'),
  erasedAt: moment('erased_at'),
});

export const requestHold = pgTable('request_hold', {
  fundId: fundId(),
  requestId: uuid('request_id').notNull(),
  why: text('why', { enum: ['too-soon', 'over-cap'] }).notNull(),
  notBefore: moment('not_before').notNull(),
  heldAt: moment('held_at').notNull(),
  followedBy: uuid('followed_by'),
});

export const requestMove = pgTable('request_move', {
  fundId: fundId(),
  id: id(),
  requestId: uuid('request_id').notNull(),
  version: integer('version').notNull(),
  fromState: text('from_state', { enum: STATES }).notNull(),
  toState: text('to_state', { enum: STATES }).notNull(),
  reason: text('reason'),
  actorId: uuid('actor_id'),
  at: moment('at').notNull(),
});

export const requestDecision = pgTable('request_decision', {
  fundId: fundId(),
  id: id(),
  requestId: uuid('request_id').notNull(),
  seat: text('seat', { enum: ['first', 'second', 'panel', 'appeal'] }).notNull(),
  verdict: text('verdict', { enum: ['yes', 'no'] }).notNull(),
  reason: text('reason'),
  accountId: uuid('account_id').notNull(),
  at: moment('at').notNull(),
});

export const deciderInterest = pgTable('decider_interest', {
  fundId: fundId(),
  id: id(),
  accountId: uuid('account_id').notNull(),
  applicantId: uuid('applicant_id').notNull(),
  declaredAt: moment('declared_at').notNull(),
});

export const signpost = pgTable('signpost', {
  fundId: fundId(),
  id: id(),
  name: text('name').notNull(),
  words: text('words').notNull(),
  phone: text('phone'),
  url: text('url'),
  madeAt: moment('made_at').notNull(),
});

export const safeguardingLead = pgTable('safeguarding_lead', {
  fundId: fundId(),
  id: id(),
  accountId: uuid('account_id').notNull(),
  name: text('name').notNull(),
  sealedContact: bytes('sealed_contact').notNull(),
  namedBy: uuid('named_by').notNull(),
  namedAt: moment('named_at').notNull(),
  agreedBy: uuid('agreed_by'),
  agreedAt: moment('agreed_at'),
  endedAt: moment('ended_at'),
});

export const disclosure = pgTable('disclosure', {
  fundId: fundId(),
  id: id(),
  requestId: uuid('request_id').notNull(),
  sealed: bytes('sealed').notNull(),
  raisedBy: uuid('raised_by'),
  raisedAt: moment('raised_at').notNull(),
  endsAt: moment('ends_at').notNull(),
});
