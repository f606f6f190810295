/** The projects on a ballot: costed, with somebody named who will deliver them. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { roundParams } from '../../rounds/contract.ts';
import { readersLanguage, said } from '../../rounds/words/said.ts';
import { projectPolicy } from './policy.ts';

const line = (max: number) => z.string().trim().min(1).max(max);
const given = z.object({
  /** The public id on the ballot, without spaces; the next whole number when none is given. */
  number: z.string().regex(/^[^\p{Cc}\s]{1,40}$/u).optional(),
  title: line(200),
  summary: z.string().trim().max(500).default(''),
  description: z.string().trim().max(8000).default(''),
  costMinor: shapes.amountMinor,
  category: line(120).nullable().default(null),
  area: line(120).nullable().default(null),
  /** Who will deliver it and be paid; needed before voting opens. */
  delivererName: line(200).nullable().default(null),
  /** Shown to administrators only. */
  delivererContact: line(300).nullable().default(null),
  /** The language it was written in; null is the fund's. */
  language: shapes.language.nullable().default(null),
});
const changed = z.object({
  number: z.string().regex(/^[^\p{Cc}\s]{1,40}$/u), title: line(200), summary: z.string().trim().max(500), description: z.string().trim().max(8000), costMinor: shapes.amountMinor,
  category: line(120).nullable(), area: line(120).nullable(), delivererName: line(200).nullable(), delivererContact: line(300).nullable(), language: shapes.language.nullable(),
}).partial();
const made = z.object({ id: shapes.id, number: z.string() });
const done = z.object({ done: z.literal(true) });
const projectParams = roundParams.extend({ project: shapes.id });

const listed = z.object({
  id: shapes.id, number: z.string(), title: z.string(), summary: z.string(), costMinor: shapes.levelMinor,
  category: z.string().nullable(), area: z.string().nullable(), delivererName: z.string().nullable(),
  /** Null for everybody but administrators. */
  delivererContact: z.string().nullable(),
  language: z.string().nullable(),
  /** Its words in the reader's language, where somebody translated them. */
  said: said.omit({ description: true }).nullable(),
});

export const listProjects = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/projects', access: 'anyone',
  summary: 'Every project of a round in the order of the ballot, all at once and without their long words: public from the notice on, before that for administrators.',
  params: roundParams, query: readersLanguage,
  answer: z.object({
    projects: z.array(listed),
    currency: shapes.currency,
    /** The language of every project that names no other. */
    original: z.string(),
    may: z.array(z.string()),
  }),
  problems: ['wrong-phase'],
});

export const readProject = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/project/:number', access: 'anyone',
  summary: 'One project with all its words, by its number on the ballot.',
  params: roundParams.extend({ number: z.string().regex(/^[^\p{Cc}\s]{1,40}$/u) }), query: readersLanguage,
  answer: listed.extend({
    description: z.string(), said: said.nullable(), currency: shapes.currency,
    /** The language of the fund, which is the project's when it names no other. */
    original: z.string(),
  }),
  problems: ['wrong-phase'],
});

export const createProject = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects', access: projectPolicy.edit, status: 201,
  summary: 'Puts one project on the ballot, until voting opens.',
  params: roundParams, body: given, answer: made, problems: ['frozen', 'order-announced', 'already-exists', 'too-large'],
});

export const createProjects = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/projects/bulk', access: projectPolicy.edit, status: 201,
  summary: 'Puts up to a thousand projects on the ballot at once, all of them or none.',
  params: roundParams, body: z.object({ projects: z.array(given).min(1).max(1000) }), answer: z.object({ projects: z.array(made) }), problems: ['frozen', 'order-announced', 'already-exists', 'too-large'],
});

export const changeProject = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/projects/:project', access: projectPolicy.edit,
  summary: 'Changes what the body names, until voting opens.',
  params: projectParams, body: changed, answer: done, problems: ['frozen', 'order-announced', 'already-exists'],
});

export const removeProject = route({
  method: 'DELETE', path: '/funds/:fund/rounds/:round/projects/:project', access: projectPolicy.edit,
  summary: 'Takes a project off the ballot, until voting opens.',
  params: projectParams, answer: done, problems: ['frozen', 'order-announced'],
});
