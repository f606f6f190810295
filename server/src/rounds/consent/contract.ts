/** A parent's consent for people under a round's age: asked for, given and taken back before a ballot is cast, never about one. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { languages } from '../../platform/words.ts';
import { roundParams } from '../contract.ts';
import { roundPolicy } from '../policy.ts';

const done = z.object({ done: z.literal(true) });
const state = z.enum(['not-needed', 'needed', 'given', 'refused', 'withdrawn']);
/** 128 random bits, base64url. */
const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const address = { address: z.string().trim().min(3).max(254), language: z.enum(languages).default('en'), name: z.string().trim().regex(/^[\p{L}\p{M}'’ -]{1,30}$/u).optional() };

export const readConsent = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/consent', access: 'voter', silent: true,
  summary: 'Where the caller’s own consent stands.',
  params: roundParams,
  answer: z.object({
    belowAge: z.int().nullable(), state,
    /** What to write on a paper form; null until one was asked for. */
    reference: z.string().nullable(),
    /** Messages to a parent that are left. */
    asksLeft: z.int(),
  }),
  problems: ['not-on-roll'],
});

export const askConsent = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/consent', access: 'voter', silent: true,
  summary: 'Asks a parent by a message with a private link, up to three times; or names the reference for a paper form. The address is not kept.',
  params: roundParams,
  body: z.discriminatedUnion('by', [
    z.object({ by: z.literal('email'), ...address, address: z.string().trim().toLowerCase().pipe(z.email().max(254)) }),
    z.object({ by: z.literal('sms'), ...address }),
    z.object({ by: z.literal('paper') }),
  ]),
  answer: z.object({ reference: z.string(), asksLeft: z.int() }),
  problems: ['not-on-roll', 'consent-not-asked', 'already-decided', 'same-person', 'asked-enough', 'codes-exhausted', 'voting-closed'],
});

export const lookAtConsent = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/consent/look', access: 'anyone', silent: true,
  summary: 'What the holder of a parent’s link is asked, and what they answered. Never who votes, and nothing about a ballot.',
  params: roundParams, body: z.object({ token }),
  answer: z.object({ belowAge: z.int(), state, closesAt: shapes.moment.nullable() }),
  problems: ['wrong-code', 'too-many-tries'],
});

export const answerConsent = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/consent/answer', access: 'anyone', silent: true,
  summary: 'A parent says yes or no; no after a yes takes it back. Until voting closes.',
  params: roundParams, body: z.object({ token, answer: z.enum(['yes', 'no']) }),
  answer: z.object({ state }), problems: ['wrong-code', 'too-many-tries', 'voting-closed'],
});

export const seeConsent = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/consents', access: roundPolicy.seeConsent,
  summary: 'An administrator saw a signed form, known by its reference or by a name on the roll; `seen: false` when a parent takes it back.',
  params: roundParams,
  body: z.union([
    z.strictObject({ reference: z.string().trim().min(1).max(40), seen: z.boolean().default(true) }),
    z.strictObject({ elector: shapes.id, seen: z.boolean().default(true) }),
  ]),
  answer: done, problems: ['wrong-phase', 'voting-closed', 'consent-not-asked'],
});

export const countConsents = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/consents', access: roundPolicy.seeConsent,
  summary: 'How many consents a round waits for and has.',
  params: roundParams, answer: z.object({ belowAge: z.int().nullable(), needed: z.int(), given: z.int(), refused: z.int() }), problems: [],
});
