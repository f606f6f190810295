import { fail, redirect } from '@sveltejs/kit';
import type { agreeToLead, endLead, listLeads, nameLead } from '@commonpot/server/grants/safeguarding/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { readContact } from '#lib/grants/form.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const [leads, members] = await Promise.all([
    call<typeof listLeads>(event, 'GET', '/funds/:fund/safeguarding/leads', { params: event.params }), call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params: event.params, query: { limit: 200 } }),
  ]);
  return { fund, ...must(leads), members: must(members).members.filter((member) => !member.isYou && member.role !== 'shop' && member.role !== 'officer').map(({ id, name }) => ({ id, name })) };
};

export const actions = {
  name: async (event) => {
    const form = await event.request.formData();
    const contact = readContact(String(form.get('address') ?? '').trim());
    if (!contact) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 } });
    const reply = await call<typeof nameLead>(event, 'POST', '/funds/:fund/safeguarding/leads', { params: event.params, body: { member: String(form.get('member') ?? ''), ...contact } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.safeguardingLeads(event.params.fund));
  },
  agree: async (event) => {
    const lead = String((await event.request.formData()).get('lead') ?? '');
    const reply = await call<typeof agreeToLead>(event, 'POST', '/funds/:fund/safeguarding/leads/:lead/agree', { params: { ...event.params, lead } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.safeguardingLeads(event.params.fund));
  },
  end: async (event) => {
    const lead = String((await event.request.formData()).get('lead') ?? '');
    const reply = await call<typeof endLead>(event, 'DELETE', '/funds/:fund/safeguarding/leads/:lead', { params: { ...event.params, lead } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.safeguardingLeads(event.params.fund));
  },
};
