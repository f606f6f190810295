import { fail, redirect } from '@sveltejs/kit';
import type { createProject, listProjects } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { readForm } from '#lib/rounds/project-form.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { projects } = must(await call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params: paramsOf(event) }));
  const search = (event.url.searchParams.get('search') ?? '').trim();
  const wanted = search.toLowerCase();
  return { fund, round, search, all: projects.length, projects: projects.filter((each) => `${each.number} ${each.title} ${each.delivererName ?? ''}`.toLowerCase().includes(wanted)) };
};

export const actions = {
  default: async (event) => {
    const { round } = await openRound(event);
    const { typed, body } = readForm(await event.request.formData(), round.currency);
    if (!body) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, typed, wrongCost: true });
    const reply = await call<typeof createProject>(event, 'POST', '/funds/:fund/rounds/:round/projects', { params: paramsOf(event), body });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed, wrongCost: false });
    redirect(303, `${links.adminRound(event.params.fund, event.params.round, 'projects')}#projects`);
  },
};
