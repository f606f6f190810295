/** From the close to the end of the turnout roll: objections, the public draw, the seal, and who voted. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { beaconShape, pastedValue } from '../../rounds/draws/contract.ts';
import { sealingPolicy } from './policy.ts';

const roundParams = fundParams.extend({ round: shapes.slug });
const electorParams = roundParams.extend({ elector: shapes.id });
const reason = z.string().trim().min(1).max(1000);
const done = z.object({ done: z.literal(true) });
/** A day without a time, as YYYY-MM-DD. */
const day = z.iso.date();
const figures = { voted: z.int().min(0).max(1000), didNot: z.int().min(0).max(1000), notReached: z.int().min(0).max(1000) };

export const readSealing = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/sealing', access: 'anyone',
  summary: 'Where a closed round stands: until when entries may be objected to, what was struck, whether a tie waits for the draw, and the seal.',
  params: roundParams,
  answer: z.object({
    /** Null before the close. */
    objectionsEndAt: shapes.moment.nullable(),
    strikes: z.array(z.object({ on: day, reason: z.string() })),
    /** The public draw that was named before the vote; where the list was closed too late for a value of the beacon, a later one, and the day that it is instead of. */
    draw: z.object({ name: z.string(), date: day, beacon: beaconShape, insteadOf: day.nullable() }).nullable(),
    /** Whether this server asks the public beacon by itself. */
    asksBeacon: z.boolean(),
    /** Projects that stand level until then. */
    waitingForLot: z.array(z.string()),
    drawn: z.object({ on: day, text: z.string(), evidence: z.string(), missed: z.array(day) }).nullable(),
    observers: z.array(z.string()),
    /** Whether the key that the count and the seal need is on the server; null where none is needed any more, or yet. */
    hasKey: z.boolean().nullable(),
    sealedAt: shapes.moment.nullable(),
    /** Whether only totals are published, because fewer than a hundred ballots were counted. */
    totalsOnly: z.boolean(),
    /** Until when each person can see whether a ballot was counted in their name. */
    rollUntil: shapes.moment.nullable(),
    /** Who took part, by way and by area, once sealed; null in a figure is a group too small to be shown. */
    turnout: z.object({ people: z.int(), channels: z.array(z.object({ channel: z.string(), people: z.int().nullable() })), areas: z.array(z.object({ name: z.string(), people: z.int().nullable() })) }).nullable(),
    /** What those said who were called. */
    check: z.object(figures).nullable(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const listObjections = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/objections', access: sealingPolicy.strike,
  summary: 'Entries that somebody asked to strike, with their names, and whether a second person agreed.',
  params: roundParams,
  answer: z.object({
    objections: z.array(z.object({
      elector: shapes.id, name: z.string().nullable(), reason: z.string(), proposedAt: shapes.moment, proposer: z.string().nullable(), byYou: z.boolean(), confirmedAt: shapes.moment.nullable(),
    })),
  }),
  problems: [],
});

export const proposeStrike = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/objections', access: sealingPolicy.strike, status: 201,
  summary: 'Asks for an entry of the roll to be struck, for a reason that will be published. A second person must agree before objections end.',
  params: roundParams, body: z.object({ elector: shapes.id, reason }), answer: done, problems: ['wrong-phase', 'own-entry', 'already-exists', 'voted-on-paper'],
});

export const confirmStrike = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/objections/:elector/confirm', access: sealingPolicy.strike,
  summary: 'The second person agrees: the entry’s ballot is taken out unseen, and the votes are counted again.',
  params: electorParams, answer: done, problems: ['wrong-phase', 'own-entry', 'same-person', 'already-decided'],
});

export const dropStrike = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/objections/:elector/drop', access: sealingPolicy.strike,
  summary: 'Takes back an objection that nobody has agreed to.',
  params: electorParams, answer: done, problems: ['wrong-phase', 'already-decided'],
});

export const enterDraw = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/draw', access: sealingPolicy.enterDraw,
  summary: 'Types what the public draw said. Another person types the same and so confirms it. A value of the public beacon needs no other person.',
  params: roundParams,
  body: z.union([pastedValue, z.object({
    drawnOn: day, text: z.string().trim().min(1).max(500), evidence: z.url({ protocol: /^https?$/ }).max(500),
    /** Planned days on which no draw was held, the first of them the day that was named. */
    missed: z.array(day).max(10).default([]),
  })]),
  answer: z.object({ confirmed: z.boolean(), differs: z.boolean() }), problems: ['wrong-phase', 'nothing-to-draw', 'draw-too-early', 'already-decided', 'beacon-value-wrong'],
});

export const readMyTurnout = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/turnout-roll/mine', access: 'voter', silent: true,
  summary: 'Whether a ballot was counted in the caller’s name, for 28 days after the seal; with a printed code too.',
  params: roundParams, answer: z.object({ counted: z.boolean(), until: shapes.moment }), problems: ['not-on-roll', 'roll-erased'],
});

export const readSample = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/turnout-roll/sample', access: sealingPolicy.callSample,
  summary: 'People in whose name a ballot was counted, drawn by what the seal shows, to be asked whether they voted.',
  params: roundParams,
  answer: z.object({ people: z.array(z.object({ name: z.string(), postcode: z.string().nullable() })), seed: z.string(), until: shapes.moment, check: z.object(figures).nullable() }),
  problems: ['roll-erased'],
});

export const keepCheck = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/turnout-roll/check', access: sealingPolicy.callSample,
  summary: 'How many of those who were called said that they voted, that they did not, or were not reached. Figures only.',
  params: roundParams, body: z.object(figures), answer: done, problems: ['roll-erased', 'wrong-phase'],
});

export const printRecoverySheet = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/recovery-sheet', access: sealingPolicy.printSheet,
  summary: 'Makes a new key for the round and shows it once, to be printed. Every earlier sheet is void.',
  params: roundParams,
  answer: z.object({
    /** The key in four rows, each with a check character at its end. */
    rows: z.array(z.string()),
    /** The rows as a square that a camera reads. */
    square: z.object({ size: z.int(), runs: z.array(z.tuple([z.int(), z.int(), z.int()])) }),
    printedAt: shapes.moment,
  }),
  problems: ['frozen'],
});
