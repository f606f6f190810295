/** Panels of residents: who would sit on one, the draw that anybody can run again, and deciding on a phone. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { beaconShape, byBeacon, drawName, pastedValue } from '../../rounds/draws/contract.ts';
import { grantsPolicy } from '../policy.ts';
import { requestState } from '../requests/contract.ts';
import { REASONS } from '../requests/rules.ts';
import { grantParams } from '../rounds/contract.ts';

const done = z.object({ done: z.literal(true) });
const panelParams = fundParams.extend({ panel: shapes.id });
const panelRequestParams = panelParams.extend({ request: shapes.id });
const words = (most: number) => z.string().trim().min(3).max(most);

export const volunteer = route({
  method: 'PUT', path: '/funds/:fund/my-panels', access: grantsPolicy.sitOnPanel,
  summary: 'The caller would sit on a panel, for the area they live in; null takes it back. Nothing else is asked.',
  params: fundParams,
  body: z.object({
    area: z.string().trim().min(1).max(80).nullable(),
    /** An address of the caller's own to be told at; kept sealed while they would sit. Null for none. */
    tell: z.object({ channel: z.enum(['email', 'sms']), address: z.string().trim().min(3).max(254) }).nullable().default(null),
  }),
  answer: done, problems: ['not-their-address'],
});

const toDecide = z.object({
  id: shapes.id, reference: z.string(), amountMinor: shapes.amountMinor, cumulativeMinor: shapes.amountMinor, purpose: z.string().nullable(), askedAt: shapes.moment,
  /** Others said no, and the person asked that somebody looks again. */
  appealed: z.boolean(),
});

export const readMyPanels = route({
  method: 'GET', path: '/funds/:fund/my-panels', access: grantsPolicy.sitOnPanel,
  summary: 'Whether the caller would sit on a panel, the panels they were drawn for, and what waits for them there: coded rows, never a name.',
  params: fundParams,
  answer: z.object({
    area: z.string().nullable(), currency: shapes.currency,
    /** Whether a message says that something waits. */
    isTold: z.boolean(),
    panels: z.array(z.object({
      id: shapes.id, round: z.object({ slug: shapes.slug, title: z.string() }), seats: z.int(), state: z.enum(['asked', 'accepted']), answerBy: shapes.moment.nullable(), requests: z.array(toDecide),
    })),
  }),
  problems: [],
});

export const answerSeat = route({
  method: 'POST', path: '/funds/:fund/panels/:panel/answer', access: grantsPolicy.sitOnPanel,
  summary: 'Accepts a seat, or passes it to the next who was drawn; who accepted may still pass.',
  params: panelParams, body: z.object({ answer: z.enum(['accept', 'pass']) }), answer: z.object({ state: z.enum(['accepted', 'passed']) }), problems: ['already-decided'],
});

export const voteOnPanel = route({
  method: 'POST', path: '/funds/:fund/panels/:panel/requests/:request', access: grantsPolicy.sitOnPanel, idempotent: true,
  summary: 'One member’s yes or no. The majority’s last vote decides; with a yes the money is set aside, or the request is listed until there is some.',
  params: panelRequestParams,
  body: z.discriminatedUnion('verdict', [z.object({ verdict: z.literal('yes') }), z.object({ verdict: z.literal('no'), reason: z.enum(REASONS) })]),
  answer: z.object({ state: requestState }), problems: ['already-decided', 'same-person', 'knows-applicant', 'proof-missing', 'not-on-panel', 'over-cap', 'over-household-cap', 'too-soon'],
});

export const declarePanelInterest = route({
  method: 'POST', path: '/funds/:fund/panels/:panel/requests/:request/interest', access: grantsPolicy.sitOnPanel, status: 201,
  summary: 'The member may know who this is: the next who was drawn takes their place for it.',
  params: panelRequestParams, answer: done, problems: ['not-on-panel'],
});

export const commitPanel = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/panels', access: grantsPolicy.drawPanel, status: 201,
  summary: 'Publishes the pool of a panel, by code, and names the public draw whose result will be the seed: the public beacon a day later, or another.',
  params: grantParams, body: z.union([byBeacon, z.object({ drawName: drawName(200), drawAt: shapes.moment })]),
  answer: z.object({ id: shapes.id, digest: z.string(), volunteers: z.int() }), problems: ['not-ready', 'wrong-phase', 'date-passed', 'too-few-volunteers', 'already-exists', 'panel-sits'],
});

export const drawPanel = route({
  method: 'POST', path: '/funds/:fund/panels/:panel/draw', access: grantsPolicy.drawPanel,
  summary: 'Types in the result of the public draw, not before it was held; the second person who types the same draws the panel. A value of the public beacon may be brought by anybody who may draw, and one is enough.',
  params: panelParams, body: z.union([pastedValue, z.object({ seed: words(200) })]), 
  /** The order is null until two typed the same; `differs` where another person typed something else before. */
  answer: z.object({ order: z.array(z.string()).nullable(), differs: z.boolean() }), problems: ['already-decided', 'draw-too-early', 'beacon-value-wrong'],
});

export const thankPanel = route({
  method: 'POST', path: '/funds/:fund/panels/:panel/thanks', access: grantsPolicy.thank, status: 201, idempotent: true,
  summary: 'Thanks everybody who decided something on a panel with the same sum, each once; they choose a voucher or cash. Nobody learns who they are.',
  params: panelParams, body: z.object({ amountMinor: shapes.amountMinor.max(1_000_000_000) }),
  answer: z.object({
    thanked: z.int(),
    /** Who has had the most of the year. */
    passed: z.int(),
  }),
  problems: ['terms-missing', 'not-enough-money', 'nobody-to-thank'],
});

export const readPanels = route({
  method: 'GET', path: '/funds/:fund/grants/:grant/panels', access: 'anyone',
  summary: 'The panels of a round, newest first, with all that it takes to run their draws again.',
  params: grantParams,
  answer: z.object({
    /** Whether this server asks the public beacon by itself. */
    asksBeacon: z.boolean(),
    panels: z.array(z.object({
      id: shapes.id, seats: z.int(), drawName: z.string(), drawAt: shapes.moment, beacon: beaconShape, committedAt: shapes.moment, drawnAt: shapes.moment.nullable(),
      pool: z.array(z.object({ code: z.string(), area: z.string(), served: z.int() })),
      /** SHA-256 of the pool, hexadecimal. */
      digest: z.string(), seed: z.string().nullable(), order: z.array(z.string()),
      /** How many sit, were asked, passed their seat on, or were replaced. */
      counts: z.object({ accepted: z.int(), asked: z.int(), passed: z.int(), replaced: z.int() }),
      mayDraw: z.boolean(),
      /** For administrators: whether somebody typed the result, and waits for another to type the same. */
      typed: z.object({ byYou: z.boolean() }).nullable(),
      /** For administrators: who decided something, and was not thanked yet. */
      toThank: z.int(),
    })),
    may: z.array(z.string()),
  }),
  problems: [],
});
