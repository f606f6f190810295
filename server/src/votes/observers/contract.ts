/** Observers of rounds too small to be published: they are shown the ballots by their own key, and sign the seal with it. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { observersPolicy } from './policy.ts';

const params = fundParams.extend({ round: shapes.slug });
const done = z.object({ done: z.literal(true) });

export const readObserving = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/observing', access: 'anyone',
  summary: 'Who was named to check a small round, who has signed its seal, and whether it waits for them.',
  params,
  answer: z.object({
    observers: z.array(z.object({ name: z.string(), hasKey: z.boolean(), signedAt: shapes.moment.nullable() })),
    /** The seal is written, and is published once these have signed. */
    waits: z.boolean(),
    /** Why somebody published without the signatures that are missing. */
    waived: z.object({ reason: z.string(), at: shapes.moment }).nullable(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const askForBallots = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/observing/ballots', access: 'anyone', silent: true,
  summary: 'The whole folder with its ballots, for an observer who signs the question with the key that was named before voting opened.',
  params,
  body: z.object({ at: shapes.moment, signature: z.string().regex(/^[0-9a-f]{128}$/) }),
  answer: z.object({ place: z.int(), files: z.record(z.string(), z.string()) }),
  problems: ['wrong-phase', 'not-observer', 'round-key-missing'],
});

export const signSeal = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/observing/signatures', access: 'anyone',
  summary: 'Takes an observer’s signed note over the seal. The signature itself says who it is.',
  params, body: z.object({ note: z.string().max(2000) }), answer: done, problems: ['wrong-phase', 'not-observer', 'round-key-missing'],
});

export const waiveObservers = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/observing/waiver', access: observersPolicy.waive,
  summary: 'Publishes without the signatures that are missing, for a reason that stands in the published folder for good.',
  params, body: z.object({ reason: z.string().trim().min(1).max(1000).regex(/^[^\p{Cc}\u2028\u2029]+$/u) }), answer: done, problems: ['wrong-phase'],
});
