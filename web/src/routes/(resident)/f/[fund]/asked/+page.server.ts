import { fail, redirect } from '@sveltejs/kit';
import type { appeal } from '@commonpot/server/grants/decisions/contract';
import type { readPlace } from '@commonpot/server/grants/draw/contract';
import type { confirmRequest, lookAtRequest, sendOwnLink, withdrawRequest } from '@commonpot/server/grants/requests/contract';
import type { listLeads, tellLead } from '@commonpot/server/grants/safeguarding/contract';
import type { listSignposts } from '@commonpot/server/grants/signposts/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { forgetToken, readToken } from '#lib/grants/cookie.server.ts';
import { lookAtPaymentOf, paymentActions } from '#lib/grants/payment.server.ts';
import { links } from '#lib/links.ts';

const wrongCode = { problem: { code: 'wrong-code' as const, status: 401 } };

export const load = async (event) => {
  const { params, cookies, url } = event;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  const token = readToken(cookies);
  const [fund, reply, signposts, leads] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    token ? call<typeof lookAtRequest>(event, 'POST', '/funds/:fund/requests/look', { params, body: { token } }) : null,
    call<typeof listSignposts>(event, 'GET', '/funds/:fund/signposts', { params }),
    call<typeof listLeads>(event, 'GET', '/funds/:fund/safeguarding/leads', { params }),
  ]);
  const place = token && reply?.ok ? await call<typeof readPlace>(event, 'POST', '/funds/:fund/requests/place', { params, body: { token } }) : null;
  const payment = token && reply?.ok ? await lookAtPaymentOf(event, token) : null;
  return { payment, place: place?.value?.place ?? null, fund: must(fund), asked: reply?.value ?? null, signposts: signposts.value?.signposts ?? [], leads: (leads.value?.leads ?? []).map((lead) => lead.name), link: token && reply?.ok ? `${url.origin}${links.asked(params.fund, token)}` : null };
};

export const actions = {
  ...paymentActions,
  withdraw: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const reply = await call<typeof withdrawRequest>(event, 'POST', '/funds/:fund/requests/withdraw', { params: event.params, body: { token } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.asked(event.params.fund));
  },
  confirm: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const reply = await call<typeof confirmRequest>(event, 'POST', '/funds/:fund/requests/confirm', { params: event.params, body: { token } });
    return reply.ok ? { isConfirmed: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  send: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const reply = await call<typeof sendOwnLink>(event, 'POST', '/funds/:fund/requests/send', { params: event.params, body: { token } });
    return reply.ok ? { isSent: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  appeal: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const words = String((await event.request.formData()).get('words') ?? '').trim() || null;
    const reply = await call<typeof appeal>(event, 'POST', '/funds/:fund/requests/appeal', { params: event.params, body: { token, words } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.asked(event.params.fund));
  },
  tell: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const words = String((await event.request.formData()).get('words') ?? '').trim() || null;
    const reply = await call<typeof tellLead>(event, 'POST', '/funds/:fund/requests/disclose', { params: event.params, body: { token, words } });
    return reply.ok ? { isTold: true } : fail(reply.problem.status, { problem: reply.problem });
  },
  forget: ({ cookies, params }) => {
    forgetToken(cookies, params.fund);
    redirect(303, links.asked(params.fund));
  },
};
