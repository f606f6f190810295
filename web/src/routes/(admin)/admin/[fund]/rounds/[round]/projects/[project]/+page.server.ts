import { error, fail, redirect } from '@sveltejs/kit';
import type { changeProject, listProjects, readProject, removeProject } from '@commonpot/server/votes/projects/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';
import { readForm } from '#lib/rounds/project-form.ts';

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { projects } = must(await call<typeof listProjects>(event, 'GET', '/funds/:fund/rounds/:round/projects', { params: paramsOf(event) }));
  const { number } = projects.find((each) => each.id === event.params.project) ?? error(404, { message: '', code: 'not-found' });
  const project = must(await call<typeof readProject>(event, 'GET', '/funds/:fund/rounds/:round/project/:number', { params: { ...paramsOf(event), number } }));
  return { fund, round, project };
};

export const actions = {
  keep: async (event) => {
    const { round } = await openRound(event);
    const { typed, body } = readForm(await event.request.formData(), round.currency);
    if (!body) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, typed, wrongCost: true });
    const reply = await call<typeof changeProject>(event, 'PUT', '/funds/:fund/rounds/:round/projects/:project', { params: event.params, body });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed, wrongCost: false });
    redirect(303, links.adminRound(event.params.fund, event.params.round, 'projects'));
  },
  remove: async (event) => {
    const reply = await call<typeof removeProject>(event, 'DELETE', '/funds/:fund/rounds/:round/projects/:project', { params: event.params });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed: null, wrongCost: false });
    redirect(303, links.adminRound(event.params.fund, event.params.round, 'projects'));
  },
};
