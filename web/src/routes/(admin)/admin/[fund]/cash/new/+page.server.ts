import { fail, redirect } from '@sveltejs/kit';
import type { issueCash } from '@commonpot/server/payouts/cash/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import type { readAward } from '@commonpot/server/rounds/awards/contract';
import { call } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { admit, field, fundOf } from '#lib/payouts/gate.ts';

export const load = async (event) => {
  const { fund } = event.params;
  const awardId = event.url.searchParams.get('award');
  if (!awardId) redirect(303, links.adminAwards(fund));
  const award = admit(event, await call<typeof readAward>(event, 'GET', '/funds/:fund/awards/:award', { params: { fund, award: awardId } }));
  const { members } = admit(event, await call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params: { fund }, query: { limit: 200 } }));
  return { fund: await fundOf(event), award, members: members.filter((member) => member.role === 'resident').sort((a, b) => a.name.localeCompare(b.name)), key: crypto.randomUUID() };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const { currency } = await fundOf(event);
    const given = Object.fromEntries(['amount', 'recipient', 'title', 'place', 'hours', 'lastDay', 'tell'].map((name) => [name, field(form, name)])) as Record<string, string>;
    const { amount = '', recipient = '', title = '', place = '', hours = '', lastDay = '', tell = '' } = given;
    const reply = await call<typeof issueCash>(event, 'POST', '/funds/:fund/cash', {
      params: event.params, idempotencyKey: field(form, 'key'),
      body: {
        reservation: field(form, 'reservation'), title, amountMinor: readMoney(amount, currency) ?? 0, lastDay, place, hours, recipient,
        tell: tell ? { channel: tell.includes('@') ? 'email' : 'sms', address: tell } : null,
      },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, given });
    redirect(303, links.cashPayment(event.params.fund, reply.value.id));
  },
};
