import { redirect } from '@sveltejs/kit';
import type { readTally } from '@commonpot/server/votes/tally/contract';
import { call, must } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { loadSteps } from '#lib/votes/load-steps.ts';
import { loadProjects, loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const [{ fund, round }, projects, count] = await Promise.all([loadRound(event), loadProjects(event), loadSteps(event)]);
  if (!count) redirect(303, links.results(fund.slug, round.slug));
  const tally = must(await call<typeof readTally>(event, 'GET', '/funds/:fund/rounds/:round/tally', { params: event.params }));
  const asked = Number(event.url.searchParams.get('step'));
  return { fund, round, tally, count, step: count.steps[asked - 1] ?? null, titles: Object.fromEntries(projects.map(({ number, title }) => [number, title])) };
};
