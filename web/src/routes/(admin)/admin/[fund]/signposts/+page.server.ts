import { fail, redirect } from '@sveltejs/kit';
import type { addSignpost, listSignposts, removeSignpost } from '@commonpot/server/grants/signposts/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const fund = await openFund(event);
  return { fund, ...must(await call<typeof listSignposts>(event, 'GET', '/funds/:fund/signposts', { params: event.params })) };
};

export const actions = {
  add: async (event) => {
    const form = await event.request.formData();
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const typed = { name: text('name'), words: text('words'), phone: text('phone'), url: text('url') };
    const reply = await call<typeof addSignpost>(event, 'POST', '/funds/:fund/signposts', { params: event.params, body: { ...typed, phone: typed.phone || null, url: typed.url || null } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed });
    redirect(303, links.signposts(event.params.fund));
  },
  remove: async (event) => {
    const form = await event.request.formData();
    const reply = await call<typeof removeSignpost>(event, 'DELETE', '/funds/:fund/signposts/:signpost', { params: { ...event.params, signpost: String(form.get('signpost') ?? '') } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed: null });
    redirect(303, links.signposts(event.params.fund));
  },
};
