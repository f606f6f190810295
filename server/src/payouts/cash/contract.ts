/** Cash for one person: a code, a place and hours; handed over by one administrator and witnessed by a second, out of a box that two counted. */
import { z } from 'zod';
import { fundParams, noParams, route, shapes } from '../../platform/contract.ts';
import { languages } from '../../platform/words.ts';
import { payoutsPolicy } from '../policy.ts';

export const cashState = z.enum(['ready', 'handed-over', 'collected', 'cancelled', 'expired', 'disputed']);
const line = z.string().trim().min(1).max(200);
const title = z.string().trim().min(1).max(120);
const paymentParams = fundParams.extend({ payment: shapes.id });

const payment = z.object({
  id: shapes.id, title,
  /** The name that the fund knows the person by. */
  recipient: z.string(),
  amountMinor: shapes.amountMinor, state: cashState, place: z.string(), hours: z.string(),
  /** The last day it can be collected on, in the fund's time zone. */
  lastDay: z.iso.date(),
  issuedAt: shapes.moment,
});

const box = z.object({
  id: shapes.id, name: z.string(), fetchedMinor: shapes.amountMinor,
  /** What should be in it. */
  leftMinor: shapes.levelMinor,
  countedMinor: shapes.levelMinor.nullable(),
  /** Positive: cash short. Negative: too much. Null until it was counted. */
  shortMinor: z.int().nullable(),
  /** opened and counted each wait for a second person. */
  state: z.enum(['opened', 'open', 'counted', 'closed']),
  openedBy: z.string(), openedAt: shapes.moment, countedBy: z.string().nullable(), closedAt: shapes.moment.nullable(),
  /** The next step is for somebody else. */
  waitsForOther: z.boolean(),
});

export const listCash = route({
  method: 'GET', path: '/funds/:fund/cash', access: payoutsPolicy.readCash,
  summary: 'Payments in cash, newest first, never their codes; the box that is out, and the boxes before it.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    payments: z.array(payment), nextCursor: z.string().nullable(), box: box.nullable(), boxes: z.array(box),
    /** issued = collected + returned + outstanding; short is what boxes and disputes miss. */
    totals: z.object({ issuedMinor: shapes.levelMinor, collectedMinor: shapes.levelMinor, returnedMinor: shapes.levelMinor, outstandingMinor: shapes.levelMinor, shortMinor: z.int() }),
    waiting: z.array(payment.extend({ handedByYou: z.boolean() })),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const readCash = route({
  method: 'GET', path: '/funds/:fund/cash/:payment', access: payoutsPolicy.readCash,
  summary: 'One payment in cash and every step of it.',
  params: paymentParams,
  answer: payment.extend({
    handedByYou: z.boolean(), disputedByYou: z.boolean(), shortMinor: shapes.amountMinor.nullable(),
    changes: z.array(z.object({ state: cashState, note: z.string(), by: z.string().nullable(), at: shapes.moment })), may: z.array(z.string()),
  }),
  problems: [],
});

export const issueCash = route({
  method: 'POST', path: '/funds/:fund/cash', access: payoutsPolicy.issueCash, status: 201, idempotent: true,
  summary: 'Turns money that was set aside for an award into cash for a member. The answer holds no code; the person finds it on their page, and in a message where one was asked for.',
  params: fundParams,
  body: z.object({
    reservation: shapes.id, title, amountMinor: shapes.amountMinor, lastDay: z.iso.date(), place: line, hours: line,
    /** A membership of this fund. */
    recipient: shapes.id,
    /** An address of theirs to send the code to; it is not kept. */
    tell: z.object({ channel: z.enum(['email', 'sms']), address: z.string().trim().max(254), language: z.enum(languages).optional() }).nullable().default(null),
  }),
  answer: z.object({ id: shapes.id }), problems: ['not-enough-money', 'already-planned', 'award-of-person', 'result-set-aside', 'date-passed', 'own-cash', 'not-their-address'],
});

export const lookUpCash = route({
  method: 'POST', path: '/funds/:fund/cash-desk', access: payoutsPolicy.handOverCash,
  summary: 'Reads a payment by its code. The ticket in the answer lets this administrator hand it over for fifteen minutes. Ten wrong codes an hour.',
  params: fundParams, body: z.object({ code: z.string().trim().max(40) }),
  answer: z.object({ ticket: z.string(), id: shapes.id, recipient: z.string(), title: z.string(), amountMinor: shapes.amountMinor, lastDay: z.iso.date() }),
  problems: ['cash-not-found', 'cash-expired', 'already-decided', 'own-cash', 'interest-declared', 'too-many-tries'],
});

export const handOver = route({
  method: 'POST', path: '/funds/:fund/cash-desk/hand-overs', access: payoutsPolicy.handOverCash, status: 201, idempotent: true,
  summary: 'Says that the notes were handed over. Nothing is booked until a witness confirms.',
  params: fundParams, body: z.object({ ticket: z.string().max(400) }),
  answer: z.object({ id: shapes.id, amountMinor: shapes.amountMinor }),
  problems: ['ticket-over', 'cash-expired', 'already-decided', 'own-cash', 'interest-declared', 'no-cash-box', 'not-enough-cash'],
});

export const moveCash = route({
  method: 'POST', path: '/funds/:fund/cash/:payment/transitions', access: payoutsPolicy.moveCash, idempotent: true,
  summary: 'Moves a payment on: collected (a witness, who types the amount), disputed (cash short), cancelled (back to where it was set aside; a disputed one by somebody else than who disputed it).',
  params: paymentParams,
  body: z.discriminatedUnion('to', [
    z.object({ to: z.literal('collected'), amountMinor: shapes.amountMinor, note: z.string().trim().max(500).default('') }),
    z.object({ to: z.literal('disputed'), note: z.string().trim().min(1).max(500), shortMinor: shapes.amountMinor.nullable().default(null) }),
    z.object({ to: z.literal('cancelled'), note: z.string().trim().min(1).max(500) }),
  ]),
  answer: z.object({ state: cashState }), problems: ['same-person', 'amount-differs', 'already-decided', 'cash-expired', 'own-cash', 'interest-declared'],
});

const counting = z.object({ amountMinor: shapes.levelMinor.max(1_000_000_000_000) });

export const openBox = route({
  method: 'POST', path: '/funds/:fund/cash-box', access: payoutsPolicy.keepCashBox, status: 201, idempotent: true,
  summary: 'Says how much was fetched for an evening. Until a second person counted it too, it can be said again.',
  params: fundParams, body: z.object({ name: title, amountMinor: shapes.amountMinor }), answer: z.object({ id: shapes.id }), problems: ['already-exists'],
});

export const checkBox = route({
  method: 'POST', path: '/funds/:fund/cash-box/check', access: payoutsPolicy.keepCashBox, idempotent: true,
  summary: 'A second person counted the same: cash can be handed out of the box.',
  params: fundParams, body: counting, answer: z.object({ done: z.literal(true) }), problems: ['no-cash-box', 'same-person', 'amount-differs', 'already-decided'],
});

export const countBox = route({
  method: 'POST', path: '/funds/:fund/cash-box/count', access: payoutsPolicy.keepCashBox, idempotent: true,
  summary: 'Says what is in the box at the end. Until a second person counted it too, it can be counted again; nothing more is handed out.',
  params: fundParams, body: counting, answer: z.object({ shortMinor: z.int() }), problems: ['no-cash-box', 'not-confirmed', 'cash-waits'],
});

export const closeBox = route({
  method: 'POST', path: '/funds/:fund/cash-box/close', access: payoutsPolicy.keepCashBox, idempotent: true,
  summary: 'A second person counted the same at the end: the box is brought back, and what is missing stays written down.',
  params: fundParams, body: counting, answer: z.object({ shortMinor: z.int() }), problems: ['no-cash-box', 'same-person', 'amount-differs', 'not-confirmed'],
});

export const myCash = route({
  method: 'GET', path: '/my/cash', access: 'account',
  summary: 'What whoever is signed in can collect in cash, in every fund, with the codes while they are good.',
  params: noParams,
  answer: z.object({
    payments: z.array(payment.omit({ recipient: true, issuedAt: true }).extend({
      fund: z.object({ slug: shapes.slug, name: z.string(), currency: shapes.currency }),
      /** Nine characters, without hyphens. */
      code: z.string().nullable(),
    })),
  }),
  problems: [],
});
