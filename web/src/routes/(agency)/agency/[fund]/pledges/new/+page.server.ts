import { fail, redirect } from '@sveltejs/kit';
import type { makePledge, readAgency } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { textOf, wrongShape } from '#lib/money/given.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => ({
  fund: await readPageFund(event),
  agency: mustBeMember(event, await call<typeof readAgency>(event, 'GET', '/funds/:fund/agency', { params: event.params })),
  key: crypto.randomUUID(),
});

/** The choice that names no pot. */
const ANYWHERE = 'anywhere';

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const given = { amount: textOf(form, 'amount'), pot: textOf(form, 'pot') };
    const amountMinor = readMoney(given.amount, (await readPageFund(event)).currency);
    if (!amountMinor || !given.pot) return fail(400, { problem: wrongShape(...(amountMinor ? [] : ['amountMinor']), ...(given.pot ? [] : ['potId'])), given });
    const reply = await call<typeof makePledge>(event, 'POST', '/funds/:fund/pledges', {
      params: event.params, idempotencyKey: textOf(form, 'key'), body: { amountMinor, potId: given.pot === ANYWHERE ? null : given.pot },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, given });
    redirect(303, links.pledge(event.params.fund, reply.value.id));
  },
};
