import { fail, redirect } from '@sveltejs/kit';
import type { askConsent, readConsent } from '@commonpot/server/rounds/consent/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  const reply = await call<typeof readConsent>(event, 'GET', '/funds/:fund/rounds/:round/consent', { params: event.params });
  if (!reply.ok) redirect(303, links.vote(fund.slug, round.slug));
  if (reply.value.state === 'not-needed') redirect(303, links.ballot(fund.slug, round.slug));
  event.setHeaders({ 'cache-control': 'private, no-store' });
  return { fund, round, consent: reply.value };
};

export const actions = {
  message: async (event) => {
    const form = await event.request.formData();
    const typed = { address: String(form.get('address') ?? '').trim().slice(0, 254), name: String(form.get('name') ?? '').trim().slice(0, 30) };
    const by = typed.address.includes('@') ? ('email' as const) : ('sms' as const);
    const reply = await call<typeof askConsent>(event, 'POST', '/funds/:fund/rounds/:round/consent', {
      params: event.params, body: { by, address: typed.address, language: getLocale(), ...(typed.name ? { name: typed.name } : {}) },
    });
    return reply.ok ? { sent: true } : fail(reply.problem.status, { problem: reply.problem, ...typed });
  },
  paper: async (event) => {
    const reply = await call<typeof askConsent>(event, 'POST', '/funds/:fund/rounds/:round/consent', { params: event.params, body: { by: 'paper' } });
    return reply.ok ? { reference: reply.value.reference } : fail(reply.problem.status, { problem: reply.problem });
  },
};
