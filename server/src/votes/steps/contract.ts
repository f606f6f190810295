/** The count of one round, step by step, so that a reader can follow it. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';

/** One project looked at, in order. Amounts in minor units; `counting/outcome.ts` says what the figures of the trace mean. */
export const step = z.object({
  /** From 1, over all pots. */
  number: z.int(),
  /** The neighbourhood whose pot it was; null for the whole. */
  area: z.string().nullable(),
  project: z.string(),
  title: z.string(),
  costMinor: shapes.levelMinor,
  votes: z.int(),
  budgetMinor: shapes.levelMinor,
  /** In the pot before this step. */
  leftMinor: z.int(),
  funded: z.boolean(),
  /** What it was looked at for: most votes, most votes for its cost, best value to its supporters' shares, or earliest affordable. */
  by: z.enum(['votes', 'votes-per-cost', 'shares', 'load']),
  /** True where it was looked at only because money was left. */
  isCompletion: z.boolean(),
  /** Numbers of the other projects that stood level with it. */
  level: z.array(z.string()),
  /** True where only the lot could tell them apart. */
  byLot: z.boolean(),
  /** With shares: what each supporter paid who had enough, rounded down; how many paid; how many of them gave all they had left. */
  shares: z.object({ payMinor: z.int().nullable(), paying: z.int(), poor: z.int() }).nullable(),
  /** With loads: what every ballot had been given until then, rounded down. */
  earnedMinor: z.int().nullable(),
});

export const readSteps = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/tally/steps', access: 'anyone',
  summary: 'The final count of a round, step by step.',
  params: fundParams.extend({ round: shapes.slug }),
  answer: z.object({
    currency: shapes.currency,
    steps: z.array(step),
    /** One a pot, in the order of counting. */
    pots: z.array(z.object({
      area: z.string().nullable(),
      budgetMinor: shapes.levelMinor,
      spentMinor: shapes.levelMinor,
      ballots: z.int(),
      /** With equal shares: what each ballot had to spend in the end (rounded down), how often that was raised, and why no further. */
      shares: z.object({
        endowmentMinor: z.int(), raises: z.int(), raisingEnded: z.enum(['overspent', 'exhaustive', 'all-funded']).nullable(), nextCostMinor: z.int().nullable(),
        /** Where the rule compares with most votes first: how many ballots were better off with each. */
        comparison: z.object({ preferEqualShares: z.int(), preferByVotes: z.int() }).nullable(),
      }).nullable(),
    })),
  }),
  problems: [],
});
