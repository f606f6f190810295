/** Thank-yous for people's time: a thing of their own, never an award. */
import { z } from 'zod';
import { fundParams, noParams, route, shapes } from '../../platform/contract.ts';
import { grantsPolicy } from '../policy.ts';

const what = z.enum(['panel', 'meeting', 'interview']);
const shown = z.object({
  id: shapes.id, what, amountMinor: shapes.amountMinor, givenAt: shapes.moment, chooseUntil: shapes.moment,
  /** Null until it was chosen; none where nobody chose in time. */
  way: z.enum(['voucher', 'cash', 'none']).nullable(),
});

export const listThanks = route({
  method: 'GET', path: '/funds/:fund/thanks', access: grantsPolicy.thank,
  summary: 'Thank-yous, newest first.',
  params: fundParams, answer: z.object({ thanks: z.array(shown.extend({ to: z.string() })), currency: shapes.currency, may: z.array(z.string()) }), problems: [],
});

export const giveThanks = route({
  method: 'POST', path: '/funds/:fund/thanks', access: grantsPolicy.thank, status: 201, idempotent: true,
  summary: 'Thanks a member for their time out of the fund’s own pot for that, within the limit of a year. They choose a voucher or cash.',
  params: fundParams, body: z.object({ member: shapes.id, what, amountMinor: shapes.amountMinor.max(1_000_000_000) }), answer: z.object({ id: shapes.id }),
  problems: ['terms-missing', 'own-cash', 'over-thanks', 'not-enough-money'],
});

export const myThanks = route({
  method: 'GET', path: '/my/thanks', access: 'account',
  summary: 'What whoever is signed in was thanked with, in every fund, and what is known about vouchers, cash and benefits there.',
  params: noParams,
  answer: z.object({ thanks: z.array(shown.extend({ fund: z.object({ slug: shapes.slug, name: z.string(), currency: shapes.currency }), note: z.string() })) }), problems: [],
});

export const chooseThanks = route({
  method: 'POST', path: '/funds/:fund/thanks/:thanks/choice', access: 'account', idempotent: true,
  summary: 'Chooses a voucher or cash, once.',
  params: fundParams.extend({ thanks: shapes.id }), body: z.object({ way: z.enum(['voucher', 'cash']) }), answer: z.object({ done: z.literal(true) }),
  problems: ['already-decided', 'terms-missing', 'date-passed', 'own-cash', 'already-planned', 'not-enough-money'],
});
