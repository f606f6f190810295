/** How it went, from whoever wants to say: an invitation, never a condition. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { grantsPolicy } from '../policy.ts';
import { grantParams } from '../rounds/contract.ts';

const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const done = z.object({ done: z.literal(true) });

export const tellStory = route({
  method: 'POST', path: '/funds/:fund/requests/story', access: 'anyone', silent: true,
  summary: 'Tells how it went, what did not work included. Others read it only with consent.',
  params: fundParams, body: z.object({ token, words: z.string().trim().min(1).max(2000), consents: z.boolean() }), answer: done, problems: ['wrong-code', 'too-many-tries', 'nothing-awarded'],
});

export const withdrawStory = route({
  method: 'POST', path: '/funds/:fund/requests/story-withdrawal', access: 'anyone', silent: true,
  summary: 'Takes a story back: its words are erased at once. Again changes nothing.',
  params: fundParams, body: z.object({ token }), answer: done, problems: ['wrong-code', 'too-many-tries'],
});

export const listStories = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/stories', access: 'anyone',
  summary: 'The stories of a grant round that people let others read; administrators see the others too.',
  params: grantParams,
  answer: z.object({ stories: z.array(z.object({
    /** For those who publish; null for everybody else. */
    request: shapes.id.nullable(), told: shapes.moment.nullable(), words: z.string(), consents: z.boolean(), published: z.boolean(),
  })), may: z.array(z.string()) }),
  problems: [],
});

export const publishStory = route({
  method: 'PUT', path: '/funds/:fund/requests/:request/story', access: grantsPolicy.publishStory,
  summary: 'Publishes a story that a person has read for names, or takes it off the page.',
  params: fundParams.extend({ request: shapes.id }), body: z.object({ publish: z.boolean(), /** The version that was read. */ told: shapes.moment }), answer: done, problems: ['consent-missing'],
});
