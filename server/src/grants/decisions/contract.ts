/** Deciding: the queue of an evening, one tap for each, and who must not decide. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { AGREE, WAYS } from '../../rounds/charter/rules.ts';
import { grantsPolicy } from '../policy.ts';
import { requestState } from '../requests/contract.ts';
import { REASONS } from '../requests/rules.ts';
import { grantParams } from '../rounds/contract.ts';
import { BATCH_MOST, NOT_YOU } from './rules.ts';

const done = z.object({ done: z.literal(true) });
const requestParams = fundParams.extend({ request: shapes.id });

const waiting = z.object({
  id: shapes.id, reference: z.string(),
  /** The reference in its place, and no words, where the caller must not decide. */
  name: z.string(),
  amountMinor: shapes.amountMinor, cumulativeMinor: shapes.amountMinor, way: z.enum(WAYS),
  /** How to reach them, for whoever may decide, and whether they said that a message is safe; null where a helper keeps touch. */
  contact: z.object({ channel: z.enum(['email', 'sms']), address: z.string(), mayWrite: z.boolean() }).nullable(),
  words: z.string().nullable(), purpose: z.string().nullable(), agree: z.enum(AGREE), state: requestState, askedAt: shapes.moment, answerBy: shapes.moment,
  proofOfAddress: z.boolean(),
  /** What a person has seen of the address; null where the charter asks for nothing. */
  proof: z.enum(['missing', 'offer-meeting', 'seen', 'met']).nullable(),
  /** For a person to look at; nothing is decided by them. */
  hints: z.object({
    /** The same address under another name. */
    otherName: z.boolean(),
    /** Others at the same door who asked in the period. */
    sameHousehold: z.int(),
    /** Others at the door were given so much that this is more than the charter gives an address: a yes waits until the person stands apart. */
    overDoor: z.boolean(),
  }),
  /** Other requests of the same person or from the same door within the period, newest first; at most ten. */
  beside: z.array(z.object({ why: z.enum(['same-person', 'same-door']), reference: z.string(), name: z.string(), amountMinor: shapes.amountMinor, state: requestState, askedAt: shapes.moment })),
  /** Of an appeal: how many said yes so far, how many it takes, and how many are left who did not decide and do not know the person. */
  again: z.object({ yes: z.int(), needed: z.int(), left: z.int() }).nullable(),
  /** Whether the caller can decide this one together with others. */
  inBatch: z.boolean(),
  /** Whether this person stands apart from others at their door, asked to with this request, and how many have said so. */
  apart: z.object({ stands: z.boolean(), asks: z.boolean(), said: z.int(), byYou: z.boolean() }),
  helper: z.object({ name: z.string(), brought: z.int(), collects: z.boolean(), consent: z.enum(['there', 'phone', 'written']).nullable() }).nullable(),
  /** A group without a constitution asks, through the host. */
  forGroup: z.boolean(),
  /** Why the caller must not decide this one; null when they may. */
  notYou: z.enum(NOT_YOU).nullable(),
});

export const readQueue = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/queue', access: grantsPolicy.readQueue,
  summary: 'Requests that wait for a decision, oldest first, with what the charter needs for each and nothing more.',
  params: grantParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    round: z.object({ slug: shapes.slug, title: z.string() }), requests: z.array(waiting), nextCursor: z.string().nullable(), currency: shapes.currency,
    /** All that wait in the round. */
    total: z.int(),
    /** What can still be given, in minor units. */
    leftMinor: shapes.levelMinor,
    /** Whether a panel of residents decides from some sum on. */
    panels: z.boolean(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const decideRequest = route({
  method: 'POST', path: '/funds/:fund/requests/:request/decisions', access: grantsPolicy.decide, idempotent: true,
  summary: 'One person’s yes or no. With the last yes that the charter asks for the money is set aside; while there is none the request is listed and waits for it. It cannot be taken back.',
  params: requestParams,
  body: z.discriminatedUnion('verdict', [z.object({ verdict: z.literal('yes') }), z.object({ verdict: z.literal('no'), reason: z.enum(REASONS) })]),
  answer: z.object({ state: requestState }), problems: ['already-decided', 'same-person', 'knows-applicant', 'awaits-draw', 'panel-decides', 'proof-missing', 'over-cap', 'over-household-cap', 'too-soon'],
});

export const decideBatch = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/batches', access: grantsPolicy.decide, idempotent: true,
  summary: 'A yes to several requests that one person agrees to, where the charter allows. Each has its own outcome; one that cannot be given leaves the others as they are.',
  params: grantParams, body: z.object({ requests: z.array(shapes.id).min(1).max(BATCH_MOST) }),
  answer: z.object({
    outcomes: z.array(z.object({
      id: shapes.id, state: requestState.nullable(),
      /** The problem's code; null when it was given. */
      problem: z.string().nullable(),
    })),
  }),
  problems: ['batches-not-allowed'],
});

export const declareInterest = route({
  method: 'POST', path: '/funds/:fund/requests/:request/interest', access: grantsPolicy.declareInterest, status: 201,
  summary: 'The caller knows this person: from now on they are passed over.',
  params: requestParams, answer: done, problems: [],
});

export const keepProof = route({
  method: 'POST', path: '/funds/:fund/requests/:request/proof', access: grantsPolicy.decide, status: 201,
  summary: 'Keeps that the caller saw a proof of address, met the person, or could not tell. The proof itself is kept nowhere.',
  params: requestParams, body: z.object({ how: z.enum(['seen', 'met', 'unclear']) }), answer: done, problems: ['knows-applicant', 'already-exists'],
});

export const setApart = route({
  method: 'POST', path: '/funds/:fund/requests/:request/apart', access: grantsPolicy.decide, status: 201,
  summary: 'One person’s word that somebody must not be held to what others at their address were given; with a second person’s it holds.',
  params: requestParams, answer: z.object({ stands: z.boolean() }), problems: ['same-person', 'knows-applicant'],
});

export const declareDoor = route({
  method: 'PUT', path: '/funds/:fund/my-door', access: grantsPolicy.keepDoor,
  summary: 'Where the caller lives, kept for a year as a keyed hash: whoever asks from there is decided by others.',
  params: fundParams, body: z.object({ household: z.string().trim().min(1).max(300) }), answer: z.object({ until: shapes.moment }), problems: [],
});

export const readDoor = route({
  method: 'GET', path: '/funds/:fund/my-door', access: grantsPolicy.keepDoor,
  summary: 'Until when a door of the caller is kept; null when there is none. The door itself cannot be read.',
  params: fundParams, answer: z.object({ until: shapes.moment.nullable() }), problems: [],
});

export const appeal = route({
  method: 'POST', path: '/funds/:fund/requests/appeal', access: 'anyone', silent: true,
  summary: 'By the private link: asks that somebody who did not decide looks again; once, and within the charter’s days.',
  params: fundParams, body: z.object({ token: z.string().regex(/^[\w-]{22}$/), words: z.string().trim().min(1).max(2000).nullable().default(null) }),
  answer: z.object({ state: requestState, answerBy: shapes.moment }),
  problems: ['wrong-code', 'too-many-tries', 'nothing-to-appeal', 'appealed-once', 'appeal-late', 'over-cap', 'too-soon'],
});
