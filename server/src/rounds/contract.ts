/** The frame of every decision: rounds, their phases, and what must hold before they open. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../platform/contract.ts';
import { looksLikeBeacon } from './draws/beacon.ts';
import { roundPolicy } from './policy.ts';
import { CREDENTIALS, PHASES } from './rules.ts';
import { readersLanguage, said } from './words/said.ts';

const phase = z.enum(PHASES);
const credential = z.enum(CREDENTIALS);
const k = z.int().min(1).max(1000);
const ballotForm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('knapsack') }),
  z.object({ kind: z.literal('one') }),
  z.object({ kind: z.literal('up-to'), k }),
  z.object({ kind: z.literal('at-least'), k }),
  /** In order of preference. */
  z.object({ kind: z.literal('ranking'), k: k.max(100) }),
  /** `total` points to share out, at most `most` on one project. */
  z.object({ kind: z.literal('points'), total: z.int().min(1).max(1000), most: z.int().min(1).max(1000) }).refine((form) => form.most <= form.total, { path: ['most'] }),
  /** Up to `most` points to each project. */
  z.object({ kind: z.literal('scores'), most: z.int().min(1).max(100) }),
]);
const rule = z.record(z.string(), z.unknown());
/** On one line: it stands on the ballot. */
const place = z.string().trim().min(1).max(60).regex(/^[^\p{Cc}]*$/u);
const done = z.object({ done: z.literal(true) });

export const roundParams = fundParams.extend({ round: shapes.slug });

/** Where copies of the log’s heads are sent. */
const mirror = z.url({ protocol: /^https$/ }).max(500);

/** A name; or the line of `pnpm observer-key`, a name and behind it the public half of a key. */
const observer = z.string().trim().min(1).max(200).regex(/^[^\p{Cc}]+$/u).refine((line) => !/ed25519/i.test(line) || /^.{1,120} ed25519:[0-9a-f]{64}$/.test(line));

const given = z.object({
  title: shapes.name,
  summary: shapes.text,
  potId: shapes.id.nullable(),
  budgetMinor: shapes.amountMinor.nullable(),
  ideasOpenAt: shapes.moment.nullable(),
  ideasCloseAt: shapes.moment.nullable(),
  /** The day by which reviewers promise to have answered every idea. */
  reviewDueAt: shapes.moment.nullable(),
  /** Whether the money may pay for running something; settled while the round is a draft. */
  runningCostsAllowed: z.boolean(),
  noticeAt: shapes.moment.nullable(),
  votingOpensAt: shapes.moment.nullable(),
  votingClosesAt: shapes.moment.nullable(),
  resultsAt: shapes.moment.nullable(),
  ballotForm: ballotForm.nullable(),
  /** A counting rule; the preflight says whether it can be counted. */
  rule: rule.nullable(),
  minimumAge: z.int().min(1).max(120).nullable(),
  /** People under this age cast only with a parent's consent. */
  consentBelowAge: z.int().min(2).max(21).nullable(),
  /** Postcodes or districts; empty means everybody. */
  area: z.array(place).max(500),
  /** Working days between the close and the sealing, in which entries of the roll may be objected to. */
  objectionDays: z.int().min(0).max(60),
  /** Which public draw decides between projects that nothing else can tell apart; null for the usual one. */
  drawName: z.string().trim().min(1).max(500).refine((name) => !looksLikeBeacon(name)).nullable(),
  drawDate: z.iso.date().nullable(),
  /** The public beacon is that draw, at the full hour a day after the close; in the place of a name and a date. */
  drawBeacon: z.literal(true),
  mirrors: z.array(mirror).max(5),
  /** Who checks a round that is too small to be published ballot by ballot: a name, or the line that their key came with. */
  observers: z.array(observer).max(4),
  /** What may prove who takes part. */
  credentials: z.array(credential).max(3).transform((all) => CREDENTIALS.filter((each) => all.includes(each))),
});

const shown = z.object({
  id: shapes.id, slug: shapes.slug, kind: z.literal('vote'), title: z.string(), summary: z.string(), phase,
  /** For schools and training: the whole way of a round, and no money. */
  isPractice: z.boolean(),
  budgetMinor: shapes.levelMinor.nullable(), currency: shapes.currency,
  ideasOpenAt: shapes.moment.nullable(), ideasCloseAt: shapes.moment.nullable(), reviewDueAt: shapes.moment.nullable(), runningCostsAllowed: z.boolean(),
  noticeAt: shapes.moment.nullable(), votingOpensAt: shapes.moment.nullable(), votingClosesAt: shapes.moment.nullable(), resultsAt: shapes.moment.nullable(),
  /** How many are on the ballot; zero for strangers until it is published. */
  projects: z.int(),
});

export const listRounds = route({
  method: 'GET', path: '/funds/:fund/rounds', access: 'anyone',
  summary: 'The rounds of a fund, newest first; drafts for administrators only.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({ rounds: z.array(shown), may: z.array(z.string()), nextCursor: z.string().nullable() }), problems: [],
});

export const readRound = route({
  method: 'GET', path: '/funds/:fund/rounds/:round', access: 'anyone',
  summary: 'One round: its dates, money, ballot, rule, who may take part, and how it came to its phase. Drafts for administrators only.',
  params: roundParams, query: readersLanguage,
  answer: shown.extend({
    /** Its words in the reader's language, where somebody translated them. */
    said: said.nullable(),
    potId: shapes.id.nullable(),
    ballotForm: ballotForm.nullable(), rule: rule.nullable(),
    /** SHA-256 of the rule, 64 hexadecimal digits. */
    ruleDigest: z.string().nullable(),
    minimumAge: z.int().nullable(), consentBelowAge: z.int().nullable(), area: z.array(z.string()), credentials: z.array(credential),
    /** What the check of who takes part proves. */
    proves: z.enum(['one-address', 'one-code', 'one-name']).nullable(),
    frozenAt: shapes.moment.nullable(),
    /** Whether somebody accepted by name that there is no recovery sheet, and when the newest sheet was printed. */
    recoveryAccepted: z.boolean(), recoveryPrintedAt: shapes.moment.nullable(),
    /** Whether the public beacon was chosen as the draw, and whether it is the usual one, because this server asks it by itself. */
    drawBeacon: z.boolean(), asksBeacon: z.boolean(),
    objectionDays: z.int(), drawName: z.string().nullable(), drawDate: z.iso.date().nullable(), mirrors: z.array(z.string()), observers: z.array(z.string()),
    /** From then on nobody can open a ballot, and the result does not change. */
    sealedAt: shapes.moment.nullable(),
    moves: z.array(z.object({ from: phase, to: phase, at: shapes.moment, by: z.enum(['date', 'step', 'override']), reason: z.string().nullable() })),
    /** Whether the caller is on the roll; null for a stranger. */
    you: z.enum(['on-roll', 'not-on-roll']).nullable(),
    /** Where a person may move it next, and whether that overrides a date and needs a reason. */
    next: z.array(z.object({ to: phase, needsReason: z.boolean() })),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const createRound = route({
  method: 'POST', path: '/funds/:fund/rounds', access: roundPolicy.create, status: 201,
  summary: 'Starts a vote round as a draft. The slug comes from the title unless one is given.',
  params: fundParams, body: given.partial().required({ title: true }).extend({ slug: shapes.slug.refine((slug) => slug !== 'new').optional(), isPractice: z.boolean().optional() }),
  answer: z.object({ id: shapes.id, slug: shapes.slug }), problems: ['already-exists'],
});

export const practiseRound = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/practice', access: roundPolicy.create, status: 201,
  summary: 'Starts a practice round as a draft, with the ballot, the rule and the projects of this one and none of its money, dates, ideas or people.',
  params: roundParams, body: z.object({ title: shapes.name }), answer: z.object({ id: shapes.id, slug: shapes.slug }), problems: [],
});

export const changeRound = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round', access: roundPolicy.change,
  summary: 'Changes what the body names, until voting opens.',
  params: roundParams, body: given.partial(), answer: done, problems: ['frozen', 'wrong-phase'],
});

export const preflightRound = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/preflight', access: roundPolicy.preflight,
  summary: 'What must hold before voting opens, and what is missing.',
  params: roundParams,
  answer: z.object({ items: z.array(z.object({ code: z.string(), ok: z.boolean(), isNeeded: z.boolean(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])) })) }),
  problems: [],
});

export const moveRound = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/transitions', access: roundPolicy.move,
  summary: 'Moves a round to its next phase by hand. Before the phase’s date that needs a reason, which is published.',
  params: roundParams, body: z.object({ to: phase, reason: z.string().trim().min(1).max(1000).optional() }),
  answer: z.object({ phase }), problems: ['wrong-phase', 'reason-missing', 'not-ready', 'rule-not-built', 'round-key-missing', 'needs-lot'],
});

export const acceptNoRecoverySheet = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/accept-no-recovery-sheet', access: roundPolicy.acceptNoRecoverySheet,
  summary: 'The caller accepts, by name, that ballots are lost if the round’s key is lost.',
  params: roundParams, answer: done, problems: ['frozen'],
});
