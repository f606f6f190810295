/** Asking for money: three questions, no account, and a private link to see what became of it. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { AGREE, WAYS } from '../../rounds/charter/rules.ts';
import { languages } from '../../platform/words.ts';
import { grantsPolicy } from '../policy.ts';
import { grantParams } from '../rounds/contract.ts';
import { PURPOSES } from './rules.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

export const requestState = z.enum(['asked', 'half', 'listed', 'awarded', 'declined', 'appealed', 'upheld', 'withdrawn', 'returned']);

const askBody = z.object({
  amountMinor: shapes.amountMinor,
  way: z.enum(WAYS),
  /** How to reach the person; null when somebody else asks for them and keeps touch. */
  contact: z.object({ channel: z.enum(['email', 'sms']), address: line(200) }).nullable(),
  /** A name or an alias. */
  name: line(120),
  /** Anything they want to say. Never asked for. */
  words: line(2000).nullable(),
  /** A purpose code of 360Giving. Never required. */
  purpose: z.enum(PURPOSES).nullable(),
  /** Only where the charter has a household cap, and not from somebody who asks to stand apart. */
  household: line(300).nullable(),
  /** In private: not to be held to what others at the door were given. Two people settle it. */
  apart: z.boolean().default(false),
  /** The name of a group without a constitution, which asks through the host. */
  group: line(120).nullable().default(null),
  /** Whether a message about news may go to the address; it names no fund and no money. */
  mayWrite: z.boolean().default(false),
  language: z.enum(languages).default('en'),
  /** Drawn by the page, 64 hexadecimal digits: the same request sent twice is one request. */
  clientKey: z.string().regex(/^[0-9a-f]{64}$/),
});

const asked = z.object({
  reference: z.string(),
  /** 22 characters of base64url: 128 bits. */
  token: z.string(),
  state: requestState, answerBy: shapes.moment,
});
const limits = ['not-asking-now', 'way-not-offered', 'over-cap', 'over-household-cap', 'too-soon', 'already-exists', 'too-many-requests', 'not-enough-money'] as const;

export const ask = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/requests', access: 'anyone', status: 201,
  summary: 'Asks for money. The answer holds the token of a private link; the same client key gives the same answer. It says nothing of what was asked with the address before, but to the account that the address belongs to.',
  params: grantParams, body: askBody, answer: asked, problems: limits,
});

export const askFor = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/requests/for', access: grantsPolicy.askFor, status: 201,
  summary: 'Asks for somebody who agreed to it: a helper beside them, or an administrator on the telephone. Whoever decides sees who brought it.',
  params: grantParams,
  body: askBody.extend({
    /** How the person agreed: they are there, on the telephone, or in writing. */
    consent: z.enum(['there', 'phone', 'written']),
    /** Whether the helper collects it for them. */
    collects: z.boolean(),
  }),
  answer: asked, problems: limits,
});

/** 128 bits, base64url. */
const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

export const lookAtRequest = route({
  method: 'POST', path: '/funds/:fund/requests/look', access: 'anyone', silent: true,
  summary: 'What became of a request, for whoever holds its private link.',
  params: fundParams, body: z.object({ token }),
  answer: z.object({
    reference: z.string(), round: z.object({ slug: shapes.slug, title: z.string() }),
    amountMinor: shapes.amountMinor, currency: shapes.currency, way: z.enum(WAYS), agree: z.enum(AGREE), state: requestState,
    askedAt: shapes.moment, answerBy: shapes.moment,
    /** When it came to the state it is in. */
    since: shapes.moment,
    /** Whether the day by which an answer was promised went by without one. */
    isLate: z.boolean(),
    /** By when the money is there; null while nothing was awarded, or not yet put before the body that adopts it. */
    payBy: shapes.moment.nullable(),
    /** What is left of a proof of address that the charter asks for at this sum: somebody looks at one, or meets the person; and where to ring. By a link that is not their own it follows from the sum alone. */
    proof: z.object({ how: z.enum(['look', 'meet']), phone: z.string().nullable() }).nullable(),
    /** The body of the agency that has the last word on an award, while it has not said it; `until` is null before it was put before it. */
    body: z.object({ name: z.string(), until: shapes.moment.nullable() }).nullable(),
    /** The reason of a no. */
    reason: z.string().nullable(),
    /** Until when somebody else can be asked to look again; null where nothing was declined. */
    appealUntil: shapes.moment.nullable(),
    /** How many people looked at it, and how many said yes; never who. */
    decided: z.object({ people: z.int(), yes: z.int(), panel: z.boolean() }),
    dispute: z.string(), eraseAfterDays: z.int(), disclosureDays: z.int(),
    mayWithdraw: z.boolean(), isToldNews: z.boolean(),
    /** Whether this link went to the person's own address. To another one nothing is said of earlier requests. */
    isOwn: z.boolean(),
    /** By their own link: the request waits for its day, and on it goes to those who decide. */
    held: z.object({ why: z.enum(['too-soon', 'over-cap']), notBefore: shapes.moment }).nullable(),
    /** Enough agreed, and it waits for money: how many are before it, itself included. Null where it does not. */
    money: z.object({ place: z.int() }).nullable(),
    /** By their own link: it is given at once when they say that it was them. */
    mayConfirm: z.boolean(),
    /** The link can be sent to their own address. */
    maySend: z.boolean(),
  }),
  problems: ['wrong-code', 'too-many-tries'],
});

export const withdrawRequest = route({
  method: 'POST', path: '/funds/:fund/requests/withdraw', access: 'anyone', silent: true,
  summary: 'Takes a request back, before it is decided. Again changes nothing.',
  params: fundParams, body: z.object({ token }),
  answer: z.object({ state: requestState }), problems: ['wrong-code', 'too-many-tries', 'already-decided'],
});

export const confirmRequest = route({
  method: 'POST', path: '/funds/:fund/requests/confirm', access: 'anyone', silent: true,
  summary: 'Whoever holds the address says that it was them who asked. What the charter gives at once is given then. Again changes nothing.',
  params: fundParams, body: z.object({ token }), answer: z.object({ state: requestState }), problems: ['wrong-code', 'too-many-tries', 'not-their-address', 'not-enough-money'],
});

export const sendOwnLink = route({
  method: 'POST', path: '/funds/:fund/requests/send', access: 'anyone', silent: true,
  summary: 'Sends a request’s own link to the address it came with, where a message is safe; three times an hour.',
  params: fundParams, body: z.object({ token }), answer: z.object({ done: z.literal(true) }), problems: ['wrong-code', 'too-many-tries'],
});

export const sendLinkAgain = route({
  method: 'POST', path: '/funds/:fund/requests/lost', access: 'anyone', silent: true,
  summary: 'Sends the private links of an address to that address, where a message is safe, and answers the same whether it has any.',
  params: fundParams, body: z.object({ channel: z.enum(['email', 'sms']), address: line(254), language: z.enum(languages).default('en') }),
  answer: z.object({ done: z.literal(true) }), problems: ['codes-exhausted'],
});
