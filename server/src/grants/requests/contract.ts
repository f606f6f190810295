/** Asking for money: three questions, no account, and a private link to see what became of it. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { WAYS } from '../../rounds/charter/rules.ts';
import { grantParams } from '../rounds/contract.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

export const requestState = z.enum(['asked', 'half', 'listed', 'awarded', 'declined', 'appealed', 'upheld', 'withdrawn', 'returned']);

export const askBody = z.object({
  amountMinor: shapes.amountMinor,
  way: z.enum(WAYS),
  /** How to reach the person; null when somebody else asks for them and keeps touch. */
  contact: z.object({ channel: z.enum(['email', 'sms']), address: line(200) }).nullable(),
  /** A name or an alias. */
  name: line(120),
  /** Anything they want to say. Never asked for. */
  words: line(2000).nullable(),
  /** A purpose code of 360Giving. Never required. */
  purpose: line(40).nullable(),
  /** Only where the charter has a household cap. */
  household: line(300).nullable(),
  /** Drawn by the page, 64 hexadecimal digits: the same request sent twice is one request. */
  clientKey: z.string().regex(/^[0-9a-f]{64}$/),
});

export const ask = route({
  method: 'POST', path: '/funds/:fund/grants/:grant/requests', access: 'anyone', status: 201,
  summary: 'Asks for money. The answer holds the token of a private link; the same client key gives the same answer.',
  params: grantParams, body: askBody,
  answer: z.object({
    reference: z.string(),
    /** 22 characters of base64url: 128 bits. */
    token: z.string(),
    state: requestState, answerBy: shapes.moment,
  }),
  problems: ['not-asking-now', 'way-not-offered', 'over-cap', 'over-household-cap', 'too-soon', 'already-exists', 'not-enough-money'],
});
