import { fail, redirect } from '@sveltejs/kit';
import type { me } from '@commonpot/server/people/contract';
import type { lookUpVoucher, readTill, redeem } from '@commonpot/server/payouts/till/contract';
import { call, must } from '#lib/api.ts';
import { readMoney } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { field, fundOf } from '#lib/payouts/gate.ts';

/** Who looks decides what there is to see: a stranger or a resident nothing about the voucher, a shop its balance. */
export const load = async (event) => {
  const code = event.params.code;
  const reply = await call<typeof me>(event, 'GET', '/me', {});
  if (!reply.ok) return { seen: 'nobody' as const, signIn: links.signIn(links.voucher(code)) };
  const tills = must(reply).memberships.filter((each) => each.role === 'shop');
  const wanted = event.url.searchParams.get('fund');
  const here = tills.length === 1 ? tills[0] : tills.find((each) => each.fund.slug === wanted);
  if (tills.length === 0) return { seen: 'resident' as const };
  if (!here) return { seen: 'choice' as const, tills: tills.map((each) => ({ ...each, href: links.voucher(code, each.fund.slug) })) };

  const params = { fund: here.fund.slug };
  const fund = await fundOf({ ...event, params });
  const till = must(await call<typeof readTill>(event, 'GET', '/funds/:fund/till', { params }));
  return { seen: 'till' as const, fund, shop: till.shop, owedMinor: till.owedMinor, code: code.slice(0, 40), key: crypto.randomUUID() };
};

export const actions = {
  /** Looking counts wrong codes, so it is asked for and never comes with the page: a link that is followed by itself uses up no try. */
  read: async (event) => {
    const params = { fund: field(await event.request.formData(), 'fund') };
    const looked = await call<typeof lookUpVoucher>(event, 'POST', '/funds/:fund/till/vouchers', { params, body: { code: event.params.code.slice(0, 40) } });
    return looked.ok ? { voucher: looked.value } : fail(looked.problem.status, { unread: looked.problem });
  },
  take: async (event) => {
    const form = await event.request.formData();
    const voucher = { ticket: field(form, 'ticket'), balanceMinor: Number(field(form, 'balance')), lastDay: field(form, 'lastDay') };
    const params = { fund: field(form, 'fund') };
    const all = field(form, 'all');
    const { currency } = await fundOf({ ...event, params });
    const amountMinor = all ? Number(all) : readMoney(field(form, 'amount'), currency);
    if (!amountMinor) return fail(400, { noAmount: true, amount: field(form, 'amount'), voucher });
    const reply = await call<typeof redeem>(event, 'POST', '/funds/:fund/till/redemptions', {
      params, body: { ticket: voucher.ticket, amountMinor }, idempotencyKey: field(form, 'key'),
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, amount: field(form, 'amount'), voucher });
    redirect(303, links.taken(params.fund, reply.value.id));
  },
};
