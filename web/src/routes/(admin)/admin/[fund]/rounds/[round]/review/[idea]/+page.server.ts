import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { readIdea, readProposer } from '@commonpot/server/votes/proposals/contract';
import type { putOnBallot, readReview, writeReview } from '@commonpot/server/votes/review/contract';
import { call, must, type Problem } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { declareFrom, keepRole } from '#lib/proposals/interest.server.ts';
import { readReviewForm, reviewBody, type ReviewFault, type TypedReview } from '#lib/proposals/review-form.ts';
import { openReview, ROLE_COOKIE } from '#lib/proposals/review.server.ts';

type Event = RequestEvent<{ fund: string; round: string; idea: string }>;

export const load = async (event) => {
  const { params } = event;
  const { fund, round } = await openReview(event);
  const [idea, review] = await Promise.all([
    call<typeof readIdea>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea', { params }), call<typeof readReview>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea/review', { params }),
  ]);
  const found = must(idea);
  if (found.joinedTo) redirect(303, links.reviewIdea(params.fund, params.round, found.joinedTo));
  const proposer = found.may.includes('proposal.read-proposer') ? await call<typeof readProposer>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea/proposer', { params }) : null;
  return { fund, round, idea: found, review: must(review), proposer: proposer?.value ?? null, role: event.cookies.get(ROLE_COOKIE) ?? '' };
};

const here = ({ params }: Event) => links.reviewIdea(params.fund, params.round, Number(params.idea));
const shown = (problem: Problem, given: { typed?: TypedReview; fault?: ReviewFault; interest?: string } = {}) => fail(problem.status, { problem, typed: given.typed ?? null, fault: given.fault ?? null, interest: given.interest ?? '' });

export const actions = {
  answer: async (event) => {
    const { round } = await openReview(event);
    const typed = readReviewForm(await event.request.formData());
    const read = reviewBody(typed, round.currency);
    if ('fault' in read) return shown({ code: 'wrong-shape', status: 400 }, { typed, fault: read.fault });
    const reply = await call<typeof writeReview>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/review', { params: event.params, body: read.body });
    if (!reply.ok) return shown(reply.problem, { typed });
    keepRole(event, typed.role);
    redirect(303, links.reviews(event.params.fund, event.params.round));
  },
  declare: async (event) => {
    const refused = await declareFrom(event, Number(event.params.idea));
    return refused ? shown(refused.data.problem, { interest: refused.data.interest }) : redirect(303, here(event));
  },
  accept: async (event) => {
    const version = Number((await event.request.formData()).get('version'));
    const reply = await call<typeof putOnBallot>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/project', { params: event.params, body: { version } });
    return reply.ok ? redirect(303, here(event)) : shown(reply.problem);
  },
};
