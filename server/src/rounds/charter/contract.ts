/** The charter: the fund's published answer to "who decides?", version by version, and what is known of each pot's money. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { charterPolicy } from './policy.ts';
import { charterSchema, outlivesLimits } from './rules.ts';

/** A charter as pages have it. */
export type CharterContent = z.output<typeof charterSchema>;

const version = z.object({ version: z.int(), note: z.string(), publishedAt: shapes.moment, publishedBy: z.string() });

const statement = z.object({
  pot: shapes.id, potName: z.string(),
  /** Whether it counts as public funds for people with visa conditions, as the host has checked. */
  publicFunds: z.enum(['no', 'yes', 'unknown']),
  /** What is known of money from this pot and benefits. */
  benefits: z.string(),
  adviser: z.string(), checkedOn: z.iso.date(),
});

export const readCharter = route({
  method: 'GET', path: '/funds/:fund/charter', access: 'anyone',
  summary: 'Who decides: the newest version of the charter, or an older one, and what is known of each pot’s money.',
  params: fundParams, query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  answer: z.object({
    /** Null while the fund has published none. */
    charter: version.extend({ content: charterSchema, digest: z.string() }).nullable(),
    /** Newest first, each whole, so that what changed can be said in words. */
    versions: z.array(version.extend({ content: charterSchema })),
    statements: z.array(statement),
    currency: shapes.currency,
    may: z.array(z.string()),
  }),
  problems: [],
});

export const listPresets = route({
  method: 'GET', path: '/funds/:fund/charter/presets', access: charterPolicy.preview,
  summary: 'Charters to begin with.',
  params: fundParams,
  answer: z.object({ presets: z.array(z.object({ name: z.enum(['neighbours', 'health', 'grants']), content: charterSchema })) }),
  problems: [],
});

const draft = z.object({
  content: charterSchema,
  /** The version it is written from; null for the first. */
  after: z.int().min(1).nullable(),
});

export const readDraft = route({
  method: 'GET', path: '/funds/:fund/charter/draft', access: charterPolicy.preview,
  summary: 'The charter that this administrator is writing; null when they are writing none.',
  params: fundParams, answer: z.object({ draft: draft.extend({ changedAt: shapes.moment }).nullable(), agencies: z.array(z.string()) }), problems: [],
});

export const keepDraft = route({
  method: 'PUT', path: '/funds/:fund/charter/draft', access: charterPolicy.publish,
  summary: 'Keeps what this administrator has written of the next charter. Publishing it ends the draft.',
  params: fundParams, body: draft, answer: z.object({ done: z.literal(true) }), problems: [],
});

export const publishCharter = route({
  method: 'POST', path: '/funds/:fund/charter', access: charterPolicy.publish, status: 201,
  summary: 'Publishes the next version. Rounds that are open keep the version they opened with.',
  params: fundParams,
  body: z.object({
    content: charterSchema.refine(outlivesLimits, { path: ['eraseAfterDays'], error: 'before-limits' }),
    /** Why it changed, for everybody to read. */
    note: z.string().trim().min(1).max(1000),
    /** The version it was written from; null for the first. Another published meanwhile is refused. */
    after: z.int().min(1).nullable(),
  }),
  answer: z.object({ version: z.int() }), problems: ['already-decided'],
});

export const statePot = route({
  method: 'POST', path: '/funds/:fund/pots/:pot/statements', access: charterPolicy.statePot, status: 201,
  summary: 'States what the host has checked about a pot’s money: public funds, and benefits. The newest counts.',
  params: fundParams.extend({ pot: shapes.id }),
  body: z.object({
    publicFunds: z.enum(['no', 'yes', 'unknown']), benefits: z.string().trim().min(1).max(1000),
    adviser: z.string().trim().min(1).max(200), checkedOn: z.iso.date(),
  }),
  answer: z.object({ id: shapes.id }), problems: [],
});
