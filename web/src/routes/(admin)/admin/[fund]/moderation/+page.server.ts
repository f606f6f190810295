import { fail, redirect } from '@sveltejs/kit';
import type { decideComment, listReported } from '@commonpot/server/community/discussion/contract';
import { call, must } from '#lib/api.ts';
import { openDesk } from '#lib/community/desk.server.ts';
import type { Reason } from '#lib/community/words.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  const fund = await openDesk(event);
  return { fund, ...must(await call<typeof listReported>(event, 'GET', '/funds/:fund/moderation', { params: event.params })) };
};

export const actions = {
  default: async (event) => {
    const form = await event.request.formData();
    const turn = Number(form.get('turn'));
    const body = form.get('outcome') === 'hide' ? { outcome: 'hide' as const, turn, reason: String(form.get('reason')) as Reason } : { outcome: 'keep' as const, turn };
    const reply = await call<typeof decideComment>(event, 'POST', '/funds/:fund/comments/:comment/decisions', { params: { ...event.params, comment: String(form.get('comment')) }, body });
    return reply.ok ? redirect(303, links.moderation(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
  },
};
