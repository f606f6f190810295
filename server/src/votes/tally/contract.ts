/** The counting of one round, and why each project was chosen or not. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';

/** Why a project won or not; the web makes the sentence. Amounts in minor units. The meaning of each kind stands in `counting/outcome.ts`. */
const reason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('won'), place: z.int(), through: z.enum(['method', 'completion']) }),
  z.object({ kind: z.literal('no-votes') }),
  z.object({ kind: z.literal('withdrawn') }),
  z.object({ kind: z.literal('below-threshold'), needed: z.int(), of: z.enum(['votes', 'supporters']) }),
  z.object({ kind: z.literal('conflict'), with: z.string() }),
  z.object({ kind: z.literal('cap'), of: z.enum(['category', 'area']), name: z.string(), overMinor: z.int() }),
  z.object({ kind: z.literal('short'), shortMinor: z.int(), afterWinners: z.int() }),
  z.object({ kind: z.literal('stopped'), at: z.string(), afterWinners: z.int() }),
  /** While the result is provisional: it would be chosen, or not. Nothing more is said before the seal. */
  z.object({ kind: z.literal('leads') }),
  z.object({ kind: z.literal('trails') }),
  z.object({ kind: z.literal('supporters-short'), supportersMinor: z.int(), shortMinor: z.int(), afterWinners: z.int() }),
]);

/**
 * One project's fate, in the order of counting: winners first as they were taken, then by votes. While the result is
 * provisional in the order of the ballot and without votes: the difference between two counts would show a struck ballot.
 */
export const decision = z.object({
  /** The project's public number. */
  project: z.string(),
  title: z.string(),
  costMinor: shapes.levelMinor,
  votes: z.int().nullable(),
  reason,
});

export const readTally = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/tally', access: 'anyone',
  summary: 'The result of a round: provisional while objections are open.',
  params: fundParams.extend({ round: shapes.slug }),
  answer: z.object({
    provisional: z.boolean(),
    /** The rule's preset, for its sentence; null for a rule of the round's own. */
    rule: z.string().nullable(),
    ballots: z.int(),
    /** What `votes` are: votes, or points where ballots give points or rank. */
    counts: z.enum(['votes', 'points']),
    budgetMinor: shapes.levelMinor,
    spentMinor: shapes.levelMinor,
    currency: shapes.currency,
    countedAt: shapes.moment,
    decisions: z.array(decision),
    /** Projects that stood level and were put in order by the lot. */
    ties: z.array(z.array(z.string())),
    /** Projects that stand level until the public draw; empty where nothing waits for it. */
    waitingForLot: z.array(z.string()),
  }),
  problems: [],
});
