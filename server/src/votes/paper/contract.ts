/** Paper ballots: batches of sheets, people taken off the roll for one, and every sheet read by two. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { ballotLine } from '../ballots/contract.ts';
import { paperPolicy } from './policy.ts';

const roundParams = fundParams.extend({ round: shapes.slug });
const whole = z.int().min(0).max(20_000);
const count = z.object({ unused: whole, exchanged: whole, castSheets: whole });
const batch = z.int().min(1);
const sheet = z.int().min(1).max(1_000_000);

export const readPaper = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/paper', access: paperPolicy.see,
  summary: 'Where the paper of a round stands. Nothing here says what is on a sheet, or whether anybody had voted online before.',
  params: roundParams,
  answer: z.object({
    batches: z.array(z.object({
      number: z.int(), place: z.string(), sheets: z.int(),
      /** Taken off the roll for a sheet of this batch. */
      people: z.int(),
      standing: z.enum(['uncounted', 'once', 'differs', 'unbalanced', 'holds']),
      /** What the caller counted. */
      yours: count.nullable(),
      /** What two counted alike. */
      agreed: count.nullable(),
    })),
    /** Sheets in all boxes together; null until every batch holds. */
    sheets: z.int().nullable(),
    read: z.object({
      agreed: z.int(),
      /** Sheets on which two people read different things: both look again. */
      differing: z.array(z.int()),
      /** Sheets that were read once, by somebody else. */
      once: z.int(),
      /** The next sheet for the caller to read. */
      next: z.int().nullable(),
    }),
    done: z.object({ people: z.int(), counted: z.int(), spoiled: z.int(), missing: z.int() }).nullable(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const addBatch = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/paper/batches', access: paperPolicy.addBatch, status: 201,
  summary: 'A batch of printed sheets for one table. From the first one on the count waits for the paper.',
  params: roundParams, body: z.object({ place: z.string().trim().min(1).max(200), sheets: z.int().min(1).max(20_000) }),
  answer: z.object({ number: z.int() }), problems: ['wrong-phase'],
});

export const strikeForPaper = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/paper/strikes', access: paperPolicy.strike, status: 201,
  summary: 'Takes a person off the roll because they are given a paper ballot. A ballot they cast online is void; the answer is the same if there was none. There is no way back.',
  params: roundParams,
  /**
   * By the entry of the roll, by the printed code that they hand over, or, where no name stands on the roll, by the address
   * or number that they are known by, as they say it: the answer tells nothing of anybody else.
   */
  body: z.union([z.strictObject({ elector: shapes.id, batch }), z.strictObject({ code: z.string().trim().min(1).max(40), batch }), z.strictObject({ contact: z.string().trim().min(3).max(254), batch })]),
  answer: z.object({ done: z.literal(true) }), problems: ['wrong-code', 'not-on-roll', 'too-many-tries', 'wrong-phase', 'voted-on-paper', 'already-decided', 'round-key-missing', 'voting-not-open'],
});

export const countBatch = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/paper/counts', access: paperPolicy.enter,
  summary: 'What the caller counted of a batch. It holds once another person counted the same and the sheets given out are the people taken off the roll.',
  params: roundParams, body: count.extend({ batch: z.int().min(1) }),
  answer: z.object({ standing: z.enum(['once', 'differs', 'unbalanced', 'holds']) }), problems: ['wrong-phase'],
});

export const enterSheet = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/paper/sheets', access: paperPolicy.enter,
  summary: 'What the caller reads on one numbered sheet, held to the rules of every ballot, or that nothing countable is on it. It counts once another person read the same.',
  params: roundParams,
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ballot'), sheet, area: z.string().max(60), lines: z.array(ballotLine).max(2000) }),
    z.object({ kind: z.literal('spoiled'), sheet }),
  ]),
  answer: z.object({ standing: z.enum(['once', 'differs', 'agreed']) }),
  problems: ['wrong-phase', 'not-ready', 'illegal-ballot', 'round-key-missing', 'voting-not-open'],
});

export const finishPaper = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/paper/finish', access: paperPolicy.enter,
  summary: 'Puts every paper ballot into the box with the others, all at once, and lets the count begin.',
  params: roundParams, answer: z.object({ counted: z.int(), spoiled: z.int(), missing: z.int() }),
  problems: ['wrong-phase', 'not-ready', 'round-key-missing', 'voting-not-open'],
});
