/** What there is: pots and their levels, pledges of agencies, contributions from the bank statement, the ledger's history. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../platform/contract.ts';
import { moneyPolicy } from './policy.ts';

const done = z.object({ done: z.literal(true) });
const made = z.object({ id: shapes.id });
const reason = z.string().trim().min(1).max(1000);
const words = z.string().trim().max(120);
const restriction = z.object({ theme: words, area: words, people: words });
const page = z.object({ limit: shapes.limit, cursor: shapes.cursor });

/** A pot and where its money is: in + set aside + paid out = arrived. */
const pot = z.object({
  id: shapes.id, name: z.string(), purpose: z.string(), restriction,
  arrivedMinor: shapes.levelMinor, inPotMinor: shapes.levelMinor, setAsideMinor: shapes.levelMinor, paidOutMinor: shapes.levelMinor,
});

export const listPots = route({
  method: 'GET', path: '/funds/:fund/pots', access: 'anyone',
  summary: 'The pots of a fund: what arrived in each, and how much of it is in the pot, set aside, and paid out.',
  params: fundParams,
  answer: z.object({ currency: shapes.currency, pots: z.array(pot) }), problems: [],
});

export const createPot = route({
  method: 'POST', path: '/funds/:fund/pots', access: moneyPolicy.createPot, status: 201,
  summary: 'Makes an empty pot. Its restriction, a theme, an area, a group of people, binds every penny that passes through it; empty words bind nothing.',
  params: fundParams,
  body: z.object({ name: shapes.name, purpose: z.string().trim().max(2000), restriction }),
  answer: made, problems: ['already-exists'],
});

const state = z.enum(['entered', 'confirmed', 'dropped', 'reversal-asked', 'reversed']);
const contribution = z.object({
  id: shapes.id, state, agency: z.string().nullable(), pot: z.string(), pledgeReference: z.string().nullable(),
  receivedOn: z.iso.date(), reference: z.string(),
  /** Null while it waits for a second person, to everybody but the one who entered it. */
  amountMinor: shapes.amountMinor.nullable(),
  enteredBy: z.string(), enteredAt: shapes.moment, byYou: z.boolean(),
  decidedBy: z.string().nullable(), decidedAt: shapes.moment.nullable(),
  /** Why it was dropped, or is asked to be reversed. */
  reason: z.string().nullable(),
});
const reversal = z.object({
  id: shapes.id, contributionId: shapes.id, agency: z.string().nullable(), pot: z.string(), receivedOn: z.iso.date(), reference: z.string(),
  amountMinor: shapes.amountMinor, reason: z.string(), askedBy: z.string(), askedAt: shapes.moment, byYou: z.boolean(),
});
const openPledge = z.object({
  id: shapes.id, agency: z.string(), reference: z.string(), amountMinor: shapes.amountMinor, arrivedMinor: shapes.levelMinor,
  potId: shapes.id.nullable(), pot: z.string().nullable(), pledgedAt: shapes.moment,
  /** `checking`: an entry for it waits for a second person. */
  state: z.enum(['waiting', 'checking', 'partly']),
});

export const readMoney = route({
  method: 'GET', path: '/funds/:fund/money', access: moneyPolicy.readMoney,
  summary: 'The administrator’s view: what waits for a second person, pledges still open, pots, and the agencies that may contribute.',
  params: fundParams,
  answer: z.object({
    currency: shapes.currency, may: z.array(z.string()),
    waiting: z.object({ contributions: z.array(contribution), reversals: z.array(reversal) }),
    pledges: z.array(openPledge), pots: z.array(pot), agencies: z.array(z.object({ id: shapes.id, name: z.string() })),
  }),
  problems: [],
});

export const listContributions = route({
  method: 'GET', path: '/funds/:fund/contributions', access: moneyPolicy.readMoney,
  summary: 'What was entered from the bank statement, newest first, and what became of it.',
  params: fundParams, query: page,
  answer: z.object({ contributions: z.array(contribution), nextCursor: z.string().nullable() }), problems: [],
});

export const readContribution = route({
  method: 'GET', path: '/funds/:fund/contributions/:contribution', access: moneyPolicy.readMoney,
  summary: 'One entry from the bank statement.',
  params: fundParams.extend({ contribution: shapes.id }),
  answer: contribution.extend({ currency: shapes.currency, may: z.array(z.string()) }), problems: [],
});

const place = z.object({ kind: z.enum(['outside', 'pot', 'reservation', 'voucher', 'payable', 'cash']), pot: z.string().nullable() });

export const listTransfers = route({
  method: 'GET', path: '/funds/:fund/transfers', access: moneyPolicy.readMoney,
  summary: 'Every movement of the fund’s money, newest first.',
  params: fundParams, query: page,
  answer: z.object({
    currency: shapes.currency,
    transfers: z.array(z.object({
      id: shapes.id, at: shapes.moment, kind: z.string(), from: place, to: place, amountMinor: shapes.amountMinor,
      subjectId: shapes.id.nullable(), reverses: shapes.id.nullable(), by: z.string().nullable(),
    })),
    nextCursor: z.string().nullable(),
  }),
  problems: [],
});

export const enterContribution = route({
  method: 'POST', path: '/funds/:fund/contributions', access: moneyPolicy.enterContribution, status: 201, idempotent: true,
  summary: 'Enters a line of the bank statement, with the pledge it answers or without one. No money moves until a second administrator confirms it.',
  params: fundParams,
  body: z.object({
    pledgeId: shapes.id.nullable(),
    /** Who sent it, where there is no pledge. */
    agencyId: shapes.id.nullable(),
    potId: shapes.id, amountMinor: shapes.amountMinor, receivedOn: z.iso.date(), reference: z.string().trim().min(1).max(140),
  }),
  answer: made, problems: ['already-exists', 'pledge-withdrawn', 'pledged-for-another-pot'],
});

const ofContribution = fundParams.extend({ contribution: shapes.id });

export const confirmContribution = route({
  method: 'POST', path: '/funds/:fund/contributions/:contribution/confirm', access: moneyPolicy.confirmContribution, idempotent: true,
  summary: 'The second person types the amount from the statement again; then the money is in the pot. Never the account that entered it.',
  params: ofContribution, body: z.object({ amountMinor: shapes.amountMinor }),
  answer: done, problems: ['same-person', 'amount-differs', 'already-decided'],
});

export const dropContribution = route({
  method: 'POST', path: '/funds/:fund/contributions/:contribution/drop', access: moneyPolicy.dropContribution,
  summary: 'Drops an entry that was never confirmed. No money moves, so one person is enough, the one who entered it too.',
  params: ofContribution, body: z.object({ reason }),
  answer: done, problems: ['already-decided'],
});

export const askReversal = route({
  method: 'POST', path: '/funds/:fund/contributions/:contribution/reversals', access: moneyPolicy.askReversal, status: 201,
  summary: 'Asks for a confirmed contribution to be taken out of the ledger again, with the reason. A second administrator does it.',
  params: ofContribution, body: z.object({ reason }),
  answer: made, problems: ['not-confirmed', 'already-exists', 'already-decided'],
});

const ofReversal = fundParams.extend({ reversal: shapes.id });

export const confirmReversal = route({
  method: 'POST', path: '/funds/:fund/reversals/:reversal/confirm', access: moneyPolicy.confirmReversal, idempotent: true,
  summary: 'The second person reverses the contribution: the same money leaves the pot again.',
  params: ofReversal, answer: done, problems: ['same-person', 'already-decided', 'not-enough-money'],
});

export const dropReversal = route({
  method: 'POST', path: '/funds/:fund/reversals/:reversal/drop', access: moneyPolicy.dropReversal,
  summary: 'Leaves the contribution as it is.',
  params: ofReversal, answer: done, problems: ['already-decided'],
});

export const readAgency = route({
  method: 'GET', path: '/funds/:fund/agency', access: moneyPolicy.readAgency,
  summary: 'The officer’s view: what their agency pledged, what arrived, and where it is now.',
  params: fundParams,
  answer: z.object({
    currency: shapes.currency, may: z.array(z.string()), agency: z.string(),
    pledgedMinor: shapes.levelMinor, arrivedMinor: shapes.levelMinor,
    pledges: z.array(z.object({
      id: shapes.id, reference: z.string(), amountMinor: shapes.amountMinor, pot: z.string().nullable(), pledgedAt: shapes.moment, withdrawnAt: shapes.moment.nullable(),
      /** What two people have confirmed of it. */
      arrivedMinor: shapes.levelMinor,
      /** `checking`: seen on the statement, waiting for a second person. */
      state: z.enum(['waiting', 'checking', 'partly', 'arrived', 'withdrawn']),
    })),
    /** The pots this agency's money is in, and how much of what arrived in each is theirs. */
    pots: z.array(pot.extend({ yoursMinor: shapes.levelMinor })),
    /** All pots, to choose from. */
    choices: z.array(z.object({ id: shapes.id, name: z.string(), purpose: z.string(), restriction })),
  }),
  problems: [],
});

export const makePledge = route({
  method: 'POST', path: '/funds/:fund/pledges', access: moneyPolicy.pledge, status: 201, idempotent: true,
  summary: 'Pledges an amount to a pot, or (without one) to wherever it is needed. The answer holds the reference for the bank transfer.',
  params: fundParams, body: z.object({ amountMinor: shapes.amountMinor, potId: shapes.id.nullable() }),
  answer: made.extend({ reference: z.string() }), problems: [],
});

export const withdrawPledge = route({
  method: 'POST', path: '/funds/:fund/pledges/:pledge/withdraw', access: moneyPolicy.withdrawPledge,
  summary: 'Withdraws a pledge of the officer’s agency while nothing of it has been entered.',
  params: fundParams.extend({ pledge: shapes.id }), answer: done, problems: ['already-decided', 'pledge-entered'],
});
