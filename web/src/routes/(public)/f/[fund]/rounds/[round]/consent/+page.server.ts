import { fail } from '@sveltejs/kit';
import type { answerConsent, lookAtConsent } from '@commonpot/server/rounds/consent/contract';
import { call } from '#lib/api.ts';
import { readToken } from '#lib/consent/cookie.server.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  event.setHeaders({ 'cache-control': 'private, no-store' });
  const token = readToken(event.cookies);
  const reply = token ? await call<typeof lookAtConsent>(event, 'POST', '/funds/:fund/rounds/:round/consent/look', { params: event.params, body: { token } }) : null;
  return { fund, round, asked: reply?.value ?? null };
};

export const actions = {
  default: async (event) => {
    const token = readToken(event.cookies);
    if (!token) return fail(401, { problem: { code: 'wrong-code' as const, status: 401 } });
    const answer = (await event.request.formData()).get('answer') === 'yes' ? ('yes' as const) : ('no' as const);
    const reply = await call<typeof answerConsent>(event, 'POST', '/funds/:fund/rounds/:round/consent/answer', { params: event.params, body: { token, answer } });
    return reply.ok ? { state: reply.value.state } : fail(reply.problem.status, { problem: reply.problem });
  },
};
