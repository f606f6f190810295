import { fail, redirect } from '@sveltejs/kit';
import type { listPots } from '@commonpot/server/money/contract';
import type { readDelivery } from '@commonpot/server/votes/delivery/contract';
import type { moveRound, preflightRound } from '@commonpot/server/rounds/contract';
import type { readSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { COUNTED } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const params = paramsOf(event);
  const [preflight, pots] = await Promise.all([
    call<typeof preflightRound>(event, 'GET', '/funds/:fund/rounds/:round/preflight', { params }), call<typeof listPots>(event, 'GET', '/funds/:fund/pots', { params }),
  ]);
  const isDecided = ['results', 'delivery', 'closed'].includes(round.phase);
  const delivery = isDecided ? must(await call<typeof readDelivery>(event, 'GET', '/funds/:fund/rounds/:round/delivery', { params })) : null;
  const isSetAside = COUNTED.includes(round.phase) && must(await call<typeof readSetAside>(event, 'GET', '/funds/:fund/rounds/:round/set-aside', { params })).setAside !== null;
  return { fund, round, isSetAside, delivery: delivery && { overdue: delivery.overdue, projects: delivery.projects.length }, items: must(preflight).items, pot: must(pots).pots.find((each) => each.id === round.potId)?.name ?? null };
};

export const actions = {
  /** A step that overrides no date. */
  default: async (event) => {
    const params = paramsOf(event);
    const { round } = await openRound(event);
    const given = (await event.request.formData()).get('to');
    const next = round.next.find((each) => each.to === given);
    if (!next) return fail(409, { problem: { code: 'wrong-phase' as const, status: 409 } });
    const reply = await call<typeof moveRound>(event, 'POST', '/funds/:fund/rounds/:round/transitions', { params, body: { to: next.to } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.adminRound(params.fund, params.round));
  },
};
