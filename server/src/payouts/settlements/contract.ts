/** What each shop is owed, and paying it. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { payoutShape } from '../disbursements/contract.ts';
import { payoutsPolicy } from '../policy.ts';

export const listShops = route({
  method: 'GET', path: '/funds/:fund/shops', access: payoutsPolicy.readShops,
  summary: 'The shops of a fund and what each is owed; what can be settled now, and what a till may still undo.',
  params: fundParams,
  answer: z.object({
    shops: z.array(z.object({ id: shapes.id, name: z.string(), owedMinor: shapes.levelMinor, dueMinor: shapes.levelMinor, waiting: z.int() })),
    may: z.array(z.string()),
  }),
  problems: [],
});

const shopParams = fundParams.extend({ shop: shapes.id });

export const readShop = route({
  method: 'GET', path: '/funds/:fund/shops/:shop', access: payoutsPolicy.readShops,
  summary: 'One shop: what it is owed, by pot, and its settlements, newest first.',
  params: shopParams,
  answer: z.object({
    id: shapes.id, name: z.string(),
    owedMinor: shapes.levelMinor,
    /** What a settlement recorded now would cover. */
    dueMinor: shapes.levelMinor,
    /** Taken minutes ago, and still undoable at the till. */
    freshMinor: shapes.levelMinor,
    pots: z.array(z.object({ pot: z.string(), dueMinor: shapes.levelMinor })),
    settlements: z.array(z.object({ id: shapes.id, pot: z.string(), amountMinor: shapes.amountMinor, redemptions: z.int(), createdAt: shapes.moment, payouts: z.array(payoutShape) })),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const settle = route({
  method: 'POST', path: '/funds/:fund/shops/:shop/settlements', access: payoutsPolicy.settle, status: 201, idempotent: true,
  summary: 'Settles all that a shop can no longer undo: one bank transfer for each pot it comes from, recorded here and confirmed by a second person.',
  params: shopParams, body: z.object({ reference: z.string().trim().min(1).max(140) }),
  answer: z.object({ payouts: z.array(z.object({ id: shapes.id, settlement: shapes.id, amountMinor: shapes.amountMinor })) }),
  problems: ['nothing-due'],
});
