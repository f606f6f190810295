import { fail, redirect } from '@sveltejs/kit';
import type { acceptNoRecoverySheet } from '@commonpot/server/rounds/contract';
import type { printRecoverySheet } from '@commonpot/server/votes/sealing/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

export const load = openRound;

export const actions = {
  accept: async (event) => {
    const params = paramsOf(event);
    const reply = await call<typeof acceptNoRecoverySheet>(event, 'POST', '/funds/:fund/rounds/:round/accept-no-recovery-sheet', { params });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.adminRound(params.fund, params.round));
  },
  /** The answer of this post is the sheet: it has no address of its own, and a second look makes a new key. */
  print: async (event) => {
    const reply = await call<typeof printRecoverySheet>(event, 'POST', '/funds/:fund/rounds/:round/recovery-sheet', { params: paramsOf(event) });
    return reply.ok ? { sheet: reply.value } : fail(reply.problem.status, { problem: reply.problem });
  },
};
