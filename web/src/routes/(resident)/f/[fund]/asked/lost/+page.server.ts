import { fail } from '@sveltejs/kit';
import type { sendLinkAgain } from '@commonpot/server/grants/requests/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { readContact } from '#lib/grants/form.ts';
import { getLocale } from '#lib/paraglide/runtime.js';

export const load = async (event) => ({ fund: must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: event.params })) });

export const actions = {
  default: async (event) => {
    const address = String((await event.request.formData()).get('address') ?? '').trim();
    const contact = readContact(address);
    if (!contact) return fail(400, { address, isDone: false, isFaulty: true, problem: null });
    const reply = await call<typeof sendLinkAgain>(event, 'POST', '/funds/:fund/requests/lost', { params: event.params, body: { ...contact, language: getLocale() } });
    return reply.ok ? { address: '', isDone: true, isFaulty: false, problem: null } : fail(reply.problem.status, { address, isDone: false, isFaulty: false, problem: reply.problem });
  },
};
