import type { listRoundAwards } from '@commonpot/server/rounds/awards/contract';
import type { readDelivery } from '@commonpot/server/votes/delivery/contract';
import type { readCredits, readReview } from '@commonpot/server/votes/review/contract';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import type { readWordsOf } from '@commonpot/server/rounds/words/contract';
import { call } from '#lib/api.ts';
import { commentActions, loadComments } from '#lib/community/comments.server.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { loadProject, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, project, discussion] = await Promise.all([loadRound(event), loadProject(event, event.params.number), loadComments(event, 'project')]);
  const words = (await call<typeof readWordsOf>(event, 'GET', '/funds/:fund/rounds/:round/words/of/:subject', { params: { ...event.params, subject: project.id } })).value;
  const spoken = { recordings: words?.recordings ?? [], before: words?.translations.find((each) => each.language === getLocale())?.before ?? [] };
  const credits = (await call<typeof readCredits>(event, 'GET', '/funds/:fund/rounds/:round/projects/:project/ideas', { params: { ...event.params, project: project.id } })).value ?? null;
  const review = credits?.review ? ((await call<typeof readReview>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea/review', { params: { ...event.params, idea: String(credits.review.idea) } })).value ?? null) : null;
  const isDecided = ['results', 'delivery', 'closed'].includes(round.phase);
  if (!isDecided) return { fund, round, project, spoken, credits, review, discussion, tally: null, award: null, delivery: null };
  const [tally, awards, delivery] = await Promise.all([
    call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }),
    call<typeof listRoundAwards>(event, 'GET', '/funds/:fund/rounds/:round/awards', { params: event.params }),
    call<typeof readDelivery>(event, 'GET', '/funds/:fund/rounds/:round/delivery', { params: event.params, query: { project: project.id } }),
  ]);
  return { fund, round, project, spoken, credits, review, delivery: delivery.value?.projects[0] ?? null, discussion, tally: tally.value ?? null, award: awards.value?.awards.find((award) => award.project === project.id) ?? null };
};

export const actions = commentActions('project');
