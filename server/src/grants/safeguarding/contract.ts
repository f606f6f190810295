/** Worries about somebody's safety: in one tap to the leads the fund named, apart from the decision, with an end date of their own. */
import { z } from 'zod';
import { fundParams, route, shapes } from '../../platform/contract.ts';
import { grantsPolicy } from '../policy.ts';

const done = z.object({ done: z.literal(true) });
const words = z.string().trim().min(1).max(2000).nullable();

export const listLeads = route({
  method: 'GET', path: '/funds/:fund/safeguarding/leads', access: 'anyone',
  summary: 'Whom the fund named for worries about somebody’s safety.',
  params: fundParams,
  answer: z.object({
    leads: z.array(z.object({ id: shapes.id, name: z.string() })),
    /** Named, and not agreed to; for administrators. Who named somebody agrees to nothing. */
    waiting: z.array(z.object({ id: shapes.id, name: z.string(), mayAgree: z.boolean() })),
  }), problems: [],
});

export const nameLead = route({
  method: 'POST', path: '/funds/:fund/safeguarding/leads', access: grantsPolicy.nameLead, status: 201,
  summary: 'Names a member as a lead, and where to tell them that something waits. Nobody names themselves; another administrator agrees, unless the fund never had one.',
  params: fundParams,
  body: z.object({ member: shapes.id, channel: z.enum(['email', 'sms']), address: z.string().trim().min(3).max(254) }),
  answer: z.object({ id: shapes.id }), problems: ['same-person', 'already-exists'],
});

export const agreeToLead = route({
  method: 'POST', path: '/funds/:fund/safeguarding/leads/:lead/agree', access: grantsPolicy.nameLead,
  summary: 'Another administrator agrees that somebody is a lead, who reads what waits for the leads from now on.',
  params: fundParams.extend({ lead: shapes.id }), answer: done, problems: ['same-person', 'already-decided'],
});

export const endLead = route({
  method: 'DELETE', path: '/funds/:fund/safeguarding/leads/:lead', access: grantsPolicy.nameLead,
  summary: 'Somebody is a lead no longer. Again changes nothing.', params: fundParams.extend({ lead: shapes.id }), answer: done, problems: [],
});

export const tellLead = route({
  method: 'POST', path: '/funds/:fund/requests/disclose', access: 'anyone', silent: true,
  summary: 'The person who asked tells the leads, by their private link. Whoever decides sees nothing of it.',
  params: fundParams, body: z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{22}$/), words }), answer: done, problems: ['wrong-code', 'too-many-tries', 'no-lead'],
});

export const passOn = route({
  method: 'POST', path: '/funds/:fund/requests/:request/disclosures', access: grantsPolicy.disclose, silent: true,
  summary: 'Whoever reads a request passes a worry on to the leads. The request stays as it is.',
  params: fundParams.extend({ request: shapes.id }), body: z.object({ words }), answer: done, problems: ['no-lead'],
});

export const listDisclosures = route({
  method: 'GET', path: '/funds/:fund/safeguarding/disclosures', access: 'account', silent: true,
  summary: 'What waits for the leads; for them alone.',
  params: fundParams,
  answer: z.object({
    disclosures: z.array(z.object({
      id: shapes.id, reference: z.string(), name: z.string(), contact: z.string().nullable(), words: z.string().nullable(),
      /** What stands in the request itself. */
      said: z.string().nullable(),
      isOwn: z.boolean(), raisedAt: shapes.moment, endsAt: shapes.moment,
    })),
  }),
  problems: [],
});

export const endDisclosure = route({
  method: 'DELETE', path: '/funds/:fund/safeguarding/disclosures/:disclosure', access: 'account', silent: true,
  summary: 'A lead erases one that is dealt with. Again changes nothing.', params: fundParams.extend({ disclosure: shapes.id }), answer: done, problems: [],
});
