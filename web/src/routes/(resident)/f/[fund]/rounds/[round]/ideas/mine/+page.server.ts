import { redirect } from '@sveltejs/kit';
import type { myIdeas } from '@commonpot/server/votes/proposals/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const reply = await call<typeof myIdeas>(event, 'GET', '/funds/:fund/rounds/:round/my-ideas', { params: event.params });
  if (!reply.ok && reply.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname));
  const { fund, round } = await loadRound(event);
  const { ideas, isOpen } = must(reply);
  return { fund, round, ideas, isOpen, sent: ideas.find((idea) => String(idea.number) === event.url.searchParams.get('sent')) ?? null };
};
