/** The public review: what reviewers answer to ideas, what proposers reply, and the project it becomes. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { pictureShape } from '../../platform/pictures/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { ideaParams } from '../proposals/contract.ts';
import { reviewPolicy } from './policy.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
const done = z.object({ done: z.literal(true) });
const vat = z.enum(['included', 'none', 'reclaimed']);
const ideaNumber = z.int().min(1).max(999_999);

const common = {
  /** The newest version that the reviewer saw; 0 for none. */
  after: z.int().min(0),
  reasons: line(4000),
  /** As whom they speak in public: "Parks team, Ashbourne Council". */
  role: line(120),
  /** Whether everybody may read their name beside it. */
  showName: z.boolean(),
};
const costed = {
  /** As it would stand on the ballot. */
  title: line(200),
  costMinor: shapes.amountMinor,
  /** How much of the cost pays for running it, not for buying or building it. */
  runningMinor: shapes.levelMinor,
  costHolds: line(2000), vat, delivererName: line(200), keeperName: line(200),
};
const written = z.discriminatedUnion('feasible', [
  z.object({ feasible: z.literal('yes'), ...common, ...costed }),
  z.object({ feasible: z.literal('changes'), ...common, ...costed, changes: line(2000) }),
  z.object({ feasible: z.literal('no'), ...common }),
]).refine((given) => given.feasible === 'no' || given.runningMinor <= given.costMinor, { message: 'The running cost is a part of the cost.', path: ['runningMinor'] });

const interest = z.object({
  /** The idea's number; null for the round as a whole. */
  idea: z.int().nullable(), words: z.string(), role: z.string(), name: z.string().nullable(), at: shapes.moment,
});

export const readReview = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/ideas/:idea/review', access: 'anyone',
  summary: 'What reviewers answered to an idea (or to the one it is joined to), newest first, with the replies and the interests declared.',
  params: ideaParams,
  answer: z.object({
    /** The number of the idea that the review stands at. */
    answersFor: z.int(),
    dueAt: shapes.moment.nullable(),
    versions: z.array(z.object({
      version: z.int(), feasible: z.enum(['yes', 'changes', 'no']), reasons: z.string(), changes: z.string().nullable(),
      title: z.string().nullable(), costMinor: z.int().nullable(), runningMinor: z.int().nullable(), costHolds: z.string().nullable(), vat: vat.nullable(),
      delivererName: z.string().nullable(), keeperName: z.string().nullable(),
      role: z.string(), name: z.string().nullable(), at: shapes.moment,
      /** Whether it came after the day the reviewers had promised. */
      isLate: z.boolean(),
      replies: z.array(z.object({ idea: z.int(), by: z.string().nullable(), words: z.string(), at: shapes.moment })),
    })),
    interests: z.array(interest),
    /** The project it became, and out of which version; for strangers from the notice on. */
    project: z.object({ number: z.string(), version: z.int() }).nullable(),
    /** Whether the caller may reply to the newest version, whether an interest keeps them from reviewing, and whether they wrote it. */
    you: z.object({ mayReply: z.boolean(), isConcerned: z.boolean(), wroteNewest: z.boolean() }),
    currency: shapes.currency, may: z.array(z.string()),
  }), problems: [],
});

export const listReviews = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/review', access: reviewPolicy.read,
  summary: 'Every idea that needs an answer, each group once: unanswered first, then by support.',
  params: roundParams,
  answer: z.object({
    ideas: z.array(z.object({
      number: z.int(), title: z.string(), place: z.string().nullable(), supports: z.int(), standing: z.enum(['gathering', 'waiting', 'unanswered', 'yes', 'changes', 'no', 'withdrawn']),
      with: z.array(z.object({ number: z.int(), title: z.string() })),
      /** The newest version; 0 for none. */
      version: z.int(),
      /** The version that is on the ballot; null for none. */
      onBallot: z.int().nullable(),
      /** Whether an interest of the caller, or their own idea, keeps them from reviewing it. */
      isConcerned: z.boolean(),
    })),
    dueAt: shapes.moment.nullable(), currency: shapes.currency, may: z.array(z.string()),
  }), problems: [],
});

export const readDesk = route({
  method: 'GET', path: '/funds/:fund/review-desk', access: reviewPolicy.read,
  summary: 'What waits for a reviewer in every round of the fund that gathers or reviews ideas, the earliest day first.',
  params: fundParams,
  answer: z.object({
    rounds: z.array(z.object({
      slug: shapes.slug, title: z.string(), phase: z.enum(['ideas', 'review']),
      ideas: z.int(),
      /** Ideas without an answer; and how many of them an interest keeps from the caller. */
      waiting: z.int(), concerned: z.int(),
      /** Answers that say yes, wait for an administrator, and are not the caller's own. */
      toAccept: z.int(),
      /** The unanswered idea that most people support and that the caller may answer. */
      next: z.object({ number: z.int(), title: z.string() }).nullable(),
      ideasCloseAt: shapes.moment.nullable(), dueAt: shapes.moment.nullable(), isLate: z.boolean(),
    })),
    may: z.array(z.string()),
  }), problems: [],
});

export const writeReview = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/review', access: reviewPolicy.write, status: 201,
  summary: 'Answers an idea and those joined to it, or revises the answer: whether it can be done, what it costs, and why. Public at once; earlier versions stay readable.',
  params: ideaParams, body: written, answer: z.object({ version: z.int() }),
  problems: ['wrong-phase', 'review-changed', 'interest-declared', 'running-costs-not-allowed'],
});

export const replyToReview = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/reply', access: 'account', status: 201,
  summary: 'The proposer replies to the newest version, once; public beside it.',
  params: ideaParams, body: z.object({ version: z.int().min(1), words: line(2000) }), answer: done,
  problems: ['wrong-phase', 'review-changed', 'already-exists'],
});

export const joinIdeas = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/join', access: reviewPolicy.join,
  summary: 'Joins ideas to this one: one review and one project answer for all of them, and all are credited.',
  params: ideaParams, body: z.object({ ideas: z.array(ideaNumber).min(1).max(100) }), answer: done,
  problems: ['wrong-phase', 'on-ballot', 'interest-declared'],
});

export const splitIdea = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/split', access: reviewPolicy.join,
  summary: 'Lets a joined idea stand alone again.',
  params: ideaParams, answer: done, problems: ['wrong-phase', 'on-ballot', 'interest-declared'],
});

export const declareInterest = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/interests', access: reviewPolicy.declare, status: 201,
  summary: 'Says in public what the caller has to do with an idea, or with the round. Whoever has an interest in an idea does not review it, join it or put it on the ballot.',
  params: roundParams, body: z.object({ idea: ideaNumber.nullable(), words: line(1000), role: line(120), showName: z.boolean() }), answer: done,
  problems: ['wrong-phase'],
});

export const listInterests = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/interests', access: 'anyone',
  summary: 'The interests that reviewers and administrators declared in this round, oldest first.',
  params: roundParams, answer: z.object({ interests: z.array(interest) }), problems: [],
});

export const putOnBallot = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/ideas/:idea/project', access: reviewPolicy.accept,
  summary: 'Accepts the newest review, which somebody else wrote: makes its project on the ballot, or brings that project up to date. Doing it again changes nothing.',
  params: ideaParams, body: z.object({ version: z.int().min(1) }), answer: z.object({ project: z.string() }),
  problems: ['wrong-phase', 'review-changed', 'not-feasible', 'interest-declared', 'same-person', 'already-exists', 'too-large', 'order-announced'],
});

export const readCredits = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/projects/:project/ideas', access: 'anyone',
  summary: 'Whose ideas a project came from, and what its review settled; from the notice on.',
  params: roundParams.extend({ project: shapes.id }),
  answer: z.object({
    /** Empty, with no review, for a project that came from no idea. */
    ideas: z.array(z.object({ number: z.int(), title: z.string(), sentAt: shapes.moment, by: z.string().nullable(), pictures: z.array(pictureShape) })),
    /** Names of those who agreed, and how many others. */
    names: z.array(z.string()), neighbours: z.int(),
    review: z.object({ idea: z.int(), costHolds: z.string().nullable(), runningMinor: z.int().nullable(), vat: vat.nullable(), keeperName: z.string().nullable() }).nullable(),
    currency: shapes.currency,
  }), problems: ['wrong-phase'],
});
