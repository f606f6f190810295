/** The trust report: what was lost, what nobody knows, and what checking cost. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { promises } from '../figures/contract.ts';
import { grantsPolicy } from '../policy.ts';
import { INCIDENT_KINDS } from './rules.ts';

const kind = z.enum(INCIDENT_KINDS);

export const readTrust = route({
  method: 'GET', path: '/funds/:fund/trust', access: grantsPolicy.readTrust,
  summary: 'What was given and what was lost, in named kinds only; what is not known because nobody asked; which promised dates were kept; and the cost of checks, as minutes times the fund’s rate. Counts of fewer than ten are null.',
  params: fundParams,
  answer: z.object({
    currency: shapes.currency, drawnUpAt: shapes.moment,
    awards: z.int().nullable(), givenMinor: shapes.levelMinor.nullable(),
    /** Thank-yous are no awards: how many people were thanked with how much, and did not let it go. */
    thanked: z.object({ people: z.int(), amountMinor: shapes.levelMinor }).nullable(),
    lost: z.array(z.object({ kind, count: z.int(), amountMinor: shapes.levelMinor })), lostMinor: shapes.levelMinor,
    /** What closed boxes of cash missed, as counted; incidents of that kind are entered apart. */
    boxesShortMinor: z.int(),
    unknown: z.object({ withoutProof: z.int().nullable(), withoutPurpose: z.int().nullable(), withoutDoor: z.int().nullable() }),
    promises,
    checks: z.object({ decisions: z.int(), proofs: z.int(), minutes: z.int(), hourMinor: z.int().nullable(), costMinor: z.int().nullable() }),
    /** Entered by one person and not confirmed; for administrators. */
    waiting: z.array(z.object({ id: shapes.id, kind, amountMinor: shapes.amountMinor, happenedOn: z.iso.date(), enteredByYou: z.boolean() })),
    may: z.array(z.string()),
  }),
  problems: [],
});

export const enterIncident = route({
  method: 'POST', path: '/funds/:fund/incidents', access: grantsPolicy.enterIncident, status: 201, idempotent: true,
  summary: 'Enters something that was lost: its kind, its sum, its day. It counts once a second person confirms it.',
  params: fundParams, body: z.object({ kind, amountMinor: shapes.amountMinor, happenedOn: z.iso.date() }), answer: z.object({ id: shapes.id }), problems: ['date-passed'],
});

export const confirmIncident = route({
  method: 'POST', path: '/funds/:fund/incidents/:incident/confirm', access: grantsPolicy.enterIncident, idempotent: true,
  summary: 'A second person confirms it, typing the sum again.',
  params: fundParams.extend({ incident: shapes.id }), body: z.object({ amountMinor: shapes.amountMinor }), answer: z.object({ done: z.literal(true) }), problems: ['same-person', 'amount-differs', 'already-decided'],
});
