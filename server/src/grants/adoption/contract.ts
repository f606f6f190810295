/** Money that is still the agency's: a body adopts the awards of a round by a date, and may refuse one only for a reason that was published before. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { grantsPolicy } from '../policy.ts';
import { grantParams } from '../rounds/contract.ts';

const done = z.object({ done: z.literal(true) });
const listParams = fundParams.extend({ list: shapes.id });

const list = z.object({
  id: shapes.id, number: z.int(), awards: z.int(), presentedAt: shapes.moment, dueAt: shapes.moment,
  /** Adopted by the body, or by silence on its date; null while it can still refuse. */
  endedAs: z.enum(['adopted', 'silence']).nullable(), endedAt: shapes.moment.nullable(),
});

export const readAdoptions = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/adoptions', access: 'anyone',
  summary: 'What a body of the agency did with the awards of a round: how many it adopted and by when, and how many it refused for which reason. Null where the money is not the agency’s.',
  params: grantParams,
  answer: z.object({
    title: z.string(),
    route: z.object({ body: z.string(), agency: z.string().nullable(), withinDays: z.int(), reasons: z.array(z.string()) }).nullable(),
    /** Newest first; counts and sums are null where a list is too small to show them. */
    lists: z.array(list.extend({ awards: z.int().nullable(), amountMinor: shapes.levelMinor.nullable(), refusals: z.array(z.object({ reason: z.string(), count: z.int() })) })),
    currency: shapes.currency,
  }),
  problems: [],
});

export const listAdoptions = route({
  method: 'GET', path: '/funds/:fund/adoptions', access: grantsPolicy.adopt,
  summary: 'The lists before the body that this officer’s agency speaks for: what waits first, then the newest that ended. Awards by code and sum, and nothing about anybody.',
  params: fundParams,
  answer: z.object({
    lists: z.array(list.extend({
      round: z.object({ slug: shapes.slug, title: z.string() }), body: z.string(), reasons: z.array(z.string()), /** All awards of it, the refused ones too. */
      amountMinor: shapes.levelMinor,
      /** Every award of a list that is open; of one that ended those that were refused. */
      rows: z.array(z.object({ award: shapes.id, reference: z.string(), amountMinor: shapes.amountMinor, refusedFor: z.string().nullable() })),
    })),
    /** Whether the caller is told by a message when a list comes, and shortly before its date. */
    isTold: z.boolean(),
    currency: shapes.currency, may: z.array(z.string()),
  }),
  problems: [],
});

export const tellOfficer = route({
  method: 'PUT', path: '/funds/:fund/my-adoptions', access: grantsPolicy.adopt,
  summary: 'Where the caller is told that a list was put before their body, and shortly before its date: an address of their own, kept sealed. Null takes it back.',
  params: fundParams, body: z.object({ tell: z.object({ channel: z.enum(['email', 'sms']), address: z.string().trim().min(3).max(254) }).nullable() }),
  answer: done, problems: ['not-their-address'],
});

export const adoptList = route({
  method: 'POST', path: '/funds/:fund/adoptions/:list/adopt', access: grantsPolicy.adopt, idempotent: true,
  summary: 'Adopts what was not refused of a list, before its date: it is paid from now on.',
  params: listParams, answer: done, problems: ['already-decided', 'date-passed'],
});

export const refuseAward = route({
  method: 'POST', path: '/funds/:fund/adoptions/:list/refusals', access: grantsPolicy.adopt, status: 201, idempotent: true,
  summary: 'Refuses one award for a reason of the charter’s list, before the date. Its money goes back to where the round gives from; nothing else takes its place by this.',
  params: listParams, body: z.object({ award: shapes.id, reason: z.string().min(1).max(200) }), answer: done,
  problems: ['already-decided', 'date-passed', 'reason-not-published'],
});
