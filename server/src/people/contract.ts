/** Who: sign-in by code, sessions, the funds of this deployment and their members. */
import { z } from 'zod';
import { fundParams, noParams, route, shapes } from '../platform/contract.ts';
import { peoplePolicy } from './policy.ts';

const address = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('email'), address: z.string().trim().toLowerCase().pipe(z.email().max(254)) }),
  z.object({ channel: z.literal('sms'), address: z.string().trim().max(40) }),
]);
const role = z.enum(['resident', 'administrator', 'reviewer', 'officer', 'shop']);
const done = z.object({ done: z.literal(true) });

export const askForCode = route({
  method: 'POST', path: '/sign-in/codes', access: 'anyone',
  summary: 'Sends a six-digit code, good for ten minutes and five tries, in the browser that asked. Unknown addresses get the same answer.',
  params: noParams, body: address,
  answer: z.object({ expiresAt: shapes.moment }), problems: ['too-many-codes', 'codes-exhausted'],
});

export const enterCode = route({
  method: 'POST', path: '/sign-in', access: 'anyone',
  summary: 'Signs in with the code that this browser asked for.',
  params: noParams, body: z.object({ code: z.string().trim().max(20) }),
  answer: done, problems: ['wrong-code', 'too-many-tries'],
});

export const useCard = route({
  method: 'POST', path: '/sign-in/cards', access: 'anyone',
  summary: 'Signs in with a printed one-time code.',
  params: noParams, body: z.object({ code: z.string().trim().max(40) }),
  answer: done, problems: ['wrong-code', 'too-many-tries'],
});

export const signOut = route({
  method: 'POST', path: '/sign-out', access: 'anyone',
  summary: 'Ends the session, if there is one.',
  params: noParams, answer: done, problems: [],
});

export const me = route({
  method: 'GET', path: '/me', access: 'voter',
  summary: 'Who is signed in, and what they are in which fund.',
  params: noParams,
  answer: z.object({
    kind: z.enum(['account', 'code']),
    contactWish: z.enum(['any', 'codes-only', 'none']).nullable(),
    memberships: z.array(z.object({ fund: z.object({ slug: shapes.slug, name: z.string() }), role, name: z.string(), organisation: z.string().nullable() })),
  }),
  problems: [],
});

export const setContactWish = route({
  method: 'PUT', path: '/me/contact-wish', access: 'account',
  summary: 'Says how it is safe to reach this person.',
  params: noParams, body: z.object({ contactWish: z.enum(['any', 'codes-only', 'none']) }), answer: done, problems: [],
});

export const listFunds = route({
  method: 'GET', path: '/funds', access: 'anyone',
  summary: 'The funds of this deployment.',
  params: noParams,
  answer: z.object({ funds: z.array(z.object({ slug: shapes.slug, name: z.string(), purpose: z.string(), host: z.string() })) }), problems: [],
});

export const readFund = route({
  method: 'GET', path: '/funds/:fund', access: 'anyone',
  summary: 'One fund: its name, purpose, host, currency, language and time zone.',
  params: fundParams,
  answer: z.object({
    slug: shapes.slug, name: z.string(), purpose: z.string(), host: z.string(), currency: shapes.currency, language: z.string(), timeZone: z.string(),
    /** The caller's roles here; empty for a stranger. */
    roles: z.array(role),
  }),
  problems: [],
});

const member = z.object({ id: shapes.id, role, name: z.string(), organisation: z.string().nullable(), since: shapes.moment, isYou: z.boolean() });

export const listMembers = route({
  method: 'GET', path: '/funds/:fund/members', access: peoplePolicy.readMembers,
  summary: 'The members of a fund, newest first.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({ members: z.array(member), nextCursor: z.string().nullable() }), problems: [],
});

/** Who has neither an email address nor a telephone gets a printed one-time code. */
const addressOrCard = z.discriminatedUnion('channel', [...address.options, z.object({ channel: z.literal('card') })]);

export const invite = route({
  method: 'POST', path: '/funds/:fund/members', access: peoplePolicy.invite, status: 201,
  summary: 'Makes the person behind an address a member, who signs in with a code sent there; or a resident, reviewer or shop without one, who gets a printed code.',
  params: fundParams,
  body: z.intersection(addressOrCard, z.object({ role, name: shapes.name, organisation: shapes.name.optional() })),
  /** `card` is the printed code, shown this once; null for who has an address. */
  answer: z.object({ id: shapes.id, card: z.string().nullable() }), problems: ['already-exists', 'card-not-for-role'],
});

export const printCard = route({
  method: 'POST', path: '/funds/:fund/members/:member/card', access: peoplePolicy.invite, status: 201,
  summary: 'A new one-time code for a member who has no address and belongs to no other fund; theirs from before stops working.',
  params: fundParams.extend({ member: shapes.id }), answer: z.object({ card: z.string() }), problems: ['card-not-for-role', 'has-address'],
});

export const endMembership = route({
  method: 'POST', path: '/funds/:fund/members/:member/end', access: peoplePolicy.endMembership,
  summary: 'Ends a membership from this moment on. Nobody ends their own.',
  params: fundParams.extend({ member: shapes.id }), answer: done, problems: ['same-person'],
});
