/** What residents propose for a vote round, and how many support it. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { pictureShape, pictureWords } from '../../platform/pictures/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { proposalPolicy } from './policy.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
const done = z.object({ done: z.literal(true) });

/** `:idea` is the idea's public number; another word names nothing. */
export const ideaParams = roundParams.extend({ idea: z.string().regex(/^[\w-]{1,40}$/) });

const words = z.object({
  title: line(120),
  /** What it is and why. */
  description: line(4000),
  /** What its proposer thinks it costs. */
  roughCostMinor: shapes.amountMinor.nullable(),
  place: line(200).nullable(),
});
const person = z.object({
  name: line(120).nullable(),
  /** Whether everybody may read the name; otherwise the idea is a neighbour's. */
  showName: z.boolean(),
  /** For administrators alone. */
  contact: line(300).nullable(),
});
const nameToShow = { message: 'A name that is shown must be given.', path: ['name'] };
const hasNameToShow = (given: { name: string | null; showName: boolean }) => !given.showName || given.name !== null;

const idea = z.object({
  number: z.int(), title: z.string(), description: z.string(), roughCostMinor: z.int().nullable(), place: z.string().nullable(),
  sentAt: shapes.moment, changedAt: shapes.moment.nullable(),
  /** The proposer's name where they agreed; null is a neighbour. */
  by: z.string().nullable(),
  /** Accounts that support it or an idea joined to it. */
  supports: z.int(),
  /** The idea that answers for this one too. */
  joinedTo: z.int().nullable(),
  /** How many ideas are joined to this one. */
  joined: z.int(),
  /** Where it stands: `unanswered` when the day for the review has passed without one. */
  standing: z.enum(['gathering', 'waiting', 'unanswered', 'yes', 'changes', 'no', 'withdrawn']),
  /** The number of the project it became, from the notice on. */
  project: z.string().nullable(),
});
const own = z.object({ name: z.string().nullable(), showName: z.boolean(), contact: z.string().nullable() });

export const listIdeas = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ideas', access: 'anyone',
  summary: 'The ideas of a round, newest first; one line for ideas that were joined. Search reads titles, words and places of all of them.',
  params: roundParams, query: z.object({ find: z.string().trim().max(80).default(''), limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({ ideas: z.array(idea), /** Every idea, joined ones included; and how many groups the search finds. */
    total: z.int(), found: z.int(), currency: shapes.currency, may: z.array(z.string()), nextCursor: z.string().nullable() }), problems: [],
});

export const readIdea = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ideas/:idea', access: 'anyone',
  summary: 'One idea, those joined with it, and whether the caller supports it.',
  params: ideaParams,
  answer: idea.extend({
    with: z.array(z.object({ number: z.int(), title: z.string(), by: z.string().nullable() })),
    /** Whether it is the caller's own, and whether they support it; null for a stranger. */
    you: z.object({ isAuthor: z.boolean(), supports: z.boolean() }).nullable(),
    /** Null for everybody but its proposer. */
    own: own.extend({ /** When contact and a name that is not shown are erased. */ contactUntil: shapes.moment }).nullable(), currency: shapes.currency, may: z.array(z.string()),
  }), problems: [],
});

export const propose = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas', access: 'account', status: 201,
  summary: 'Sends an idea while ideas are gathered. The same draft sent twice is one idea.',
  params: roundParams,
  body: words.extend(person.shape).extend({ draft: shapes.id }).refine(hasNameToShow, nameToShow),
  answer: z.object({ number: z.int() }), problems: ['wrong-phase', 'too-many-ideas', 'too-large'],
});

export const enterIdeas = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/bulk', access: proposalPolicy.enter, status: 201,
  summary: 'Types in ideas after a meeting, all of them or none. A draft that was sent before keeps its idea.',
  params: roundParams,
  body: z.object({ ideas: z.array(words.extend(person.shape).extend({ draft: shapes.id }).refine(hasNameToShow, nameToShow)).min(1).max(50) }),
  answer: z.object({ numbers: z.array(z.int()) }), problems: ['wrong-phase', 'too-large'],
});

export const myIdeas = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/my-ideas', access: 'account',
  summary: 'What the caller proposed in this round, withdrawn ideas included.',
  params: roundParams, answer: z.object({ ideas: z.array(idea), currency: shapes.currency, isOpen: z.boolean() }), problems: [],
});

export const changeIdea = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/ideas/:idea', access: 'account',
  summary: 'Its proposer changes what the body names, until the review begins.',
  params: ideaParams, body: words.extend(person.shape).partial(), answer: done, problems: ['wrong-phase'],
});

export const withdrawIdea = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/withdraw', access: 'account',
  summary: 'Its proposer takes an idea back, until the review begins. It leaves the public pages, and who they are is forgotten.',
  params: ideaParams, answer: done, problems: ['wrong-phase'],
});

export const supportIdea = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/ideas/:idea/support', access: 'account',
  summary: 'Supports an idea while ideas are gathered and reviewed. Doing it again changes nothing; who supports is not public.',
  params: ideaParams, answer: z.object({ supports: z.int() }), problems: ['wrong-phase'],
});

export const unsupportIdea = route({
  method: 'DELETE', path: '/funds/:fund/rounds/:round/ideas/:idea/support', access: 'account',
  summary: 'Takes a support back.',
  params: ideaParams, answer: z.object({ supports: z.int() }), problems: ['wrong-phase'],
});

export const readProposer = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ideas/:idea/proposer', access: proposalPolicy.readProposer,
  summary: 'Who is behind an idea and how to reach them.',
  params: ideaParams, answer: own, problems: [],
});

export const listIdeaPictures = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ideas/:idea/pictures', access: 'anyone',
  summary: 'The pictures of one idea, in the order in which they came. Its proposer sees those that could not be read as well.',
  params: ideaParams,
  answer: z.object({ pictures: z.array(pictureShape), /** How many an idea may have. */ most: z.int(), mayAdd: z.boolean(), may: z.array(z.string()) }), problems: [],
});

export const addIdeaPicture = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/pictures', access: 'account', status: 201, files: 1,
  summary: 'Its proposer adds a picture to an idea, while ideas are gathered: a form with `picture` (JPEG, PNG or WebP, up to 10 MB and 40 megapixels) and `words`. It is shown once it has been re-encoded. The same file again changes nothing.',
  params: ideaParams, body: z.object({ words: pictureWords.optional() }), answer: z.object({ id: shapes.id }),
  problems: ['wrong-phase', 'picture-missing', 'picture-words-missing', 'picture-too-large', 'picture-wrong-kind', 'picture-unreadable', 'picture-too-many-pixels', 'pictures-full', 'too-many-pictures', 'too-large'],
});

export const removeIdeaPicture = route({
  method: 'DELETE', path: '/funds/:fund/rounds/:round/ideas/:idea/pictures/:picture', access: 'account',
  summary: 'Its proposer removes a picture, while ideas are gathered. Every byte of it is deleted.',
  params: ideaParams.extend({ picture: shapes.id }), answer: done, problems: ['wrong-phase'],
});
