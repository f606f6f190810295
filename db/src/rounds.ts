/** Columns of the rounds' tables. */
import { bigint, boolean, date, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, moment } from './platform.ts';

const PHASES = ['draft', 'ideas', 'review', 'notice', 'voting', 'counting', 'results', 'delivery', 'closed'] as const;
export type Phase = (typeof PHASES)[number];

export type Credential = 'sign-in' | 'roll' | 'code';

/**
 * What a ballot may hold: projects within the budget, up to k, at least k, or exactly one; points, `total` in all and at
 * most `most` on one, or up to `most` to each; or up to k projects in order of preference.
 */
export type BallotForm =
  | { kind: 'knapsack' } | { kind: 'one' } | { kind: 'up-to' | 'at-least' | 'ranking'; k: number }
  | { kind: 'points'; total: number; most: number } | { kind: 'scores'; most: number };

export const round = pgTable('round', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  slug: text('slug').notNull(),
  kind: text('kind', { enum: ['vote'] }).notNull(),
  title: text('title').notNull(),
  summary: text('summary').notNull().default(''),
  phase: text('phase', { enum: PHASES }).notNull().default('draft'),
  phaseVersion: integer('phase_version').notNull().default(0),
  potId: uuid('pot_id'),
  budgetMinor: bigint('budget_minor', { mode: 'number' }),
  currency: text('currency').notNull(),
  ideasOpenAt: moment('ideas_open_at'),
  ideasCloseAt: moment('ideas_close_at'),
  reviewDueAt: moment('review_due_at'),
  runningCostsAllowed: boolean('running_costs_allowed').notNull().default(false),
  noticeAt: moment('notice_at'),
  votingOpensAt: moment('voting_opens_at'),
  votingClosesAt: moment('voting_closes_at'),
  resultsAt: moment('results_at'),
  ballotForm: jsonb('ballot_form').$type<BallotForm>(),
  /** A counting rule; the kind of the round knows its shape. */
  rule: jsonb('rule').$type<Record<string, unknown>>(),
  ruleDigest: bytes('rule_digest'),
  minimumAge: integer('minimum_age'),
  area: text('area').array().notNull().default([]),
  credentials: text('credentials').array().$type<Credential[]>().notNull().default([]),
  keyAcceptedBy: uuid('key_accepted_by'),
  isPractice: boolean('is_practice').notNull().default(false),
  consentBelowAge: integer('consent_below_age'),
  frozenAt: moment('frozen_at'),
  createdAt: moment('created_at').notNull(),
  /** Working days between the close and the sealing. */
  objectionDays: integer('objection_days').notNull().default(5),
  drawName: text('draw_name'),
  /** As YYYY-MM-DD. */
  drawDate: date('draw_date', { mode: 'string' }),
  mirrors: text('mirrors').array().notNull().default([]),
  observers: text('observers').array().notNull().default([]),
  recoveryPrintedBy: uuid('recovery_printed_by'),
  recoveryPrintedAt: moment('recovery_printed_at'),
  recoveryCheck: bytes('recovery_check'),
  sealedAt: moment('sealed_at'),
});

export const roundMove = pgTable('round_move', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  roundId: uuid('round_id').notNull(),
  fromPhase: text('from_phase', { enum: PHASES }).notNull(),
  toPhase: text('to_phase', { enum: PHASES }).notNull(),
  at: moment('at').notNull(),
  by: text('by', { enum: ['date', 'step', 'override'] }).notNull(),
  actorId: uuid('actor_id'),
  reason: text('reason'),
});

export const project = pgTable('project', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  number: text('number').notNull(),
  title: text('title').notNull(),
  summary: text('summary').notNull().default(''),
  description: text('description').notNull().default(''),
  costMinor: bigint('cost_minor', { mode: 'number' }).notNull(),
  category: text('category'),
  area: text('area'),
  delivererName: text('deliverer_name'),
  delivererContact: text('deliverer_contact'),
  position: integer('position').notNull(),
  /** The language it was written in; null is its fund's. */
  language: text('language'),
  createdAt: moment('created_at').notNull(),
});

export const elector = pgTable('elector', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  id: uuid('id').notNull(),
  area: text('area'),
});

export const rollEntry = pgTable('roll_entry', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  electorId: uuid('elector_id').notNull(),
  name: text('name').notNull(),
  postcode: text('postcode'),
  contactHash: bytes('contact_hash'),
  bornYear: integer('born_year'),
});

export const electorCode = pgTable('elector_code', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  codeHash: bytes('code_hash').notNull(),
  electorId: uuid('elector_id').notNull(),
  batch: integer('batch'),
});

export const codeBatch = pgTable('code_batch', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  number: integer('number').notNull(),
  madeAt: moment('made_at').notNull(),
});

export const fundMirror = pgTable('fund_mirror', {
  fundId: uuid('fund_id').notNull(),
  id: uuid('id').notNull(),
  mirror: text('mirror').notNull(),
  addedBy: uuid('added_by').notNull(),
  addedAt: moment('added_at').notNull(),
  endedBy: uuid('ended_by'),
  endedAt: moment('ended_at'),
});

export const electorAccount = pgTable('elector_account', {
  fundId: uuid('fund_id').notNull(),
  roundId: uuid('round_id').notNull(),
  accountId: uuid('account_id').notNull(),
  electorId: uuid('elector_id').notNull(),
});

export const beaconValue = pgTable('beacon_value', {
  fundId: uuid('fund_id').notNull(),
  chain: text('chain').notNull(),
  round: bigint('round', { mode: 'number' }).notNull(),
  signature: text('signature').notNull(),
  broughtBy: uuid('brought_by'),
  broughtAt: moment('brought_at').notNull(),
});
