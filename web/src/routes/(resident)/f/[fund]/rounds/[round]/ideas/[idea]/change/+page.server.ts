import { error, fail, redirect } from '@sveltejs/kit';
import type { changeIdea, readIdea, removeIdeaPicture, withdrawIdea } from '@commonpot/server/votes/proposals/contract';
import { call, must } from '#lib/api.ts';
import { loadPictures } from '#lib/delivery/pictures.server.ts';
import { sentBack } from '#lib/delivery/pictures.ts';
import { links } from '#lib/links.ts';
import { bodyOf, faultsOf, readIdeaForm } from '#lib/proposals/form.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { fund, round } = await loadRound(event);
  const idea = must(await call<typeof readIdea>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea', { params: event.params }));
  if (idea.you === null) redirect(303, links.signIn(event.url.pathname));
  if (!idea.you.isAuthor || !idea.own) error(403, { message: '', code: 'not-allowed' });
  const { done, problem, typed } = sentBack(event.url);
  return { fund, round, idea, own: idea.own, photos: await loadPictures(event), sent: { done, problem, words: typed('words') } };
};

export const actions = {
  keep: async (event) => {
    const [form, { round }] = await Promise.all([event.request.formData(), loadRound(event)]);
    const typed = readIdeaForm(form);
    const faults = faultsOf(typed, round.currency);
    if (faults.length > 0) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, typed, faults });
    const reply = await call<typeof changeIdea>(event, 'PUT', '/funds/:fund/rounds/:round/ideas/:idea', { params: event.params, body: bodyOf(typed, round.currency) });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed, faults });
    redirect(303, links.idea(event.params.fund, event.params.round, Number(event.params.idea)));
  },
  remove: async (event) => {
    const picture = String((await event.request.formData()).get('picture') ?? '');
    const reply = await call<typeof removeIdeaPicture>(event, 'DELETE', '/funds/:fund/rounds/:round/ideas/:idea/pictures/:picture', { params: { ...event.params, picture } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed: null, faults: [] });
    redirect(303, `${event.url.pathname}#photos`);
  },
  withdraw: async (event) => {
    const reply = await call<typeof withdrawIdea>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/withdraw', { params: event.params });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, typed: null, faults: [] });
    redirect(303, links.myIdeas(event.params.fund, event.params.round));
  },
};
