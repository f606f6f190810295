import type { readTally } from '@commonpot/server/votes/tally/contract';
import type { readTurnout } from '@commonpot/server/votes/ballots/contract';
import { call } from '#lib/api.ts';
import { finds, searchText } from '#lib/votes/filter.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

const COUNTED = ['counting', 'results', 'delivery', 'closed'];

export const load = async (event) => {
  const [{ fund, round }, all] = await Promise.all([loadRound(event), loadProjects(event)]);
  const isCounted = COUNTED.includes(round.phase);
  const [turnout, tally] = await Promise.all([
    round.phase === 'voting' ? call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params: event.params }) : null,
    isCounted ? call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }) : null,
  ]);
  const find = (event.url.searchParams.get('find') ?? '').slice(0, 80);
  return {
    fund, round, find, projects: all.filter((project) => finds(find, searchText(project))), projectCount: all.length,
    askedMinor: all.reduce((sum, project) => sum + project.costMinor, 0),
    turnout: turnout?.value?.ballots ?? 0, hasResult: tally?.ok ?? false,
  };
};
