/** Paying an award in the way its person chose, for those who pay and for whoever holds the private link. */
import { z } from 'zod';
import { cashState } from '../../payouts/cash/contract.ts';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { WAYS } from '../../rounds/charter/rules.ts';
import { grantsPolicy } from '../policy.ts';
import { grantParams } from '../rounds/contract.ts';

const way = z.enum(WAYS);
const line = (most: number) => z.string().trim().min(1).max(most);
const done = z.object({ done: z.literal(true) });
const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const tryState = z.enum(['going', 'in-doubt', 'paid', 'part', 'failed']);
const requestParams = fundParams.extend({ request: shapes.id });

const terms = z.object({
  /** Where cash waits, and when somebody is there. */
  place: line(200), hours: line(200),
  /** The pot that thanks people for their time; null where nobody is thanked. */
  thanksPot: shapes.id.nullable(),
  /** The most that one person is thanked with in a year. */
  thanksLimitMinor: z.int().min(0).max(1_000_000_000),
  /** What is known about vouchers, cash and benefits. */
  thanksNote: z.string().trim().max(1000),
  /** What an hour of checking costs. */
  hourMinor: z.int().min(0).max(1_000_000),
  /** Where to call when a page cannot help; null for nowhere. */
  phone: z.string().trim().regex(/^[+0-9][0-9 ]{2,29}$/).nullable().default(null),
});

export const readTerms = route({
  method: 'GET', path: '/funds/:fund/paying-terms', access: grantsPolicy.pay,
  summary: 'What the fund says about paying; null before it said anything.',
  params: fundParams,
  answer: z.object({
    terms: terms.nullable(),
    /** The limit of thanks, and the pot they come out of, that two agreed to; and what was stated and waits for a second person. */
    thanksLimit: z.object({ agreedMinor: shapes.levelMinor, agreedPot: shapes.id.nullable(), waiting: z.object({ minor: shapes.levelMinor, pot: shapes.id.nullable(), byYou: z.boolean() }).nullable() }),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const stateTerms = route({
  method: 'PUT', path: '/funds/:fund/paying-terms', access: grantsPolicy.pay,
  summary: 'Says where cash is collected, what thanks people for their time, and what an hour of checking costs. A higher limit of thanks, and another pot for them, wait for a second person.',
  params: fundParams, body: terms, answer: done, problems: [],
});

export const agreeToLimit = route({
  method: 'POST', path: '/funds/:fund/paying-terms/limit', access: grantsPolicy.pay,
  summary: 'A second person agrees to a higher limit of thanks or another pot for them, saying which.',
  params: fundParams, body: z.object({ limitMinor: shapes.levelMinor, pot: shapes.id.nullable() }), answer: done, problems: ['terms-missing', 'already-decided', 'amount-differs', 'same-person'],
});

export const listPayments = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/payments', access: grantsPolicy.pay,
  summary: 'The awards of a grant round, newest first: how each is being paid and whose turn it is. By reference, without names.',
  params: grantParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    payments: z.array(z.object({
      request: shapes.id, reference: z.string(), amountMinor: shapes.amountMinor, way, awardedAt: shapes.moment,
      turn: z.enum(['nobody', 'body', 'person', 'fund', 'try', 'paid']), until: shapes.moment.nullable(),
      last: z.object({ state: tryState, way, voucher: shapes.id.nullable(), cash: shapes.id.nullable(), disbursement: shapes.id.nullable(), payout: shapes.id.nullable(), payoutState: z.string().nullable(), orderedByYou: z.boolean() }).nullable(),
    })),
    nextCursor: z.string().nullable(), currency: shapes.currency, may: z.array(z.string()),
  }),
  problems: [],
});

export const startPayment = route({
  method: 'POST', path: '/funds/:fund/requests/:request/payment', access: grantsPolicy.pay, status: 201, idempotent: true,
  summary: 'Begins to pay an award in the way its person chose: a voucher on their private page, cash behind a code, or a transfer that two people order and confirm. At most one at a time.',
  params: requestParams, answer: z.object({ id: shapes.id, way }),
  problems: ['nothing-awarded', 'not-adopted', 'already-decided', 'knows-applicant', 'terms-missing', 'not-enough-money', 'date-passed', 'own-cash', 'already-planned'],
});

export const giveUpPayment = route({
  method: 'POST', path: '/funds/:fund/requests/:request/payment/give-up', access: grantsPolicy.pay, idempotent: true,
  summary: 'Gives up a way that does not work, while no money has left; the person chooses again.',
  params: requestParams, body: z.object({ note: line(500) }), answer: done,
  problems: ['already-decided', 'voucher-expired', 'voucher-cancelled', 'cash-expired', 'own-cash', 'same-person', 'interest-declared', 'amount-differs', 'knows-applicant'],
});

export const readAccount = route({
  method: 'GET', path: '/funds/:fund/requests/:request/account', access: grantsPolicy.pay,
  summary: 'Where to pay to, while a transfer is on its way. Every look is on record.',
  params: requestParams, answer: z.object({ name: z.string(), number: z.string() }), problems: ['knows-applicant'],
});

export const lookAtPayment = route({
  method: 'POST', path: '/funds/:fund/requests/payment-look', access: 'anyone', silent: true,
  summary: 'How an award is paid, for whoever holds the private link: the voucher, the code for the cash, or what is missing.',
  params: fundParams, body: z.object({ token }),
  answer: z.object({ payment: z.object({
    turn: z.enum(['nobody', 'body', 'person', 'fund', 'try', 'paid']),
    /** By when the person chooses, before the money goes back. */
    until: shapes.moment.nullable(),
    amountMinor: shapes.amountMinor, currency: shapes.currency, way, ways: z.array(way), failed: z.boolean(), hasAccount: z.boolean(),
    /** The published reason for which a body of the agency refused it; null when none did. */
    refusedFor: z.string().nullable(),
    /** Asked by a helper who does not collect: the code is on the page that the person’s own link opens. */
    elsewhere: z.boolean(),
    voucher: z.object({ code: z.string(), link: z.string(), qr: z.object({ size: z.int(), runs: z.array(z.tuple([z.int(), z.int(), z.int()])) }), valueMinor: shapes.amountMinor, balanceMinor: shapes.levelMinor, lastDay: z.iso.date(), shops: z.array(z.string()) }).nullable(),
    cash: z.object({ code: z.string().nullable(), state: cashState, place: z.string(), hours: z.string(), lastDay: z.iso.date() }).nullable(),
    bank: z.enum(['preparing', 'ordered', 'in-doubt', 'paid']).nullable(),
    /** What they told of how it went; null before they did. */
    story: z.object({ words: z.string(), consents: z.boolean(), published: z.boolean() }).nullable(),
  }).nullable() }),
  problems: ['wrong-code', 'too-many-tries'],
});

export const choosePayment = route({
  method: 'POST', path: '/funds/:fund/requests/payment-choice', access: 'anyone', silent: true,
  summary: 'Chooses how to be paid, and says where to pay to; until somebody has begun to pay, and again when a way failed. The same again changes nothing.',
  params: fundParams,
  body: z.object({ token, way, account: z.object({ name: line(120), number: z.string().trim().regex(/^[0-9A-Za-z][0-9A-Za-z -]{5,39}$/) }).nullable() }),
  answer: done, problems: ['wrong-code', 'too-many-tries', 'nothing-awarded', 'already-decided', 'way-not-offered', 'not-their-address'],
});
