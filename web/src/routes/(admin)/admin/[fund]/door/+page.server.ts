import { fail, redirect } from '@sveltejs/kit';
import type { declareDoor, readDoor } from '@commonpot/server/grants/decisions/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  return { fund, ...must(await call<typeof readDoor>(event, 'GET', '/funds/:fund/my-door', { params: event.params })) };
};

export const actions = {
  default: async (event) => {
    const household = String((await event.request.formData()).get('household') ?? '').trim();
    const reply = await call<typeof declareDoor>(event, 'PUT', '/funds/:fund/my-door', { params: event.params, body: { household } });
    return reply.ok ? redirect(303, links.myDoor(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
  },
};
