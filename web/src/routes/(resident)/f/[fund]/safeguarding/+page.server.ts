import { error, fail, redirect } from '@sveltejs/kit';
import type { endDisclosure, listDisclosures } from '@commonpot/server/grants/safeguarding/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  event.setHeaders({ 'cache-control': 'private, no-store' });
  const [fund, reply] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params: event.params }), call<typeof listDisclosures>(event, 'GET', '/funds/:fund/safeguarding/disclosures', { params: event.params }),
  ]);
  if (!reply.ok && reply.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
  if (!reply.ok) error(reply.problem.status, { message: '', code: reply.problem.code });
  return { fund: must(fund), disclosures: reply.value.disclosures };
};

export const actions = {
  default: async (event) => {
    const disclosure = String((await event.request.formData()).get('disclosure') ?? '');
    const reply = await call<typeof endDisclosure>(event, 'DELETE', '/funds/:fund/safeguarding/disclosures/:disclosure', { params: { ...event.params, disclosure } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem });
    redirect(303, links.safeguarding(event.params.fund));
  },
};
