import { fail, redirect } from '@sveltejs/kit';
import type { createPot, readMoney } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { textOf } from '#lib/money/given.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => {
  mustBeMember(event, await call<typeof readMoney>(event, 'GET', '/funds/:fund/money', { params: event.params }));
  return { fund: await readPageFund(event) };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const given = { name: textOf(form, 'name'), purpose: textOf(form, 'purpose'), restriction: { theme: textOf(form, 'theme'), area: textOf(form, 'area'), people: textOf(form, 'people') } };
    const reply = await call<typeof createPot>(event, 'POST', '/funds/:fund/pots', { params: event.params, body: given });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, given });
    redirect(303, links.money(event.params.fund));
  },
};
