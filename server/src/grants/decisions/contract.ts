/** Deciding: the queue of an evening, one tap for each, and who must not decide. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { AGREE, WAYS } from '../../rounds/charter/rules.ts';
import { grantsPolicy } from '../policy.ts';
import { requestState } from '../requests/contract.ts';
import { REASONS } from '../requests/rules.ts';
import { grantParams } from '../rounds/contract.ts';

const waiting = z.object({
  id: shapes.id, reference: z.string(), name: z.string(), amountMinor: shapes.amountMinor, cumulativeMinor: shapes.amountMinor, way: z.enum(WAYS),
  words: z.string().nullable(), purpose: z.string().nullable(), agree: z.enum(AGREE), proofOfAddress: z.boolean(), state: requestState, askedAt: shapes.moment, answerBy: shapes.moment,
  /** For a person to look at; nothing is decided by them. */
  hints: z.object({
    /** The same address under another name. */
    otherName: z.boolean(),
    /** Others at the same door who asked in the period. */
    sameHousehold: z.int(),
  }),
  helper: z.object({ name: z.string(), brought: z.int(), collects: z.boolean() }).nullable(),
  /** Why the caller must not decide this one; null when they may. */
  notYou: z.enum(['you-decided', 'your-interest', 'you-helped', 'your-own', 'panel']).nullable(),
});

export const readQueue = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/queue', access: grantsPolicy.readQueue,
  summary: 'Requests that wait for a decision, oldest first, with what the charter needs for each and nothing more.',
  params: grantParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({ requests: z.array(waiting), nextCursor: z.string().nullable(), currency: shapes.currency }), problems: [],
});

export const decideRequest = route({
  method: 'POST', path: '/funds/:fund/requests/:request/decisions', access: grantsPolicy.decide, idempotent: true,
  summary: 'One person’s yes or no. With the last yes that the charter asks for the money is set aside.',
  params: fundParams.extend({ request: shapes.id }),
  body: z.discriminatedUnion('verdict', [z.object({ verdict: z.literal('yes') }), z.object({ verdict: z.literal('no'), reason: z.enum(REASONS) })]),
  answer: z.object({ state: requestState }), problems: ['already-decided', 'same-person', 'knows-applicant', 'panel-decides', 'not-enough-money'],
});

export const declareInterest = route({
  method: 'POST', path: '/funds/:fund/requests/:request/interest', access: grantsPolicy.declareInterest, status: 201,
  summary: 'The caller knows this person: from now on they are passed over.',
  params: fundParams.extend({ request: shapes.id }), answer: z.object({ done: z.literal(true) }), problems: [],
});
