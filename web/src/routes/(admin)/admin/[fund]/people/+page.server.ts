import { fail } from '@sveltejs/kit';
import type { answerInvitation, endMembership, listMembers, printCard, vouch } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const query = { limit: 50, cursor: event.url.searchParams.get('cursor') ?? '' };
  const invited = event.url.searchParams.get('invited');
  return { fund, invited, ...must(await call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params: { fund: event.params.fund }, query })) };
};

export const actions = {
  card: async (event) => {
    const form = await event.request.formData();
    const params = { fund: event.params.fund, member: String(form.get('member') ?? '') };
    const reply = await call<typeof printCard>(event, 'POST', '/funds/:fund/members/:member/card', { params });
    return reply.ok ? { card: reply.value.card, cardFor: String(form.get('name') ?? '') } : fail(reply.problem.status, { problem: reply.problem });
  },
  answer: async (event) => {
    const form = await event.request.formData();
    const params = { fund: event.params.fund, invitation: String(form.get('invitation') ?? '') };
    const agree = form.get('agree') === 'yes';
    const reply = await call<typeof answerInvitation>(event, 'POST', '/funds/:fund/invitations/:invitation/answer', { params, body: { agree } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    const name = String(form.get('name') ?? '');
    return agree ? { agreed: name } : { dropped: name };
  },
  vouch: async (event) => {
    const form = await event.request.formData();
    const params = { fund: event.params.fund, member: String(form.get('member') ?? '') };
    const reply = await call<typeof vouch>(event, 'POST', '/funds/:fund/members/:member/vouch', { params, body: { deskCode: String(form.get('deskCode') ?? '') } });
    return reply.ok ? { vouched: String(form.get('name') ?? '') } : fail(reply.problem.status, { problem: reply.problem });
  },
  end: async (event) => {
    const form = await event.request.formData();
    const params = { fund: event.params.fund, member: String(form.get('member') ?? '') };
    const reply = await call<typeof endMembership>(event, 'POST', '/funds/:fund/members/:member/end', { params });
    return reply.ok ? { ended: String(form.get('name') ?? '') } : fail(reply.problem.status, { problem: reply.problem });
  },
};
