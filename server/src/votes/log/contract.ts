/** What everybody may read of a round's log before it is sealed: its statement, and the newest signed head; and the mirrors that keep copies of it. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { logPolicy } from './policy.ts';

const roundParams = fundParams.extend({ round: shapes.slug });

export const readHead = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/log/head', access: 'anyone',
  summary: 'The newest head of the round’s log, as the host signed it (a C2SP checkpoint), and which mirrors took it.',
  params: roundParams,
  answer: z.object({
    size: z.int(), note: z.string(), signedAt: shapes.moment,
    /** Whether the log is closed: no leaf follows. */
    isLast: z.boolean(),
    mirrors: z.array(z.object({ mirror: z.string(), takenAt: shapes.moment.nullable(), status: z.int().nullable(), fault: z.string().nullable() })),
  }),
  problems: [],
});

export const readStatement = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/statement', access: 'anyone',
  summary: 'rule.json: everything that was frozen when voting opened.',
  params: roundParams,
  answer: z.looseObject({ version: z.literal(1) }),
  problems: [],
});

/** Where copies of the log’s heads are sent. */
const mirror = z.url({ protocol: /^https$/ }).max(500);
const done = z.object({ done: z.literal(true) });

export const listMirrors = route({
  method: 'GET', path: '/funds/:fund/mirrors', access: logPolicy.keepMirrors,
  summary: 'The mirrors of a fund, and of its rounds, with what each last said to a head.',
  params: fundParams,
  answer: z.object({
    mirrors: z.array(z.object({
      mirror: z.string(),
      /** Whether new rounds take it. One that does not is kept by a round that is open, or was before. */
      isStanding: z.boolean(),
      addedAt: shapes.moment.nullable(), endedAt: shapes.moment.nullable(),
      /** When it last took a head; heads it has taken; heads that wait for it; heads given up. */
      takenAt: shapes.moment.nullable(), taken: z.int(), waiting: z.int(), givenUp: z.int(),
      /** What it said to the newest head that it has not taken: a status, or a code for why there was none. */
      fault: z.string().nullable(),
      /** Rounds of which it is sent heads now. */
      rounds: z.array(z.object({ slug: z.string(), title: z.string() })),
    })),
  }), problems: [],
});

export const addMirror = route({
  method: 'POST', path: '/funds/:fund/mirrors', access: logPolicy.keepMirrors, status: 201,
  summary: 'Adds a mirror: new rounds take it, and those that are not open yet.',
  params: fundParams, body: z.object({ mirror }), answer: z.object({ id: shapes.id }), problems: ['already-exists', 'too-large'],
});

export const endMirror = route({
  method: 'POST', path: '/funds/:fund/mirrors/end', access: logPolicy.keepMirrors,
  summary: 'Ends a mirror for rounds that are not open yet. A round that is open has promised it, and goes on sending.',
  params: fundParams, body: z.object({ mirror: z.string().min(1).max(500) }), answer: done, problems: [],
});
