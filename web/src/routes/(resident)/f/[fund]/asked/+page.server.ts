import { fail, redirect } from '@sveltejs/kit';
import type { lookAtRequest, withdrawRequest } from '@commonpot/server/grants/requests/contract';
import type { listSignposts } from '@commonpot/server/grants/signposts/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { forgetToken, readToken } from '#lib/grants/cookie.server.ts';
import { links } from '#lib/links.ts';

const wrongCode = { problem: { code: 'wrong-code' as const, status: 401 } };

export const load = async (event) => {
  const { params, cookies, url } = event;
  event.setHeaders({ 'cache-control': 'private, no-store' });
  const token = readToken(cookies);
  const [fund, reply, signposts] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    token ? call<typeof lookAtRequest>(event, 'POST', '/funds/:fund/requests/look', { params, body: { token } }) : null,
    call<typeof listSignposts>(event, 'GET', '/funds/:fund/signposts', { params }),
  ]);
  return { fund: must(fund), asked: reply?.value ?? null, signposts: signposts.value?.signposts ?? [], link: token && reply?.ok ? `${url.origin}${links.asked(params.fund, token)}` : null };
};

export const actions = {
  withdraw: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, wrongCode);
    const reply = await call<typeof withdrawRequest>(event, 'POST', '/funds/:fund/requests/withdraw', { params: event.params, body: { token } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.asked(event.params.fund));
  },
  forget: ({ cookies, params }) => {
    forgetToken(cookies, params.fund);
    redirect(303, links.asked(params.fund));
  },
};
