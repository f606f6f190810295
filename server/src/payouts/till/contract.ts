/** The till: a shop reads a voucher's code, takes part or all of it, and may take it back for a few minutes. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { payoutsPolicy } from '../policy.ts';

const taken = z.object({
  id: shapes.id,
  amountMinor: shapes.amountMinor,
  takenAt: shapes.moment,
  /** Until then the shop may undo it. */
  undoUntil: shapes.moment,
  undone: z.boolean(),
  mayUndo: z.boolean(),
});

export const readTill = route({
  method: 'GET', path: '/funds/:fund/till', access: payoutsPolicy.useTill,
  summary: 'The shop’s own till: what it is owed, what it took, what it was paid.',
  params: fundParams,
  answer: z.object({
    shop: z.string(),
    owedMinor: shapes.levelMinor,
    redemptions: z.array(taken),
    payouts: z.array(z.object({ id: shapes.id, amountMinor: shapes.amountMinor, state: z.enum(['open', 'paid', 'failed', 'unknown', 'returned']), reference: z.string(), recordedAt: shapes.moment })),
  }),
  problems: [],
});

export const lookUpVoucher = route({
  method: 'POST', path: '/funds/:fund/till/vouchers', access: payoutsPolicy.useTill,
  summary: 'Reads a voucher by its code. The ticket in the answer lets this till take from it for fifteen minutes. Ten wrong codes an hour.',
  params: fundParams, body: z.object({ code: z.string().trim().max(40) }),
  answer: z.object({ ticket: z.string(), balanceMinor: shapes.levelMinor, lastDay: z.iso.date() }),
  problems: ['voucher-not-found', 'voucher-expired', 'voucher-cancelled', 'not-released', 'too-many-tries'],
});

export const redeem = route({
  method: 'POST', path: '/funds/:fund/till/redemptions', access: payoutsPolicy.useTill, status: 201, idempotent: true,
  summary: 'Takes an amount from the voucher that the ticket was given for; the shop is owed it from then on.',
  params: fundParams, body: z.object({ ticket: z.string().max(400), amountMinor: shapes.amountMinor }),
  answer: z.object({ id: shapes.id, amountMinor: shapes.amountMinor, leftMinor: shapes.levelMinor, undoUntil: shapes.moment }),
  problems: ['ticket-over', 'voucher-expired', 'voucher-cancelled', 'not-released', 'voucher-too-small'],
});

const redemptionParams = fundParams.extend({ redemption: shapes.id });

export const readRedemption = route({
  method: 'GET', path: '/funds/:fund/till/redemptions/:redemption', access: payoutsPolicy.useTill,
  summary: 'One thing the shop took, and what was left on the voucher after it.',
  params: redemptionParams, answer: taken.extend({ shop: z.string(), leftMinor: shapes.levelMinor }), problems: [],
});

export const undo = route({
  method: 'POST', path: '/funds/:fund/till/redemptions/:redemption/undo', access: payoutsPolicy.useTill, idempotent: true,
  summary: 'Gives back what this shop took, within ten minutes.',
  params: redemptionParams, answer: z.object({ done: z.literal(true) }),
  problems: ['already-decided', 'too-late-to-undo', 'voucher-cancelled'],
});
