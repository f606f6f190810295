import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { addMirror, endMirror, listMirrors } from '@commonpot/server/votes/log/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  return { fund, mirrors: must(await call<typeof listMirrors>(event, 'GET', '/funds/:fund/mirrors', { params: { fund: fund.slug } })).mirrors };
};

async function mirrorIn(event: Pick<RequestEvent, 'request' | 'params'>) {
  return { params: { fund: event.params.fund ?? '' }, mirror: String((await event.request.formData()).get('mirror') ?? '').trim() };
}

export const actions = {
  add: async (event) => {
    const { params, mirror } = await mirrorIn(event);
    const reply = await call<typeof addMirror>(event, 'POST', '/funds/:fund/mirrors', { params, body: { mirror } });
    return reply.ok ? redirect(303, links.mirrors(params.fund)) : fail(reply.problem.status, { problem: reply.problem, mirror });
  },
  end: async (event) => {
    const { params, mirror } = await mirrorIn(event);
    const reply = await call<typeof endMirror>(event, 'POST', '/funds/:fund/mirrors/end', { params, body: { mirror } });
    return reply.ok ? redirect(303, links.mirrors(params.fund)) : fail(reply.problem.status, { problem: reply.problem, mirror: '' });
  },
};
