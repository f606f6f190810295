import { fail, redirect } from '@sveltejs/kit';
import type { me } from '@commonpot/server/people/contract';
import type { joinRound } from '@commonpot/server/rounds/roll/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, caller] = await Promise.all([loadRound(event), call<typeof me>(event, 'GET', '/me', {})]);
  if (round.phase !== 'voting') redirect(303, links.round(fund.slug, round.slug));
  if (round.you === 'on-roll') redirect(303, links.ballot(fund.slug, round.slug));
  if (caller.value?.kind !== 'account') redirect(303, links.signIn(links.joinRound(fund.slug, round.slug)));
  return { fund, round };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const place = String(form.get('place') ?? '').trim().slice(0, 60);
    const under = form.get('under');
    const consent = under === null ? {} : { needsConsent: under === 'yes' };
    const reply = await call<typeof joinRound>(event, 'POST', '/funds/:fund/rounds/:round/join', {
      params: event.params,
      body: form.get('credential') === 'roll' ? { credential: 'roll', ...consent } : { credential: 'sign-in', isOldEnough: form.has('old'), ...(place ? { place } : {}), ...consent },
    });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, place, isOldEnough: form.has('old') });
    redirect(303, under === 'yes' ? links.askParent(event.params.fund, event.params.round) : links.ballot(event.params.fund, event.params.round));
  },
};
