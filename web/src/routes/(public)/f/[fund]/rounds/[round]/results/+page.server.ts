import { redirect } from '@sveltejs/kit';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import type { readSealing } from '@commonpot/server/votes/sealing/contract';
import type { readObserving } from '@commonpot/server/votes/observers/contract';
import type { readSetAside } from '@commonpot/server/votes/set-aside/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadSteps } from '#lib/votes/load-steps.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, projects, count] = await Promise.all([loadRound(event), loadProjects(event), loadSteps(event)]);
  const reply = await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params });
  if (!reply.ok && reply.problem.code === 'not-found') redirect(303, links.round(fund.slug, round.slug));
  const sealing = must(await call<typeof readSealing>(event, 'GET', '/funds/:fund/rounds/:round/sealing', { params: event.params }));
  const [observing, aside] = await Promise.all([
    call<typeof readObserving>(event, 'GET', '/funds/:fund/rounds/:round/observing', { params: event.params }),
    call<typeof readSetAside>(event, 'GET', '/funds/:fund/rounds/:round/set-aside', { params: event.params }),
  ]);
  return { fund, round, sealing, observing: must(observing), setAside: must(aside).setAside, tally: must(reply), steps: count?.steps ?? [], pots: count && count.pots.length > 1 ? count.pots : [], tongues: Object.fromEntries(projects.map(({ number, title, tongue: { lang, dir } }) => [number, { title, lang, dir }])) };
};
