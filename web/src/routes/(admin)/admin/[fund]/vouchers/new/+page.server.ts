import { fail, redirect } from '@sveltejs/kit';
import type { listPots } from '@commonpot/server/money/contract';
import type { issueVoucher } from '@commonpot/server/payouts/vouchers/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import type { readAward } from '@commonpot/server/rounds/awards/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

const MEMBERS = 200;

export const load = async (event) => {
  const { fund: slug } = event.params;
  const { members } = admit(event, await call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params: { fund: slug }, query: { limit: MEMBERS } }));
  const { pots } = admit(event, await call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params: { fund: slug } }));
  const awardId = event.url.searchParams.get('award');
  const award = awardId ? admit(event, await call<typeof readAward>(event, 'GET', '/funds/:fund/awards/:award', { params: { fund: slug, award: awardId } })) : null;
  return {
    fund: await fundOf(event), award, pots: pots.filter((pot) => pot.inPotMinor > 0),
    members: members.filter((member) => member.role === 'resident').sort((a, b) => a.name.localeCompare(b.name)), key: crypto.randomUUID(),
  };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const { currency } = await fundOf(event);
    const given = { title: field(form, 'title'), amount: field(form, 'amount'), lastDay: field(form, 'lastDay'), holder: field(form, 'holder'), pot: field(form, 'pot') };
    const reservation = field(form, 'reservation');
    const reply = await call<typeof issueVoucher>(event, 'POST', '/funds/:fund/vouchers', {
      params: event.params, idempotencyKey: field(form, 'key'),
      body: {
        from: reservation ? { reservation } : { pot: given.pot }, title: given.title, valueMinor: readMoney(given.amount, currency) ?? 0, lastDay: given.lastDay, holder: given.holder || null,
      },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, given });
    redirect(303, links.adminVoucher(event.params.fund, reply.value.id));
  },
};
