/** What looks odd in a sealed round, for people to judge. It changes nothing by itself. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { oddityPolicy } from './policy.ts';

export const readOddities = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/oddities', access: oddityPolicy.read,
  summary: 'Many ballots that are alike, batches of the log that are far larger than usual, areas where unusually many voted: out of figures that are published anyway, once the round is sealed.',
  params: fundParams.extend({ round: shapes.slug }),
  answer: z.object({
    counted: z.int(),
    /** Ballots that say the same, ten or more of them; not looked at where only totals are published. */
    alike: z.array(z.object({ area: z.string(), lines: z.array(z.object({ project: z.string(), points: z.int().optional() })), ballots: z.int() })),
    /** Batches of the log, each of some ten minutes, three times as large as half of the others. */
    bursts: z.array(z.object({ at: shapes.moment, ballots: z.int(), usual: z.int() })),
    /** Areas in which nearly everybody voted, or twice as many as in the whole. */
    areas: z.array(z.object({ name: z.string(), people: z.int(), onRoll: z.int() })),
  }),
  problems: ['not-ready'],
});
