/** Areas that have money of their own in a round, beside the money for everybody. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { roundPolicy } from '../../rounds/policy.ts';

/** As it stands on ballots. */
const area = z.string().trim().min(1).max(60).regex(/^[^\p{Cc}]*$/u);
const wholeMinor = shapes.levelMinor;
const unspent = z.enum(['stays', 'goes-to-whole']);

export const readAreas = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/areas', access: 'anyone',
  summary: 'The areas with money of their own, in the order in which they are counted, and what is left for everybody.',
  params: roundParams,
  answer: z.object({
    /** `potId` says which pot the money comes from, where it is not the round’s; for administrators. */
    areas: z.array(z.object({ area: z.string(), budgetMinor: shapes.amountMinor, potId: shapes.id.nullable() })),
    wholeMinor: z.int(), unspent, currency: shapes.currency,
  }),
  problems: [],
});

export const setAreas = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/areas', access: roundPolicy.change,
  summary: 'Says which areas have money of their own, and how much there is for everybody; the sum becomes the round’s budget. Areas are added to those that may vote. No areas: one budget for all.',
  params: roundParams,
  body: z.object({
    areas: z.array(z.object({ area, budgetMinor: shapes.amountMinor, potId: shapes.id.nullable() })).max(200),
    wholeMinor,
    /** Whether what an area leaves goes to the projects for everybody; only where it comes from the round’s own pot. */
    unspent,
  }),
  answer: z.object({ done: z.literal(true) }),
  problems: ['frozen'],
});
