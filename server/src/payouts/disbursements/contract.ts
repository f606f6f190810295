/** Disbursements in stages, their published updates, and bank transfers recorded by one person and confirmed by another. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { payoutsPolicy } from '../policy.ts';

export const payoutState = z.enum(['open', 'paid', 'failed', 'unknown', 'returned']);

export const payoutShape = z.object({
  id: shapes.id,
  amountMinor: shapes.amountMinor,
  state: payoutState,
  reference: z.string(),
  recordedBy: z.string(),
  recordedAt: shapes.moment,
  /** Whoever recorded a payout does not confirm it. */
  recordedByYou: z.boolean(),
  /** The bank sent it back, as one person said; a second one confirms. */
  returnAsked: z.object({ by: z.string(), byYou: z.boolean(), note: z.string(), at: shapes.moment }).nullable(),
  /** Each step, oldest first. */
  changes: z.array(z.object({ state: payoutState, note: z.string(), by: z.string(), at: shapes.moment })),
});

const updateShape = z.object({ words: z.string(), publishedAt: shapes.moment });

export const stageShape = z.object({
  id: shapes.id,
  number: z.int(),
  title: z.string(),
  amountMinor: shapes.amountMinor,
  updates: z.array(updateShape),
  /** Newest first; the first tells where the stage stands. */
  payouts: z.array(payoutShape),
});

/** What everybody may see of a stage. */
export const publicStageShape = stageShape.pick({ number: true, title: true, amountMinor: true, updates: true }).extend({ paid: z.boolean(), /** When a second person confirmed it; null before. */ paidAt: shapes.moment.nullable() });

/** The parts of a plan, in order. */
export const planBody = z.object({ stages: z.array(z.object({ title: z.string().trim().min(1).max(200), amountMinor: shapes.amountMinor })).min(1).max(20) });

export const listWaiting = route({
  method: 'GET', path: '/funds/:fund/payouts', access: payoutsPolicy.readPayouts,
  summary: 'Payouts that wait for a second person, or that nobody can say the end of, oldest first.',
  params: fundParams,
  answer: z.object({
    payouts: z.array(payoutShape.omit({ changes: true, returnAsked: true }).extend({
      recipient: z.string(), title: z.string().nullable(),
      /** Where it can be confirmed: a shop, or the reservation a stage is paid from. */
      shop: shapes.id.nullable(), reservation: shapes.id,
    })),
  }),
  problems: [],
});

export const publishUpdate = route({
  method: 'POST', path: '/funds/:fund/disbursements/:disbursement/updates', access: payoutsPolicy.publishUpdate, status: 201,
  summary: 'Publishes a short update on a stage, for everybody to read. What is published stays.',
  params: fundParams.extend({ disbursement: shapes.id }), body: z.object({ words: z.string().trim().min(10).max(2000) }),
  answer: z.object({ id: shapes.id }), problems: [],
});

export const recordPayout = route({
  method: 'POST', path: '/funds/:fund/disbursements/:disbursement/payouts', access: payoutsPolicy.recordPayout, status: 201, idempotent: true,
  summary: 'Releases a disbursement: records the bank transfer that was ordered. A stage needs a published update. Nothing moves until a second person confirms.',
  params: fundParams.extend({ disbursement: shapes.id }), body: z.object({ reference: z.string().trim().min(1).max(140) }),
  answer: z.object({ id: shapes.id, amountMinor: shapes.amountMinor }), problems: ['update-missing', 'already-decided', 'interest-declared', 'result-set-aside', 'not-enough-money'],
});

export const movePayout = route({
  method: 'POST', path: '/funds/:fund/payouts/:payout/transitions', access: payoutsPolicy.movePayout, idempotent: true,
  summary: 'Moves a payout on: paid (a second person, who types the amount again), failed, unknown, returned (the rail sent it back: said by one person, and moved when a second says the same).',
  params: fundParams.extend({ payout: shapes.id }),
  body: z.discriminatedUnion('to', [
    z.object({ to: z.enum(['paid', 'returned']), amountMinor: shapes.amountMinor, note: z.string().trim().max(500).default('') }),
    z.object({ to: z.enum(['failed', 'unknown']), note: z.string().trim().min(1).max(500) }),
  ]),
  answer: z.object({ state: payoutState }), problems: ['same-person', 'amount-differs', 'already-decided', 'interest-declared', 'not-enough-money'],
});
