import { error } from '@sveltejs/kit';
import type { listRoundAwards } from '@commonpot/server/rounds/awards/contract';
import type { readCredits } from '@commonpot/server/votes/review/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call } from '#lib/api.ts';
import { commentActions, loadComments } from '#lib/community/comments.server.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, projects, discussion] = await Promise.all([loadRound(event), loadProjects(event), loadComments(event, 'project')]);
  const project = projects.find((each) => each.number === event.params.number);
  if (!project) error(404, { message: '', code: 'not-found' });
  const credits = (await call<typeof readCredits>(event, 'GET', '/funds/:fund/rounds/:round/projects/:project/ideas', { params: { ...event.params, project: project.id } })).value ?? null;
  const isDecided = ['results', 'delivery', 'closed'].includes(round.phase);
  if (!isDecided) return { fund, round, project, credits, discussion, tally: null, award: null };
  const [tally, awards] = await Promise.all([
    call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }),
    call<typeof listRoundAwards>(event, 'GET', '/funds/:fund/rounds/:round/awards', { params: event.params }),
  ]);
  return { fund, round, project, credits, discussion, tally: tally.value ?? null, award: awards.value?.awards.find((award) => award.project === project.id) ?? null };
};

export const actions = commentActions('project');
