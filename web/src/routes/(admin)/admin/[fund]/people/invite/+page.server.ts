import { fail, redirect } from '@sveltejs/kit';
import type { invite } from '@commonpot/server/people/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => ({ fund: await openFund(event) });

const ROLES = ['administrator', 'officer', 'shop', 'reviewer', 'resident'] as const;

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const typed = { name: text('name'), address: text('address'), role: ROLES.find((each) => each === text('role')) ?? 'resident', organisation: text('organisation') };
    const { name, address, role, organisation } = typed;
    const to = address === '' ? { channel: 'card' as const } : { channel: address.includes('@') ? ('email' as const) : ('sms' as const), address };
    const reply = await call<typeof invite>(event, 'POST', '/funds/:fund/members', { params: { fund: event.params.fund }, body: { ...to, name, role, ...(organisation && (role === 'officer' || role === 'shop') ? { organisation } : {}) } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, ...typed });
    if (reply.value.card) return { card: reply.value.card, cardFor: name };
    redirect(303, `${links.adminPeople(event.params.fund)}?invited=${reply.value.waits ? 'waits' : '1'}`);
  },
};
