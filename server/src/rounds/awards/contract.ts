/** Awards: the decision to give, the money set aside for it, and how far it has come. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { planBody, publicStageShape, stageShape } from '../../payouts/disbursements/contract.ts';
import { awardsPolicy } from './policy.ts';

export const listRoundAwards = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/awards', access: 'anyone',
  summary: 'What the projects of a round were awarded, in the order in which they were awarded, and the published updates on each. Awards to persons are never listed.',
  params: fundParams.extend({ round: shapes.slug }),
  answer: z.object({
    currency: shapes.currency,
    awards: z.array(z.object({
      /** The project’s id. */
      project: shapes.id, title: z.string(), amountMinor: shapes.amountMinor, paidMinor: shapes.levelMinor, stages: z.array(publicStageShape),
    })),
  }),
  problems: [],
});

const award = z.object({
  id: shapes.id, round: z.object({ slug: shapes.slug, title: z.string() }), subjectKind: z.enum(['project', 'person']), subject: shapes.id,
  title: z.string(), recipient: z.string(), amountMinor: shapes.amountMinor,
  /** Where its money is set aside; vouchers are issued from it, or stages paid from it. */
  reservation: shapes.id,
  /** Still set aside. */
  heldMinor: shapes.levelMinor,
  madeAt: shapes.moment,
});

export const listAwards = route({
  method: 'GET', path: '/funds/:fund/awards', access: awardsPolicy.read,
  summary: 'The awards of a fund, newest first.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({ awards: z.array(award.extend({ planned: z.boolean() })), nextCursor: z.string().nullable(), may: z.array(z.string()) }),
  problems: [],
});

export const readAward = route({
  method: 'GET', path: '/funds/:fund/awards/:award', access: awardsPolicy.read,
  summary: 'One award with its stages, updates and payouts.',
  params: fundParams.extend({ award: shapes.id }),
  answer: award.extend({ stages: z.array(stageShape), may: z.array(z.string()) }),
  problems: [],
});

export const planAward = route({
  method: 'POST', path: '/funds/:fund/awards/:award/plan', access: awardsPolicy.plan, status: 201,
  summary: 'Plans the stages in which a project’s award is paid; they sum exactly to it. A plan that nobody has acted on may be replaced.',
  params: fundParams.extend({ award: shapes.id }), body: planBody,
  answer: z.object({ stages: z.array(shapes.id) }), problems: ['plan-differs', 'frozen', 'not-ready'],
});
