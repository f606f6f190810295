/** A sealed result that two people set aside: it stays published, marked, and what it awarded and was not paid goes back. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { setAsidePolicy } from './policy.ts';

const params = fundParams.extend({ round: shapes.slug });
const done = z.object({ done: z.literal(true) });

export const readSetAside = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/set-aside', access: 'anyone',
  summary: 'Whether a sealed result was set aside, why and when, and what became of each award’s money.',
  params,
  answer: z.object({
    setAside: z.object({
      reason: z.string(), at: shapes.moment, currency: shapes.currency,
      awards: z.array(z.object({ title: z.string(), releasedMinor: shapes.levelMinor, paidMinor: shapes.levelMinor })),
    }).nullable(),
    /** What one administrator asked for, shown to administrators until another agrees. */
    proposed: z.object({ reason: z.string(), at: shapes.moment, byYou: z.boolean() }).nullable(),
    isSealed: z.boolean(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const listSetAside = route({
  method: 'GET', path: '/funds/:fund/set-aside', access: 'anyone',
  summary: 'The rounds whose results were set aside, for lists of rounds.',
  params: fundParams, answer: z.object({ rounds: z.array(shapes.slug) }), problems: [],
});

export const proposeSetAside = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/set-aside', access: setAsidePolicy.setAside, status: 201,
  summary: 'Asks for a sealed result to be set aside, for a reason that will be published.',
  params, body: z.object({ reason: z.string().trim().min(1).max(1000) }), answer: done, problems: ['wrong-phase', 'already-exists'],
});

export const confirmSetAside = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/set-aside/confirm', access: setAsidePolicy.setAside, idempotent: true,
  summary: 'The second administrator agrees: the result is set aside for good, and what was awarded and not paid goes back to its pot.',
  params, answer: done, problems: ['same-person', 'already-decided', 'not-enough-money'],
});

export const dropSetAside = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/set-aside/drop', access: setAsidePolicy.setAside,
  summary: 'Takes back what nobody has agreed to.',
  params, answer: done, problems: ['already-decided'],
});

export const voteAgain = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/vote-again', access: setAsidePolicy.voteAgain, status: 201,
  summary: 'Starts a new round as a draft from one whose result was set aside: its projects, ballot, rule, money and checks, without dates and people.',
  params, body: z.object({ title: shapes.name }), answer: z.object({ id: shapes.id, slug: shapes.slug }), problems: ['wrong-phase'],
});
