/** Casting: one elector, one ballot, replaceable until the deadline. These routes are silent and store nothing but ciphertext. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const roundParams = fundParams.extend({ round: shapes.slug });

/** One line of a ballot: a project's public number and, on a points ballot, how many. */
export const ballotLine = z.object({ project: z.string().min(1).max(40), points: z.int().min(0).max(1_000_000).optional() });

export const readBallot = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ballot', access: 'voter', silent: true,
  summary: 'Whether this person has a ballot in the round, and what their phone needs to compute its leaf. Never the choices.',
  params: roundParams,
  answer: z.object({
    /** The round's id as 32 hexadecimal digits: the 16 bytes that the leaf is computed over. */
    round: z.string().regex(/^[0-9a-f]{32}$/),
    /** The elector's area as it stands on the ballot; empty when the round knows none. */
    area: z.string(),
    /** The handle of the ballot that is in, to name it when replacing; null when there is none. */
    current: hex32.nullable(),
    votedOnPaper: z.boolean(),
    closesAt: shapes.moment,
  }),
  problems: ['not-on-roll', 'round-key-missing', 'voting-not-open', 'voting-closed'],
});

export const castBallot = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ballot', access: 'voter', silent: true,
  summary: 'Casts a ballot, or replaces the one that `replaces` names. The same ballot again gets the same receipt, after the deadline too.',
  params: roundParams,
  body: z.object({
    /** In any order; the ballot itself is written in the order of the round’s projects. Empty is allowed. */
    lines: z.array(ballotLine).max(2000),
    /** 32 random bytes of the voter's phone. */
    salt: hex32,
    /** H(commonpot.void.v1 || void key): shows later that a replaced ballot was withdrawn by its voter. */
    void: hex32,
    /** The handle of the ballot to replace, or null for a first ballot. */
    replaces: hex32.nullable(),
    /** The void key of the ballot to replace, where the phone still holds it. */
    oldVoidKey: hex32.nullable(),
    /** Fills the request up to a length that says nothing of what was chosen; nobody reads it. */
    filler: z.string().max(4096).optional(),
  }),
  answer: z.object({
    /** The leaf as the server computed it; the phone compares it with its own. */
    leaf: hex32,
    /** The receipt's code, 4-4-4. */
    code: z.string(),
    /** The handle that a later replacement names. */
    current: hex32,
    /** The host's Ed25519 signature over round and leaf: who holds it can show that this ballot was taken. */
    receipt: z.string().regex(/^[0-9a-f]{128}$/),
  }),
  problems: ['not-on-roll', 'round-key-missing', 'voting-not-open', 'voting-closed', 'already-voted', 'ballot-replaced', 'voted-on-paper', 'illegal-ballot', 'consent-missing'],
});

export const readTurnout = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/turnout', access: 'anyone', silent: true,
  summary: 'How many ballots are in, as of the last full ten minutes.',
  params: roundParams,
  answer: z.object({ ballots: z.int(), asOf: shapes.moment }),
  problems: [],
});
