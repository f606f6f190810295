/** The draw of a waiting list: named, committed to, drawn, and what it takes to run it again. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { beaconShape, byBeacon, drawName, pastedValue } from '../../rounds/draws/contract.ts';
import { grantsPolicy } from '../policy.ts';
import { grantParams } from '../rounds/contract.ts';
import { listDrawSchema, panelDrawSchema } from './published.ts';

const done = z.object({ done: z.literal(true) });
const day = z.iso.date();
const drawParams = grantParams.extend({ number: z.coerce.number().int().min(1).max(100_000) });

export const nameDraw = route({
  method: 'PUT', path: '/funds/:fund/grants/:grant/draw', access: grantsPolicy.nameDraw,
  summary: 'Names the public draw whose result will be the seed of a window’s list before the window opens: the public beacon, or another and its day. Without it the usual one counts.',
  params: grantParams, body: z.union([byBeacon, z.object({ name: drawName(200), date: day })]), answer: done, problems: ['frozen', 'wrong-phase', 'draw-too-early'],
});

export const readDraws = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/draws', access: 'anyone',
  summary: 'The draws of a round, newest first: which public draw is waited for, how far the money has come down the list, and how many could not wait.',
  params: grantParams,
  answer: z.object({
    round: z.object({ slug: shapes.slug, title: z.string(), kind: z.enum(['rolling', 'window']), phase: z.string() }), currency: shapes.currency,
    /** What the charter says of tickets; null where it draws nothing. */
    weights: z.object({ firstTime: z.int(), missed: z.int(), most: z.int(), reservePercent: z.int() }).nullable(),
    /** Whether this server asks the public beacon by itself. */
    asksBeacon: z.boolean(),
    draws: z.array(z.object({
      number: z.int(),
      draw: z.object({ name: z.string(), date: day, beacon: beaconShape }),
      /** `named`: nothing is fixed yet; `committed`: the public draw is waited for; `enough`: there was money for everybody. */
      state: z.enum(['named', 'committed', 'enough', 'drawn']),
      committedAt: shapes.moment.nullable(),
      /** SHA-256 of the pool, hexadecimal. */
      digest: z.string().nullable(),
      drawn: z.object({ date: day, text: z.string(), evidence: z.string(), missed: z.array(day), seed: z.string() }).nullable(),
      entries: z.int(), tickets: z.int(),
      /** In the order of the draw; empty until it is drawn. */
      order: z.array(z.object({ code: z.string(), tickets: z.int(), firstTime: z.boolean(), missedBefore: z.int(), askedAgain: z.boolean() })),
      /** Up to which place there was money. */
      reached: z.int(), waiting: z.int(),
      reserve: z.object({ keptMinor: shapes.levelMinor, picked: z.int() }),
      /** For administrators: how many typed a result, whether the caller is one of them, and whether they differ; null for everybody else. */
      typed: z.object({ people: z.int(), byYou: z.boolean(), differs: z.boolean() }).nullable(),
    })),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const readDraw = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/draws/:number', access: 'anyone',
  summary: 'draw.json: all that it takes to run a draw again, as `pnpm verify` reads it. There from the day on which the pool is fixed.',
  params: drawParams, answer: listDrawSchema, problems: [],
});

export const readPanelDraw = route({
  method: 'GET', path: '/funds/:fund/panels/:panel/draw', access: 'anyone',
  summary: 'draw.json of a panel: all that it takes to run its draw again, as `pnpm verify` reads it.',
  params: fundParams.extend({ panel: shapes.id }), answer: panelDrawSchema, problems: [],
});

export const enterResult = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/draws/:number/result', access: grantsPolicy.enterResult,
  summary: 'Types what the public draw said. Another person types the same and so confirms it: the list is drawn, and the money goes down it. A value of the public beacon needs no other person.',
  params: drawParams,
  body: z.union([pastedValue, z.object({
    drawnOn: day, text: z.string().trim().min(1).max(500), evidence: z.url({ protocol: /^https?$/ }).max(500),
    /** Planned days on which no draw was held, the first of them the day that was named. */
    missed: z.array(day).max(10).default([]),
  })]),
  answer: z.object({ confirmed: z.boolean(), differs: z.boolean() }), problems: ['nothing-to-draw', 'draw-too-early', 'already-decided', 'beacon-value-wrong'],
});

export const listWaiting = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/waiting', access: grantsPolicy.pickReserve,
  summary: 'Requests that wait for the draw or on the list, oldest first: for two people to say which of them cannot wait.',
  params: grantParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    requests: z.array(z.object({
      id: shapes.id, reference: z.string(), name: z.string(), words: z.string().nullable(), amountMinor: shapes.amountMinor, askedAt: shapes.moment,
      /** Whether somebody said that it cannot wait, and whether the caller did. */
      picked: z.boolean(), byYou: z.boolean(),
      /** Whether the caller knows the person, and so has no say and reads no name. */
      notYou: z.boolean(),
    })),
    nextCursor: z.string().nullable(), currency: shapes.currency,
    /** What is left for what cannot wait. */
    reserveMinor: shapes.levelMinor,
  }),
  problems: [],
});

export const pickFromReserve = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/waiting/:request', access: grantsPolicy.pickReserve,
  summary: 'One person’s word that a request cannot wait; with a second person’s it is let through to be decided, out of what is kept back.',
  params: grantParams.extend({ request: shapes.id }), answer: z.object({ confirmed: z.boolean() }),
  problems: ['wrong-phase', 'already-decided', 'knows-applicant', 'same-person', 'reserve-too-small'],
});

export const readPlace = route({
  method: 'POST', path: '/funds/:fund/requests/place', access: 'anyone', silent: true,
  summary: 'By the private link: where a request stands in the draw and on its list; null where nothing is drawn for it.',
  params: fundParams, body: z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }),
  answer: z.object({
    place: z.object({
      /** `open`: people still ask; `committed`: the public draw is waited for; `listed`: money is waited for; `through`: it was let through to be decided. */
      state: z.enum(['open', 'committed', 'listed', 'through']),
      round: shapes.slug, number: z.int(), draw: z.object({ name: z.string(), date: day, beacon: beaconShape }), closesAt: shapes.moment.nullable(),
      entries: z.int(),
      /** Of the person's own link alone: what the request is called in the published pool, its tickets and its place. */
      code: z.string().nullable(), tickets: z.int().nullable(), place: z.int().nullable(),
      /** How many still wait before it; null unless it is listed. */
      ahead: z.int().nullable(),
    }).nullable(),
  }),
  problems: ['wrong-code', 'too-many-tries'],
});
