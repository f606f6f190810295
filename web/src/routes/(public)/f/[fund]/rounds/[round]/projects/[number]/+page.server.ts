import { error } from '@sveltejs/kit';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call } from '#lib/api.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, projects] = await Promise.all([loadRound(event), loadProjects(event)]);
  const project = projects.find((each) => each.number === event.params.number);
  if (!project) error(404, { message: '', code: 'not-found' });
  const isDecided = ['results', 'delivery', 'closed'].includes(round.phase);
  const tally = isDecided ? await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }) : null;
  return { fund, round, project, tally: tally?.value ?? null };
};
