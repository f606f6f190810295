/** Tablets that strangers share: a cookie that shows the ballot of one round and forgets everything between people. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { kioskPolicy } from './policy.ts';

const roundParams = fundParams.extend({ round: shapes.slug });

export const startKiosk = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/kiosks', access: kioskPolicy.keep, status: 201,
  summary: 'Makes the calling browser a voting tablet of this round. It stays one until it is ended or voting closes.',
  params: roundParams, body: z.object({ name: shapes.name }), answer: z.object({ id: shapes.id }), problems: ['wrong-phase', 'credential-not-in-use'],
});

export const listKiosks = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/kiosks', access: kioskPolicy.keep,
  summary: 'The voting tablets of a round.',
  params: roundParams, answer: z.object({ kiosks: z.array(z.object({ id: shapes.id, name: z.string(), madeAt: shapes.moment, endedAt: shapes.moment.nullable() })) }), problems: [],
});

export const endKiosk = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/kiosks/:kiosk/end', access: kioskPolicy.keep,
  summary: 'From its next page on the tablet is an ordinary browser, signed out.',
  params: roundParams.extend({ kiosk: shapes.id }), answer: z.object({ done: z.literal(true) }), problems: [],
});

export const readKiosk = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/kiosk', access: 'anyone', silent: true,
  summary: 'Whether the calling browser is a voting tablet of this round, and the round takes ballots.',
  params: roundParams, answer: z.object({ isOpen: z.boolean() }), problems: [],
});
