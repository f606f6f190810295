import { fail, redirect } from '@sveltejs/kit';
import type { signOut } from '@commonpot/server/people/contract';
import type { endKiosk, listKiosks, startKiosk } from '@commonpot/server/votes/kiosk/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { kiosks } = must(await call<typeof listKiosks>(event, 'GET', '/funds/:fund/rounds/:round/kiosks', { params: paramsOf(event) }));
  return { fund, round, kiosks };
};

export const actions = {
  /** This browser becomes the tablet: whoever set it up is signed out of it before anybody votes. */
  start: async (event) => {
    const params = paramsOf(event);
    const name = String((await event.request.formData()).get('name') ?? '').trim();
    const reply = await call<typeof startKiosk>(event, 'POST', '/funds/:fund/rounds/:round/kiosks', { params, body: { name } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    await call<typeof signOut>(event, 'POST', '/sign-out', {});
    event.setHeaders({ 'clear-site-data': '"cache", "storage"' });
    redirect(303, links.vote(params.fund, params.round));
  },
  end: async (event) => {
    const params = paramsOf(event);
    const kiosk = String((await event.request.formData()).get('kiosk') ?? '');
    const reply = await call<typeof endKiosk>(event, 'POST', '/funds/:fund/rounds/:round/kiosks/:kiosk/end', { params: { ...params, kiosk } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.tablets(params.fund, params.round));
  },
};
