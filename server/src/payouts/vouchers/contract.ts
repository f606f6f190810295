/** Vouchers as the fund and their holders see them; the till is next door. */
import { z } from 'zod';
import { fundParams, noParams, route, shapes } from '../../platform/contract.ts';
import { payoutsPolicy } from '../policy.ts';

const voucherState = z.enum(['good', 'spent', 'expired', 'cancelled']);
const title = z.string().trim().min(1).max(120);
const voucherParams = fundParams.extend({ voucher: shapes.id });

const voucher = z.object({
  id: shapes.id,
  title,
  /** The holder's name as a member; null for whoever holds the paper. */
  holder: z.string().nullable(),
  valueMinor: shapes.amountMinor,
  balanceMinor: shapes.levelMinor,
  state: voucherState,
  /** The last day it can be spent on, in the fund's time zone. */
  lastDay: z.iso.date(),
  issuedAt: shapes.moment,
  printed: z.boolean(),
});

/** What a voucher shows at a till: the code in its one form, and the square that holds only the link. */
const face = z.object({
  /** Nine characters, without hyphens. */
  code: z.string(),
  link: z.string(),
  /** Dark runs as x, y and length, in modules of a square of `size`; the quiet zone is included. */
  qr: z.object({ size: z.int(), runs: z.array(z.tuple([z.int(), z.int(), z.int()])) }),
});

export const listVouchers = route({
  method: 'GET', path: '/funds/:fund/vouchers', access: payoutsPolicy.readVouchers,
  summary: 'The vouchers of a fund, newest first, never their codes, and what became of all of them together.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    vouchers: z.array(voucher), nextCursor: z.string().nullable(),
    /** issued = redeemed + expired + cancelled + outstanding. */
    totals: z.object({ issuedMinor: shapes.levelMinor, redeemedMinor: shapes.levelMinor, expiredMinor: shapes.levelMinor, cancelledMinor: shapes.levelMinor, outstandingMinor: shapes.levelMinor }),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const readVoucher = route({
  method: 'GET', path: '/funds/:fund/vouchers/:voucher', access: payoutsPolicy.readVouchers,
  summary: 'One voucher: its value and what is left. Where it was spent is between its holder and the shop.',
  params: voucherParams,
  answer: voucher.extend({
    printable: z.boolean(),
    /** Out of an award: a second person agrees before it is printed or spent. */
    release: z.enum(['not-needed', 'waits', 'given']),
    /** It waits, and for you. */
    releasable: z.boolean(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const issueVoucher = route({
  method: 'POST', path: '/funds/:fund/vouchers', access: payoutsPolicy.issueVoucher, status: 201, idempotent: true,
  summary: 'Issues a voucher from a reservation, or from a pot through a reservation of its own. The answer holds no code.',
  params: fundParams,
  body: z.object({
    from: z.union([z.object({ reservation: shapes.id }), z.object({ pot: shapes.id })]),
    title, valueMinor: shapes.amountMinor, lastDay: z.iso.date(),
    /** A membership of this fund, or null for whoever holds the paper. */
    holder: shapes.id.nullable(),
  }),
  answer: z.object({ id: shapes.id }), problems: ['not-enough-money', 'already-planned', 'award-of-person', 'result-set-aside', 'date-passed'],
});

export const printVoucher = route({
  method: 'POST', path: '/funds/:fund/vouchers/:voucher/print', access: payoutsPolicy.printVoucher,
  summary: 'Opens a voucher’s code for its paper: once, and only to the administrator who issued it.',
  params: voucherParams,
  answer: face.extend({ title, lastDay: z.iso.date(), shops: z.array(z.string()) }),
  problems: ['already-printed', 'not-released', 'voucher-expired', 'voucher-cancelled'],
});

export const releaseVoucher = route({
  method: 'POST', path: '/funds/:fund/vouchers/:voucher/release', access: payoutsPolicy.releaseVoucher,
  summary: 'A second person, who is not its holder, agrees to a voucher out of an award.',
  params: voucherParams, answer: z.object({ done: z.literal(true) }),
  problems: ['same-person', 'interest-declared', 'already-decided', 'voucher-expired', 'voucher-cancelled'],
});

export const cancelVoucher = route({
  method: 'POST', path: '/funds/:fund/vouchers/:voucher/cancel', access: payoutsPolicy.cancelVoucher, idempotent: true,
  summary: 'Ends a voucher; what is left on it goes back to where it was set aside.',
  params: voucherParams,
  answer: z.object({ returnedMinor: shapes.levelMinor }), problems: ['interest-declared', 'voucher-expired', 'voucher-cancelled'],
});

export const myVouchers = route({
  method: 'GET', path: '/my/vouchers', access: 'account',
  summary: 'The vouchers of whoever is signed in, in every fund, with their codes while they are good.',
  params: noParams,
  answer: z.object({
    vouchers: z.array(z.object({
      id: shapes.id, title, valueMinor: shapes.amountMinor, balanceMinor: shapes.levelMinor, state: voucherState, lastDay: z.iso.date(),
      fund: z.object({ slug: shapes.slug, name: z.string(), currency: shapes.currency }),
      shops: z.array(z.string()),
      /** A second person has not agreed yet; until then there is nothing to show at a till. */
      waits: z.boolean(),
      face: face.nullable(),
    })),
  }),
  problems: [],
});
