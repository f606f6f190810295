/** Who: sign-in by code, sessions, the funds of this deployment and their members. */
import { z } from 'zod';
import { fundParams, noParams, route, shapes } from '../platform/contract.ts';
import { languages } from '../platform/words.ts';
import { peoplePolicy } from './policy.ts';

const address = z.discriminatedUnion('channel', [
  z.object({ channel: z.literal('email'), address: z.string().trim().toLowerCase().pipe(z.email().max(254)) }),
  z.object({ channel: z.literal('sms'), address: z.string().trim().max(40) }),
]);
const role = z.enum(['resident', 'administrator', 'reviewer', 'officer', 'shop']);
const done = z.object({ done: z.literal(true) });
/** What messages are written in; the browser's own language where it is left out. */
const language = z.enum(languages).optional();

export const askForCode = route({
  method: 'POST', path: '/sign-in/codes', access: 'anyone',
  summary: 'Sends a six-digit code, or calls and reads it aloud; good for ten minutes and five tries, in the browser that asked. Unknown addresses get the same answer.',
  params: noParams,
  body: z.intersection(z.discriminatedUnion('channel', [...address.options, z.object({ channel: z.literal('call'), address: z.string().trim().max(40) })]), z.object({ language })),
  answer: z.object({ expiresAt: shapes.moment }), problems: ['too-many-codes', 'codes-exhausted'],
});

export const enterCode = route({
  method: 'POST', path: '/sign-in', access: 'anyone',
  summary: 'Signs in with the code that this browser asked for. A telephone number may not be enough: then `done` is false, and the claim says what is.',
  params: noParams,
  body: z.object({
    code: z.string().trim().max(20),
    /** The number is new to whoever types this: it opens a new account, and no one else's. */
    isNewHere: z.boolean().default(false),
  }),
  answer: z.object({ done: z.boolean() }), problems: ['wrong-code', 'too-many-tries'],
});

export const readClaim = route({
  method: 'GET', path: '/sign-in/claim', access: 'anyone',
  summary: 'What this browser can do with the number it proved. The same for every number, whether it was ever used here or not.',
  params: noParams,
  answer: z.object({
    /** Told to an administrator who knows the person. */
    deskCode: z.string(),
    vouched: z.boolean(), expiresAt: shapes.moment,
  }),
  problems: [],
});

export const settleClaim = route({
  method: 'POST', path: '/sign-in/claim', access: 'anyone',
  summary: 'Says who proved the number: somebody new, somebody an administrator vouched for, or somebody with a printed recovery code.',
  params: noParams,
  body: z.discriminatedUnion('as', [z.object({ as: z.enum(['new', 'vouched']) }), z.object({ as: z.literal('recovery'), code: z.string().trim().max(40) })]),
  answer: done, problems: ['wrong-code', 'too-many-tries', 'not-ready'],
});

export const useCard = route({
  method: 'POST', path: '/sign-in/cards', access: 'anyone',
  summary: 'Signs in with a printed one-time code, or with a recovery code where no role touches money.',
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
    /** Whether a recovery code is in a drawer somewhere. */
    hasRecoveryCode: z.boolean(),
    memberships: z.array(z.object({ fund: z.object({ slug: shapes.slug, name: z.string() }), role, name: z.string(), organisation: z.string().nullable() })),
  }),
  problems: [],
});

export const setContactWish = route({
  method: 'PUT', path: '/me/contact-wish', access: 'account',
  summary: 'Says how it is safe to reach this person.',
  params: noParams, body: z.object({ contactWish: z.enum(['any', 'codes-only', 'none']) }), answer: done, problems: [],
});

export const makeRecoveryCode = route({
  method: 'POST', path: '/me/recovery-code', access: 'account', status: 201,
  summary: 'A code to print for the day the telephone number changes; the one before stops working.',
  params: noParams, answer: z.object({ code: z.string() }), problems: [],
});

export const addAddress = route({
  method: 'POST', path: '/me/addresses', access: 'account',
  summary: 'Sends a code to another address, which will open this account too once the code came back.',
  params: noParams, body: z.intersection(address, z.object({ language })),
  answer: z.object({ expiresAt: shapes.moment }), problems: ['too-many-codes', 'codes-exhausted'],
});

export const confirmAddress = route({
  method: 'POST', path: '/me/addresses/confirm', access: 'account',
  summary: 'The code came back: the address opens this account from now on.',
  params: noParams, body: z.object({ code: z.string().trim().max(20) }), answer: done, problems: ['wrong-code', 'too-many-tries', 'address-taken'],
});

export const listFunds = route({
  method: 'GET', path: '/funds', access: 'anyone',
  summary: 'The funds of this deployment.',
  params: noParams,
  answer: z.object({
    funds: z.array(z.object({ slug: shapes.slug, name: z.string(), purpose: z.string(), host: z.string() })),
    /** Where people write to whoever runs this deployment. */
    contact: z.string().nullable(),
  }), problems: [],
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
  summary: 'The members of a fund, newest first, and the invitations that wait for a second administrator.',
  params: fundParams, query: z.object({ limit: shapes.limit, cursor: shapes.cursor }),
  answer: z.object({
    members: z.array(member), nextCursor: z.string().nullable(),
    invitations: z.array(z.object({ id: shapes.id, role: z.enum(['administrator', 'officer']), name: z.string(), organisation: z.string().nullable(), invitedBy: z.string(), invitedAt: shapes.moment, mayAgree: z.boolean() })),
  }),
  problems: [],
});

/** Who has neither an email address nor a telephone gets a printed one-time code. */
const addressOrCard = z.discriminatedUnion('channel', [...address.options, z.object({ channel: z.literal('card') })]);

export const invite = route({
  method: 'POST', path: '/funds/:fund/members', access: peoplePolicy.invite, status: 201,
  summary: 'Makes the person behind an address a member, who signs in with a code sent there; or a resident, reviewer or shop without one, who gets a printed code. An administrator or officer waits until another administrator agrees, unless the fund never had another.',
  params: fundParams,
  body: z.intersection(addressOrCard, z.object({ role, name: shapes.name, organisation: shapes.name.optional() })),
  /** `card` is the printed code, shown this once; null for who has an address. Where it `waits`, the id is the invitation's. */
  answer: z.object({ id: shapes.id, card: z.string().nullable(), waits: z.boolean() }), problems: ['already-exists', 'acts-for-another', 'card-not-for-role'],
});

export const answerInvitation = route({
  method: 'POST', path: '/funds/:fund/invitations/:invitation/answer', access: peoplePolicy.invite,
  summary: 'Another administrator agrees to an invitation, or anybody of them drops it; once.',
  params: fundParams.extend({ invitation: shapes.id }), body: z.object({ agree: z.boolean() }), answer: done,
  problems: ['same-person', 'already-decided', 'already-exists', 'acts-for-another'],
});

export const printCard = route({
  method: 'POST', path: '/funds/:fund/members/:member/card', access: peoplePolicy.invite, status: 201,
  summary: 'A new one-time code for a member who has no address and belongs to no other fund; theirs from before stops working.',
  params: fundParams.extend({ member: shapes.id }), answer: z.object({ card: z.string() }), problems: ['card-not-for-role', 'has-address'],
});

export const vouch = route({
  method: 'POST', path: '/funds/:fund/members/:member/vouch', access: peoplePolicy.invite,
  summary: 'An administrator knows the person at the desk: their number opens their account again. Never for a role that touches money, nor for a member of another fund as well.',
  params: fundParams.extend({ member: shapes.id }), body: z.object({ deskCode: z.string().trim().max(20) }), answer: done, problems: ['wrong-code', 'too-many-tries', 'card-not-for-role', 'same-person'],
});

export const endMembership = route({
  method: 'POST', path: '/funds/:fund/members/:member/end', access: peoplePolicy.endMembership,
  summary: 'Ends a membership from this moment on. Nobody ends their own.',
  params: fundParams.extend({ member: shapes.id }), answer: done, problems: ['same-person'],
});
