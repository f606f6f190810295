import { fail, redirect } from '@sveltejs/kit';
import type { moveRound } from '@commonpot/server/rounds/contract';
import type { joinIdeas, listReviews, splitIdea } from '@commonpot/server/votes/review/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { openReview } from '#lib/proposals/review.server.ts';
import { paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openReview(event);
  return { fund, round, ...must(await call<typeof listReviews>(event, 'GET', '/funds/:fund/rounds/:round/review', { params: paramsOf(event) })) };
};

const back = (event: { params: { fund: string; round: string } }) => redirect(303, links.adminIdeas(event.params.fund, event.params.round));

export const actions = {
  join: async (event) => {
    const form = await event.request.formData();
    const picked = form.getAll('idea').map(Number);
    const lead = Number(form.get('lead') || picked[0]);
    const wrong = picked.length < 2 ? 'picked' : picked.includes(lead) ? null : 'lead';
    if (wrong) return fail(400, { problem: { code: 'wrong-shape' as const, status: 400 }, wrong, picked });
    const reply = await call<typeof joinIdeas>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/join', {
      params: { ...paramsOf(event), idea: String(lead) }, body: { ideas: picked.filter((number) => number !== lead) },
    });
    return reply.ok ? back(event) : fail(reply.problem.status, { problem: reply.problem, wrong: null, picked });
  },
  split: async (event) => {
    const idea = String((await event.request.formData()).get('idea') ?? '');
    const reply = await call<typeof splitIdea>(event, 'POST', '/funds/:fund/rounds/:round/ideas/:idea/split', { params: { ...paramsOf(event), idea } });
    return reply.ok ? back(event) : fail(reply.problem.status, { problem: reply.problem, wrong: null, picked: [] });
  },
  open: async (event) => {
    const reply = await call<typeof moveRound>(event, 'POST', '/funds/:fund/rounds/:round/transitions', { params: paramsOf(event), body: { to: 'ideas' } });
    return reply.ok ? back(event) : fail(reply.problem.status, { problem: reply.problem, wrong: null, picked: [] });
  },
};
