/** Decision day in a hall: the order of projects on tablets, paper and stage, drawn once and in public. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { beaconShape, byBeacon, pastedValue } from '../../rounds/draws/contract.ts';
import { looksLikeBeacon } from '../../rounds/draws/beacon.ts';
import { hallPolicy } from './policy.ts';

const roundParams = fundParams.extend({ round: shapes.slug });
const words = z.string().trim().min(1).max(500);
const hex32 = z.string().length(64);

export const readHallOrder = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/hall-order', access: 'anyone',
  summary: 'How the order of projects in the hall is drawn: what was announced and promised, and, once it was held, everything that it takes to work the order out again.',
  params: roundParams,
  answer: z.object({
    state: z.enum(['none', 'announced', 'drawn']),
    announced: z.object({
      how: z.string(), beacon: beaconShape, at: shapes.moment,
      /** SHA-256 of the secret, shown before the draw. */
      commitment: hex32,
    }).nullable(),
    drawn: z.object({
      text: z.string(), at: shapes.moment, secret: hex32,
      /** H(D(commonpot.order.v1) || round16 || secret || text). */
      seed: hex32,
      /** The projects' numbers by HMAC-SHA256(seed, number), the smallest first. */
      order: z.array(z.string()),
    }).nullable(),
    /** What the round's id is in the seed: 16 bytes. */
    round: z.string().length(32),
    /** For administrators, before the second has typed the same: what the caller typed, and whether another person typed. */
    typed: z.object({ yours: z.string().nullable(), byAnother: z.boolean() }).nullable(),
    /** Whether this server asks the public beacon by itself. */
    asksBeacon: z.boolean(),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const announceHallDraw = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/hall-order', access: hallPolicy.draw, status: 201,
  summary: 'Announces the draw once: what will be drawn, where and when, or the public beacon an hour later. The server makes a secret and publishes its hash; from here on no project is added, removed or renumbered.',
  params: roundParams, body: z.union([byBeacon, z.object({ how: words.refine((how) => !looksLikeBeacon(how)) })]), answer: z.object({ commitment: hex32 }), problems: ['wrong-phase', 'already-exists', 'not-ready'],
});

export const enterHallDraw = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/hall-order/draw', access: hallPolicy.draw,
  summary: 'Types what was drawn. Another person types the same, and the order stands for good. A value of the public beacon needs no other person.',
  params: roundParams, body: z.union([pastedValue, z.object({ drawn: words })]),
  answer: z.object({
    drawn: z.boolean(),
    /** Another person typed something else: both look again. */
    differs: z.boolean(),
  }),
  problems: ['wrong-phase', 'already-decided', 'draw-too-early', 'beacon-value-wrong'],
});
