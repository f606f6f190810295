/** What becomes of the projects that won: what they promised by when, and the news, published as they happen. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { languages } from '../../platform/words.ts';
import { pictureShape, pictureWords } from '../../platform/pictures/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { deliveryPolicy } from './policy.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
const day = z.iso.date();
const projectParams = roundParams.extend({ project: shapes.id });

const milestone = z.object({
  id: shapes.id, title: z.string(), who: z.string(),
  /** The day that was promised first, and the one that holds now. */
  plannedFor: day, dueOn: day,
  standing: z.enum(['planned', 'delayed', 'done']),
  doneAt: shapes.moment.nullable(),
  /** Its day has passed, and it is not done. */
  isOverdue: z.boolean(),
});

const news = z.object({
  id: shapes.id, /** Told by whoever delivers, through their own link. */
  byDeliverer: z.boolean(), kind: z.enum(['news', 'done', 'delayed', 'correction']), at: shapes.moment,
  words: z.string(), reason: z.string().nullable(), newDueOn: day.nullable(),
  /** The milestone it is about; null for the project as a whole. */
  milestone: z.object({ id: shapes.id, title: z.string() }).nullable(),
  /** What it takes back, and whether something newer takes it back. */
  corrects: shapes.id.nullable(), isCorrected: z.boolean(),
  pictures: z.array(pictureShape),
});

export const readDelivery = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/delivery', access: 'anyone',
  summary: 'How the projects that won come along: their milestones by day, their news oldest first. All of them, or one.',
  params: roundParams, query: z.object({ project: shapes.id.optional() }),
  answer: z.object({
    projects: z.array(z.object({ id: shapes.id, number: z.string(), title: z.string(), delivererName: z.string().nullable(), milestones: z.array(milestone), news: z.array(news) })),
    /** Milestones whose day has passed, of all that is answered. */
    overdue: z.int(),
    may: z.array(z.string()),
  }), problems: [],
});

export const planMilestone = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects/:project/milestones', access: deliveryPolicy.plan, status: 201,
  summary: 'Promises a step of a project that won: what, by when, and who does it. It stays as it was promised; the same draft twice is one milestone.',
  params: projectParams, body: z.object({ title: line(200), who: line(200), dueOn: day, draft: shapes.id }),
  answer: z.object({ id: shapes.id }), problems: ['wrong-phase', 'not-awarded', 'too-large'],
});

const told = {
  words: line(2000), draft: shapes.id,
  pictureWords1: pictureWords.optional(), pictureWords2: pictureWords.optional(), pictureWords3: pictureWords.optional(),
};

export const publishNews = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects/:project/news', access: deliveryPolicy.publish, status: 201, files: 3,
  summary: 'Publishes news at once: of the project or a milestone, that it is done, that it is delayed and why, or that something told before was wrong. Nothing is changed afterwards. A form brings up to three pictures (picture1 to picture3), each with its words.',
  params: projectParams,
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('news'), milestone: shapes.id.optional(), ...told }),
    z.object({ kind: z.literal('done'), milestone: shapes.id, ...told }),
    z.object({ kind: z.literal('delayed'), milestone: shapes.id, reason: line(1000), newDueOn: day, ...told }),
    z.object({ kind: z.literal('correction'), corrects: shapes.id, ...told }),
  ]),
  answer: z.object({ id: shapes.id }),
  problems: ['wrong-phase', 'not-awarded', 'already-done', 'already-corrected', 'too-large', 'picture-words-missing', 'picture-too-large', 'picture-wrong-kind', 'picture-unreadable', 'picture-too-many-pixels', 'pictures-full', 'too-many-pictures'],
});

const done = z.object({ done: z.literal(true) });
/** Of a deliverer's link. */
const token = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

export const readDeliveryLink = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/projects/:project/delivery-link', access: deliveryPolicy.publish,
  summary: 'Since when whoever delivers the project has a link of their own; null when they have none.',
  params: projectParams, answer: z.object({ since: shapes.moment.nullable() }), problems: [],
});

export const makeDeliveryLink = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects/:project/delivery-link', access: deliveryPolicy.publish, status: 201,
  summary: 'A link for whoever delivers the project, to tell news with photos. Shown once, and sent to an address or number where one is named, which is kept nowhere; the one before stops working. It ends with the delivery.',
  params: projectParams,
  body: z.object({ tell: z.object({ channel: z.enum(['email', 'sms']), address: z.string().trim().min(3).max(254), language: z.enum(languages) }).optional() }).nullish(),
  answer: z.object({ token, sent: z.boolean() }), problems: ['wrong-phase', 'not-awarded'],
});

export const endDeliveryLink = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects/:project/delivery-link/end', access: deliveryPolicy.publish,
  summary: 'The deliverer’s link stops working.', params: projectParams, answer: done, problems: [],
});

export const openDeliveryLink = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/deliverer', access: 'anyone', silent: true,
  summary: 'What the holder of a deliverer’s link may tell about: their project, its steps, and what was told.',
  params: roundParams, body: z.object({ token }),
  answer: z.object({ project: z.object({ number: z.string(), title: z.string(), delivererName: z.string().nullable() }), milestones: z.array(milestone), news: z.array(news) }),
  problems: ['wrong-code', 'too-many-tries', 'wrong-phase'],
});

/** The cookie of a deliverer's link: a form with photos comes straight here, and its address says nothing. */
export const DELIVERER_COOKIE = 'deliverer';

export const tellByLink = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/deliverer/news', access: 'anyone', silent: true, status: 201, files: 3,
  summary: 'News from whoever delivers the project, published at once under their name; the link’s token comes in the cookie `deliverer`. That a step is done or late is said by the fund.',
  params: roundParams, body: z.object({ milestone: shapes.id.optional(), ...told }), answer: z.object({ id: shapes.id }),
  problems: ['wrong-code', 'too-many-tries', 'wrong-phase', 'not-awarded', 'too-large', 'picture-words-missing', 'picture-too-large', 'picture-wrong-kind', 'picture-unreadable', 'picture-too-many-pixels', 'pictures-full', 'too-many-pictures'],
});
