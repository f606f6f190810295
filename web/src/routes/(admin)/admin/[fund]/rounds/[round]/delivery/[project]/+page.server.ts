import { error, fail, redirect } from '@sveltejs/kit';
import type { endDeliveryLink, makeDeliveryLink, planMilestone, readDelivery, readDeliveryLink } from '@commonpot/server/votes/delivery/contract';
import { call, must } from '#lib/api.ts';
import { hidePictureFrom, showPictureFrom } from '#lib/delivery/pictures.server.ts';
import { sentBack } from '#lib/delivery/pictures.ts';
import { links } from '#lib/links.ts';
import { textOf } from '#lib/proposals/form.ts';
import { openRound, paramsOf } from '#lib/rounds/admin.server.ts';

/** The fields of the news, which come back with a form that was refused. */
const TYPED = ['kind', 'milestone', 'words', 'reason', 'newDueOn', 'pictureWords1', 'pictureWords2', 'pictureWords3'] as const;

export const load = async (event) => {
  const { fund, round } = await openRound(event);
  const { projects, may } = must(await call<typeof readDelivery>(event, 'GET', '/funds/:fund/rounds/:round/delivery', { params: paramsOf(event), query: { project: event.params.project } }));
  const [project] = projects;
  if (!project) error(404, { message: '', code: 'not-found' });
  const { since } = must(await call<typeof readDeliveryLink>(event, 'GET', '/funds/:fund/rounds/:round/projects/:project/delivery-link', { params: event.params }));
  const { done, problem, typed } = sentBack(event.url);
  // A refused correction has a form of its own and leaves this one empty.
  const isNews = problem !== null && typed('kind') !== 'correction';
  return {
    fund, round, project, may, done, problem, linkSince: since, typed: Object.fromEntries(TYPED.map((name) => [name, isNews ? typed(name) : ''])) as Record<(typeof TYPED)[number], string>,
    drafts: { step: crypto.randomUUID(), news: crypto.randomUUID(), corrections: project.news.map(() => crypto.randomUUID()) },
  };
};

export const actions = {
  plan: async (event) => {
    const form = await event.request.formData();
    const typed = { title: textOf(form, 'title'), who: textOf(form, 'who'), dueOn: textOf(form, 'dueOn') };
    const reply = await call<typeof planMilestone>(event, 'POST', '/funds/:fund/rounds/:round/projects/:project/milestones', { params: event.params, body: { ...typed, draft: textOf(form, 'draft') } });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, step: typed });
    redirect(303, links.delivery(event.params.fund, event.params.round, event.params.project));
  },
  hidePicture: hidePictureFrom,
  showPicture: showPictureFrom,
  link: async (event) => {
    const form = await event.request.formData();
    const to = { address: textOf(form, 'address').trim(), language: textOf(form, 'language') as 'en' | 'pl' | 'ar' };
    const tell = to.address === '' ? {} : { tell: { ...to, channel: to.address.includes('@') ? 'email' as const : 'sms' as const } };
    const reply = await call<typeof makeDeliveryLink>(event, 'POST', '/funds/:fund/rounds/:round/projects/:project/delivery-link', { params: event.params, body: tell });
    if (!reply.ok) return fail(reply.problem.status, { problem: reply.problem, to });
    event.setHeaders({ 'cache-control': 'private, no-store' });
    return { link: event.url.origin + links.deliver(event.params.fund, event.params.round, reply.value.token), sentTo: reply.value.sent ? to.address : null };
  },
  endLink: async (event) => {
    const reply = await call<typeof endDeliveryLink>(event, 'POST', '/funds/:fund/rounds/:round/projects/:project/delivery-link/end', { params: event.params });
    return reply.ok ? redirect(303, links.delivery(event.params.fund, event.params.round, event.params.project)) : fail(reply.problem.status, { problem: reply.problem });
  },
};
