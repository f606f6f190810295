/** Grant rounds: windows with a date and rolling rounds whose pot refills. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { charterSchema } from '../../rounds/charter/rules.ts';
import { grantsPolicy } from '../policy.ts';

const grantPhase = z.enum(['draft', 'open', 'deciding', 'paying', 'closed']);
export const grantParams = fundParams.extend({ grant: shapes.slug });
const done = z.object({ done: z.literal(true) });

const given = z.object({
  title: shapes.name,
  summary: shapes.text,
  potId: shapes.id,
  /** A window's money, in minor units; null for a rolling round. */
  budgetMinor: shapes.amountMinor.nullable(),
  closesAt: shapes.moment.nullable(),
});

const shown = z.object({
  id: shapes.id, slug: shapes.slug, title: z.string(), summary: z.string(), kind: z.enum(['rolling', 'window']), phase: grantPhase, currency: shapes.currency,
  budgetMinor: shapes.levelMinor.nullable(), closesAt: shapes.moment.nullable(),
  /** Until then nobody can ask; null when it is not paused. */
  pausedUntil: shapes.moment.nullable(),
  /** Whether somebody can ask now. */
  isAsking: z.boolean(),
});

export const listGrantRounds = route({
  method: 'GET', path: '/funds/:fund/grants', access: 'anyone',
  summary: 'The grant rounds of a fund, newest first; drafts for administrators only.',
  params: fundParams, answer: z.object({ rounds: z.array(shown.extend({
    /** The most that one person is given, while somebody can ask; null otherwise. */
    mostMinor: shapes.levelMinor.nullable(),
  })), may: z.array(z.string()) }), problems: [],
});

export const listGrantDesks = route({
  method: 'GET', path: '/funds/:fund/grant-desks', access: grantsPolicy.readQueue,
  summary: 'What waits in each grant round, in figures: to decide, beyond the charter’s days, before a panel or a draw, on its list, agreed to and waiting for money, to pay, and before a body of the agency.',
  params: fundParams,
  answer: z.object({ desks: z.array(shown.extend({
    toDecide: z.int(), late: z.int(), withPanel: z.int(), beforeDraw: z.int(), listed: z.int(), agreed: z.int(), agreedMinor: shapes.levelMinor, toPay: z.int(), withBody: z.int(),
    /** The version of the charter it keeps; null for a draft. */
    version: z.int().nullable(),
    /** Whether its charter draws; null for a draft, which takes the charter when it opens. */
    draws: z.boolean().nullable(),
    /** Whether a panel of residents decides from some sum on; null for a draft. */
    panels: z.boolean().nullable(), next: grantPhase.nullable(),
  })),
  /** The charter that a draft takes when it opens, and whether somebody else has to open it, because the caller published it. Null before the first. */
  takes: z.object({ version: z.int(), publishedBy: z.string(), needsOther: z.boolean() }).nullable(),
  may: z.array(z.string()) }), problems: [],
});

export const readGrantRound = route({
  method: 'GET', path: '/funds/:fund/grants/:grant', access: 'anyone',
  summary: 'One grant round, with the charter it keeps and what was checked about its pot’s money.',
  params: grantParams,
  answer: shown.extend({
    potId: shapes.id,
    /** What there is to give now; null for a draft. */
    leftMinor: shapes.levelMinor.nullable(),
    charter: z.object({ version: z.int(), content: charterSchema }).nullable(),
    statement: z.object({ publicFunds: z.enum(['no', 'yes', 'unknown']), benefits: z.string(), adviser: z.string(), checkedOn: z.iso.date() }).nullable(),
    next: grantPhase.nullable(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const createGrantRound = route({
  method: 'POST', path: '/funds/:fund/grants', access: grantsPolicy.createRound, status: 201,
  summary: 'Starts a grant round as a draft: rolling, or a window with money and a closing date.',
  params: fundParams, body: given.partial({ summary: true, budgetMinor: true, closesAt: true }).extend({ kind: z.enum(['rolling', 'window']) }),
  answer: z.object({ id: shapes.id, slug: shapes.slug }), problems: ['already-exists'],
});

export const changeGrantRound = route({
  method: 'PUT', path: '/funds/:fund/grants/:grant', access: grantsPolicy.changeRound,
  summary: 'Changes a draft.', params: grantParams, body: given.partial(), answer: done, problems: ['frozen'],
});

export const moveGrantRound = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/transitions', access: grantsPolicy.moveRound, idempotent: true,
  summary: 'Moves a round to its next phase. Opening keeps the newest charter, which somebody else published, and sets a window’s money aside; closing gives back what is left.',
  params: grantParams,
  body: z.object({
    to: grantPhase,
    /** The version of the charter that whoever opens has read; another published meanwhile is refused. */
    charter: z.int().min(1).optional(),
  }),
  answer: z.object({ phase: grantPhase }), problems: ['wrong-phase', 'charter-missing', 'same-person', 'already-decided', 'body-missing', 'not-enough-money', 'not-ready'],
});

export const pauseGrantRound = route({
  method: 'PUT', path: '/funds/:fund/grants/:grant/pause', access: grantsPolicy.pauseRound,
  summary: 'Stops the asking until a time, or starts it again. Everybody sees until when.',
  params: grantParams, body: z.object({ until: shapes.moment.nullable() }), answer: done, problems: ['wrong-phase', 'date-passed'],
});

export const compareCharter = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/compare', access: grantsPolicy.compareCharter,
  summary: 'What would have been different in a round under another charter: how many requests each way.',
  params: grantParams, body: z.object({ content: charterSchema }),
  answer: z.object({ now: z.record(z.string(), z.int()), then: z.record(z.string(), z.int()), requests: z.int() }), problems: ['charter-missing'],
});
