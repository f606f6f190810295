import { fail, redirect } from '@sveltejs/kit';
import type { announceHallDraw, enterHallDraw } from '@commonpot/server/votes/hall/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { isByBeacon } from '#lib/rounds/beacon-words.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { loadHallOrder } from '#lib/votes/hall-order.ts';

export const load = async (event) => ({ ...(await openRound(event)), order: await loadHallOrder(event) });

export const actions = {
  announce: async (event) => {
    const form = await event.request.formData();
    const [params, how] = [paramsOf(event), String(form.get('how') ?? '')];
    const reply = await call<typeof announceHallDraw>(event, 'POST', '/funds/:fund/rounds/:round/hall-order', { params, body: isByBeacon(form) ? { beacon: true } : { how } });
    return reply.ok ? redirect(303, links.hall(params.fund, params.round, 'order')) : fail(reply.problem.status, { problem: reply.problem, differs: false, typed: how });
  },
  draw: async (event) => {
    const form = await event.request.formData();
    const [params, drawn] = [paramsOf(event), String(form.get('drawn') ?? '')];
    const reply = await call<typeof enterHallDraw>(event, 'POST', '/funds/:fund/rounds/:round/hall-order/draw', { params, body: form.has('value') ? { value: String(form.get('value')) } : { drawn } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, differs: false, typed: drawn });
    if (reply.value.differs) return fail(409, { problem: null, differs: true, typed: drawn });
    redirect(303, reply.value.drawn ? links.hallOrder(params.fund, params.round) : links.hall(params.fund, params.round, 'order'));
  },
};
