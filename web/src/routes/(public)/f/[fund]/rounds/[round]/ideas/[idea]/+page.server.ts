import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { readIdea, supportIdea, unsupportIdea } from '@commonpot/server/votes/proposals/contract';
import type { readReview, replyToReview } from '@commonpot/server/votes/review/contract';
import { call, must, type Problem } from '#lib/api.ts';
import { commentActions, loadComments } from '#lib/community/comments.server.ts';
import { hidePictureFrom, loadPictures, showPictureFrom } from '#lib/delivery/pictures.server.ts';
import { links } from '#lib/links.ts';
import { textOf } from '#lib/proposals/form.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { params } = event;
  const idea = must(await call<typeof readIdea>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea', { params }));
  const [{ fund, round }, review, discussion, pictures] = await Promise.all([
    loadRound(event), idea.standing === 'withdrawn' ? null : call<typeof readReview>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea/review', { params }),
    idea.standing === 'withdrawn' ? null : loadComments(event, 'idea'),
    loadPictures(event),
  ]);
  return { fund, round, idea, review: review && must(review), discussion, pictures };
};

type Event = RequestEvent<{ fund: string; round: string; idea: string }>;
const here = ({ params }: Event) => links.idea(params.fund, params.round, Number(params.idea));

/** Whoever is not signed in does that first and comes back; anything else is said on the page. */
function refused(event: Event, problem: Problem, words = '') {
  if (problem.code === 'signed-out') redirect(303, links.signIn(here(event)));
  return fail(problem.status, { problem, words });
}

export const actions = {
  ...commentActions('idea'),
  hidePicture: hidePictureFrom,
  showPicture: showPictureFrom,
  support: async (event) => {
    const reply = await call<typeof supportIdea>(event, 'PUT', '/funds/:fund/rounds/:round/ideas/:idea/support', { params: event.params });
    return reply.ok ? redirect(303, here(event)) : refused(event, reply.problem);
  },
  unsupport: async (event) => {
    const reply = await call<typeof unsupportIdea>(event, 'DELETE', '/funds/:fund/rounds/:round/ideas/:idea/support', { params: event.params });
    return reply.ok ? redirect(303, here(event)) : refused(event, reply.problem);
  },
  reply: async (event) => {
    const form = await event.request.formData();
    const words = textOf(form, 'words');
    const reply = await call<typeof replyToReview>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/reply', { params: event.params, body: { version: Number(form.get('version')), words } });
    return reply.ok ? redirect(303, `${here(event)}#review`) : refused(event, reply.problem, words);
  },
};
