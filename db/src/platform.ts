/** Columns of the platform's tables. */
import { customType, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const event = pgTable('event', {
  id: uuid('id').primaryKey(),
  fundId: uuid('fund_id').notNull(),
  name: text('name').notNull(),
  subject: jsonb('subject').$type<Record<string, string>>().notNull(),
  actorId: uuid('actor_id'),
  at: moment('at').notNull(),
});

export const idempotentAnswer = pgTable('idempotent_answer', {
  fundId: uuid('fund_id').notNull(),
  callerId: uuid('caller_id').notNull(),
  key: text('key').notNull(),
  requestDigest: bytes('request_digest').notNull(),
  status: integer('status'),
  answer: jsonb('answer'),
  at: moment('at').notNull(),
});

export const demonstrationMessage = pgTable('demonstration_message', {
  id: uuid('id').primaryKey(),
  channel: text('channel', { enum: ['email', 'sms', 'call'] }).notNull(),
  recipient: text('recipient').notNull(),
  subject: text('subject').notNull(),
  body: text('body').notNull(),
  at: moment('at').notNull(),
  language: text('language', { enum: ['en', 'pl', 'ar'] }).notNull().default('en'),
});
