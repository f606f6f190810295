/** What everybody may read of a round's log before it is sealed: its statement, and the newest signed head. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';

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
