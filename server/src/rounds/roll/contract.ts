/** Who may take part in a round: joining, printed codes, and the roll that administrators keep. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { roundParams } from '../contract.ts';
import { roundPolicy } from '../policy.ts';

const done = z.object({ done: z.literal(true) });
const personName = z.string().trim().min(1).max(200);
const place = z.string().trim().min(1).max(60);
const area = z.string().trim().min(1).max(60).regex(/^[^\p{Cc}]*$/u);
const contact = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('email'), address: z.string().trim().toLowerCase().pipe(z.email().max(254)) }),
  z.object({ channel: z.literal('sms'), address: z.string().trim().max(40) }),
]);
/** "I am younger than the age below which this round asks a parent." Asked for where the round has such an age. */
const needsConsent = z.boolean().optional();
const electorParams = roundParams.extend({ elector: shapes.id });

export const joinRound = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/join', access: 'account', silent: true,
  summary: 'Puts the caller on the roll: by their own word about age and place, or because an administrator listed their address. Doing it again changes nothing.',
  params: roundParams,
  body: z.discriminatedUnion('credential', [
    z.object({
      credential: z.literal('sign-in'),
      /** "I am as old as this round asks for, or older." */
      isOldEnough: z.boolean().default(false),
      /** A postcode or district; compared and forgotten. */
      place: place.optional(),
      needsConsent,
    }),
    z.object({ credential: z.literal('roll'), needsConsent }),
  ]),
  answer: done, problems: ['number-used', 'wrong-phase', 'voting-closed', 'credential-not-in-use', 'not-on-roll', 'too-young', 'outside-area'],
});

export const enterVoterCode = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/enter-code', access: 'anyone', silent: true,
  summary: 'Opens a session of two hours for the elector of a printed code. A code works until voting closes, as often as it is needed, and again for 28 days after the seal, for the turnout roll.',
  params: roundParams, body: z.object({ code: z.string().trim().max(40) }),
  answer: done, problems: ['wrong-code', 'too-many-tries', 'voting-closed', 'voting-not-open'],
});

export const makeCodes = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/codes', access: roundPolicy.addToRoll, status: 201,
  summary: 'Makes printed codes and shows them once: `count` of them, one for each name given, or one for each name on the roll that has none (up to `limit`).',
  params: roundParams,
  body: z.union([
    z.strictObject({ count: z.int().min(1).max(5000), area: area.optional() }),
    z.strictObject({ assigned: z.array(z.strictObject({ name: personName, postcode: z.string().trim().min(1).max(20).optional(), area: area.optional() })).min(1).max(2000) }),
    z.strictObject({ forRoll: z.literal(true), limit: z.int().min(1).max(5000).default(5000) }),
  ]),
  answer: z.object({ codes: z.array(z.object({ code: z.string(), name: z.string().nullable(), postcode: z.string().nullable() })) }),
  problems: ['wrong-phase', 'credential-not-in-use', 'codes-need-names'],
});

export const replaceCode = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/roll/:elector/code', access: roundPolicy.addToRoll, status: 201,
  summary: 'A new code in the place of a lost one; the old one stops working. The ballot that was cast with it stays.',
  params: electorParams, answer: z.object({ code: z.string() }), problems: ['wrong-phase', 'credential-not-in-use'],
});

const printed = z.object({ code: z.string(), name: z.string().nullable(), postcode: z.string().nullable() });

export const listCodeBatches = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/codes', access: roundPolicy.readRoll,
  summary: 'Codes by the batch in which they were made, the newest first, as long as one of them opens somebody’s place. Nothing says which was used.',
  params: roundParams, answer: z.object({ batches: z.array(z.object({ number: z.int(), madeAt: shapes.moment, codes: z.int(), names: z.int() })) }), problems: [],
});

export const reissueCodes = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/codes/reissue', access: roundPolicy.addToRoll, status: 201,
  summary: 'New codes in the place of those whose letters were lost or came back: of a whole batch (up to `limit`, the rest stays in it), or of the people picked. The old codes stop working in the same moment; ballots that were cast with them stay.',
  params: roundParams,
  body: z.union([
    z.strictObject({ batch: z.int().min(1), limit: z.int().min(1).max(5000).default(5000) }),
    /** `asOf`: the newest batch that the caller has seen; whoever was given a newer code meanwhile keeps it. */
    z.strictObject({ electors: z.array(shapes.id).min(1).max(500), asOf: z.int().min(0) }),
  ]),
  answer: z.object({ codes: z.array(printed), left: z.int() }), problems: ['wrong-phase', 'credential-not-in-use', 'already-decided'],
});

export const addToRoll = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/roll', access: roundPolicy.addToRoll, status: 201,
  summary: 'Puts names on the roll. Addresses are kept as keyed hashes; one that is on the roll already is left out.',
  params: roundParams,
  body: z.object({
    entries: z.array(z.object({
      name: personName, postcode: z.string().trim().min(1).max(20).optional(), contact: contact.optional(),
      bornYear: z.int().min(1880).max(2100).optional(), area: area.optional(),
      /** An administrator has seen the parent's signed form. */
      consentSeen: z.boolean().optional(),
    })).min(1).max(1000),
  }),
  answer: z.object({ added: z.int(), alreadyThere: z.int(), unreadableContacts: z.int() }), problems: ['wrong-phase'],
});

export const listRoll = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/roll', access: roundPolicy.readRoll,
  summary: 'The names on the roll by name, and how many people are on it in all.',
  params: roundParams, query: z.object({ search: z.string().trim().max(100).optional(), limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    entries: z.array(z.object({ elector: shapes.id, name: z.string(), postcode: z.string().nullable(), area: z.string().nullable(), hasContact: z.boolean(), hasCode: z.boolean(), hasJoined: z.boolean(),
      /** Null where the round asks no parent. */
      consent: z.enum(['not-needed', 'needed', 'given', 'refused', 'withdrawn']).nullable(),
    })),
    /** People on the roll; of them with a name; with a code; with a code and no name; with an account; in an area the round does not name. */
    counts: z.object({ electors: z.int(), names: z.int(), codes: z.int(), codesWithoutName: z.int(), accounts: z.int(), unknownAreas: z.int() }),
    may: z.array(z.string()), nextCursor: z.string().nullable(),
  }),
  problems: [],
});

export const removeFromRoll = route({
  method: 'DELETE', path: '/funds/:fund/rounds/:round/roll/:elector', access: roundPolicy.removeFromRoll,
  summary: 'Takes a name off the roll, with its code, before voting opens.',
  params: electorParams, answer: done, problems: ['frozen'],
});
