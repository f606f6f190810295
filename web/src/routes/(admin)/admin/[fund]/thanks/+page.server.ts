import { fail } from '@sveltejs/kit';
import type { agreeToLimit, readTerms, stateTerms } from '@commonpot/server/grants/payments/contract';
import type { giveThanks, listThanks } from '@commonpot/server/grants/thanks/contract';
import type { listPots } from '@commonpot/server/money/contract';
import type { listMembers } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  const { params } = event;
  const [terms, thanks, pots, members] = await Promise.all([
    call<typeof readTerms>(event, 'GET', '/funds/:fund/paying-terms', { params }),
    call<typeof listThanks>(event, 'GET', '/funds/:fund/thanks', { params }),
    call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params }),
    call<typeof listMembers>(event, 'GET', '/funds/:fund/members', { params, query: { limit: 200 } }),
  ]);
  return { fund, terms: must(terms).terms, limit: must(terms).thanksLimit, ...must(thanks), pots: must(pots).pots, members: must(members).members.filter((each) => each.role === 'resident'), key: crypto.randomUUID() };
};

export const actions = {
  terms: async (event) => {
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const { currency } = await openFund(event);
    const sum = (name: string) => readMoney(text(name), currency) ?? 0;
    const body = { place: text('place'), hours: text('hours'), thanksPot: text('pot') || null, thanksLimitMinor: sum('limit'), thanksNote: text('note'), hourMinor: sum('hour'), phone: text('phone') || null };
    const reply = await call<typeof stateTerms>(event, 'PUT', '/funds/:fund/paying-terms', { params: event.params, body });
    return reply.ok ? { saved: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  agree: async (event) => {
    const form = await event.request.formData();
    const body = { limitMinor: Number(form.get('limit')), pot: String(form.get('pot') ?? '') || null };
    const reply = await call<typeof agreeToLimit>(event, 'POST', '/funds/:fund/paying-terms/limit', { params: event.params, body });
    return reply.ok ? { agreed: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  give: async (event) => {
    const form = await event.request.formData();
    const { currency } = await openFund(event);
    const body = { member: String(form.get('member')), what: String(form.get('what')) as 'panel' | 'meeting' | 'interview', amountMinor: readMoney(String(form.get('amount') ?? ''), currency) ?? 0 };
    const reply = await call<typeof giveThanks>(event, 'POST', '/funds/:fund/thanks', { params: event.params, body, idempotencyKey: String(form.get('key')) });
    return reply.ok ? { given: true } : fail(reply.problem.status, { problem: reply.problem });
  },
};
