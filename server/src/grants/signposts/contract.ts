/** The fund's own list of local help. It stands beside the asking, never in its way. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { grantsPolicy } from '../policy.ts';

const done = z.object({ done: z.literal(true) });
const given = z.object({
  name: shapes.name,
  /** What they help with, and when. */
  words: z.string().trim().max(400),
  phone: z.string().trim().regex(/^[+0-9][0-9 ]{2,29}$/).nullable(),
  url: z.url({ protocol: /^https?$/ }).max(300).nullable(),
});

export const listSignposts = route({
  method: 'GET', path: '/funds/:fund/signposts', access: 'anyone',
  summary: 'Where else there is help nearby, as the fund lists it.',
  params: fundParams, answer: z.object({ signposts: z.array(given.extend({ id: shapes.id })) }), problems: [],
});

export const addSignpost = route({
  method: 'POST', path: '/funds/:fund/signposts', access: grantsPolicy.keepSignposts, status: 201,
  summary: 'Adds a place that helps.', params: fundParams, body: given, answer: z.object({ id: shapes.id }), problems: ['already-exists'],
});

export const removeSignpost = route({
  method: 'DELETE', path: '/funds/:fund/signposts/:signpost', access: grantsPolicy.keepSignposts,
  summary: 'Takes a place off the list. Again changes nothing.', params: fundParams.extend({ signpost: shapes.id }), answer: done, problems: [],
});
