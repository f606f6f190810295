/** What people say about ideas and projects; what is reported, decided by a person, and looked at again by another. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { discussionPolicy } from './policy.ts';
import { REASONS } from './rules.ts';

const kind = z.enum(['idea', 'project']);
const reason = z.enum(REASONS);
const done = z.object({ done: z.literal(true) });
/** `:kind` is `idea` or `project`, `:number` its public number; other words name nothing. */
const subjectParams = roundParams.extend({ kind: z.string().regex(/^[\w-]{1,40}$/), number: z.string().regex(/^[^\p{Cc}\s]{1,40}$/u) });
const commentParams = fundParams.extend({ comment: shapes.id });

const comment = z.object({
  id: shapes.id,
  /** As its author chose to be shown; null is a neighbour. */
  by: z.string().nullable(),
  /** Null where it is hidden from the caller, or gone. */
  words: z.string().nullable(),
  at: shapes.moment,
  state: z.enum(['shown', 'hidden', 'withdrawn', 'erased']),
  /** Why a person hid it. */
  reason: reason.nullable(),
  you: z.object({
    isAuthor: z.boolean(), hasReported: z.boolean(),
    /** The author of a hidden comment: may ask another person, waits, or has the answer. */
    appeal: z.enum(['open', 'waiting', 'answered']).nullable(),
  }).nullable(),
});

export const listComments = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/discussions/:kind/:number', access: 'anyone',
  summary: 'What people say about an idea or a project: twenty at a time, oldest first, each with the replies to it.',
  params: subjectParams, query: z.object({ page: z.coerce.number().int().min(1).max(1000).default(1) }),
  answer: z.object({
    comments: z.array(comment.extend({ replies: z.array(comment) })),
    /** Every comment that can be read, replies included; and how many pages there are. */
    total: z.int(), pages: z.int(),
    takesComments: z.boolean(),
    /** Whether the caller is signed in with an account, as writing needs. */
    isSignedIn: z.boolean(), may: z.array(z.string()),
  }), problems: [],
});

export const addComment = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/discussions/:kind/:number', access: 'account', status: 201,
  summary: 'Says something about an idea or a project, or replies to a comment. The same draft sent twice is one comment.',
  params: subjectParams,
  body: z.object({
    draft: shapes.id, replyTo: shapes.id.nullable(),
    words: z.string().trim().min(1).max(1000),
    /** Shown to everybody; null is a neighbour. */
    name: z.string().trim().min(1).max(120).nullable(),
  }),
  /** Where it stands. */
  answer: z.object({ id: shapes.id, page: z.int() }), problems: ['wrong-phase', 'slow-down', 'too-large'],
});

export const withdrawComment = route({
  method: 'POST', path: '/funds/:fund/comments/:comment/withdraw', access: 'account',
  summary: 'Its author takes a comment back: words and name are erased. Doing it again changes nothing.',
  params: commentParams, answer: done, problems: [],
});

export const reportComment = route({
  method: 'POST', path: '/funds/:fund/comments/:comment/report', access: 'account',
  summary: 'Asks a person to look at a comment, for a reason from the list. Doing it again changes nothing; who reported is not shown.',
  params: commentParams, body: z.object({ reason }), answer: done, problems: ['slow-down'],
});

export const appealDecision = route({
  method: 'POST', path: '/funds/:fund/comments/:comment/appeal', access: 'account',
  summary: 'The author of a hidden comment asks, once, for another person to look again.',
  params: commentParams, answer: done, problems: ['already-exists', 'already-decided'],
});

export const listReported = route({
  method: 'GET', path: '/funds/:fund/moderation', access: discussionPolicy.moderate,
  summary: 'The comments that wait for a person, oldest report first; none of the caller’s own.',
  params: fundParams,
  answer: z.object({
    waiting: z.array(z.object({
      id: shapes.id, words: z.string(), by: z.string().nullable(), at: shapes.moment,
      subject: z.object({ kind, title: z.string(), round: z.string(), number: z.string() }).nullable(),
      /** How many people named which reason. */
      reasons: z.array(z.object({ reason, people: z.int() })),
      waitsFor: z.enum(['look', 'second-look']),
      /** What was decided before, when its author asked for a second look. */
      decided: z.object({ reason: reason.nullable(), at: shapes.moment }).nullable(),
      /** How many decisions there are; a decision names it. */
      turn: z.int(),
      /** False where the caller took the decision that is looked at again. */
      mayDecide: z.boolean(),
    })),
    may: z.array(z.string()),
  }), problems: [],
});

export const decideComment = route({
  method: 'POST', path: '/funds/:fund/comments/:comment/decisions', access: discussionPolicy.moderate, status: 201,
  summary: 'A person keeps a reported comment, or hides it for a reason that is shown in its place.',
  params: commentParams,
  body: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('keep'), turn: z.int().min(0) }),
    z.object({ outcome: z.literal('hide'), turn: z.int().min(0), reason }),
  ]),
  answer: done, problems: ['already-decided', 'same-person'],
});
