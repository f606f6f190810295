import { fail, redirect } from '@sveltejs/kit';
import type { listPresets } from '@commonpot/server/rounds/charter/contract';
import { call, must } from '#lib/api.ts';
import { keep, openCharter } from '#lib/grants/charter.server.ts';
import { links } from '#lib/links.ts';

export const load = async (event) => {
  const [opened, presets] = await Promise.all([openCharter(event), call<typeof listPresets>(event, 'GET', '/funds/:fund/charter/presets', { params: event.params })]);
  return { ...opened, ...must(presets), done: event.url.searchParams.get('done') };
};

export const actions = {
  /** Begins a draft: from the version in force, or from one of the presets. */
  begin: async (event) => {
    const [form, { charter }, presets] = await Promise.all([event.request.formData(), openCharter(event), call<typeof listPresets>(event, 'GET', '/funds/:fund/charter/presets', { params: event.params })]);
    const name = String(form.get('from') ?? '');
    const content = name === 'newest' ? charter.charter?.content : must(presets).presets.find((each) => each.name === name)?.content;
    if (!content) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 } });
    const reply = await keep(event, content, charter.charter?.version ?? null);
    return reply.ok ? redirect(303, links.adminCharter(event.params.fund)) : fail(reply.problem.status, { problem: reply.problem });
  },
};
