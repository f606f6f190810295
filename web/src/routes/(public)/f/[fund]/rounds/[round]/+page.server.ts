import type { readTally } from '@commonpot/server/votes/tally/contract';
import type { readTurnout } from '@commonpot/server/votes/ballots/contract';
import type { readWordsOf } from '@commonpot/server/rounds/words/contract';
import { call } from '#lib/api.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { finds, searchText } from '#lib/votes/filter.ts';
import { loadHallOrder } from '#lib/votes/hall-order.ts';
import { COUNTED, loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, all] = await Promise.all([loadRound(event), loadProjects(event)]);
  const isCounted = COUNTED.includes(round.phase);
  const [turnout, tally, order, words] = await Promise.all([
    round.phase === 'voting' ? call<typeof readTurnout>(event, 'GET', '/funds/:fund/rounds/:round/turnout', { params: event.params }) : null,
    isCounted ? call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }) : null,
    ['notice', 'voting', 'counting'].includes(round.phase) ? loadHallOrder(event) : null,
    call<typeof readWordsOf>(event, 'GET', '/funds/:fund/rounds/:round/words/of/:subject', { params: { ...event.params, subject: 'round' } }),
  ]);
  const find = (event.url.searchParams.get('find') ?? '').slice(0, 80);
  return {
    fund, round, find, projects: all.filter((project) => finds(find, searchText(project))), projectCount: all.length,
    askedMinor: all.reduce((sum, project) => sum + project.costMinor, 0),
    recordings: words.value?.recordings ?? [], before: words.value?.translations.find((each) => each.language === getLocale())?.before ?? [],
    turnout: turnout?.value?.ballots ?? 0, hasResult: tally?.ok ?? false, hasHallOrder: order !== null && order.state !== 'none',
  };
};
