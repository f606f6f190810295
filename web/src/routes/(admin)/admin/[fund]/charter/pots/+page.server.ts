import { fail, redirect } from '@sveltejs/kit';
import type { listPots } from '@commonpot/server/money/contract';
import type { statePot } from '@commonpot/server/rounds/charter/contract';
import { call, must } from '#lib/api.ts';
import { openCharter } from '#lib/grants/charter.server.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  const [{ fund, charter }, pots] = await Promise.all([openCharter(event), call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params: event.params })]);
  return { fund, statements: charter.statements, ...must(pots), today: new Date().toISOString().slice(0, 10) };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const body = { publicFunds: text('publicFunds') as 'unknown', benefits: text('benefits'), adviser: text('adviser'), checkedOn: text('checkedOn') };
    const reply = await call<typeof statePot>(event, 'POST', '/funds/:fund/pots/:pot/statements', { params: { ...event.params, pot: text('pot') }, body });
    return reply.ok ? redirect(303, links.adminCharter(event.params.fund, 'pots')) : fail(reply.problem.status, { problem: reply.problem, given: { ...body, pot: text('pot') } });
  },
};
