import type { listIdeas } from '@commonpot/server/votes/proposals/contract';
import type { listInterests } from '@commonpot/server/votes/review/contract';
import { call, must } from '#lib/api.ts';
import { loadRound } from '#lib/votes/round.ts';

export const load = async (event) => {
  const { params } = event;
  const find = (event.url.searchParams.get('find') ?? '').trim().slice(0, 80);
  const cursor = event.url.searchParams.get('cursor') ?? undefined;
  const [{ fund, round }, ideas, interests] = await Promise.all([
    loadRound(event), call<typeof listIdeas>(event, 'GET', '/funds/:fund/rounds/:round/ideas', { params, query: { find, cursor, limit: 60 } }),
    call<typeof listInterests>(event, 'GET', '/funds/:fund/rounds/:round/interests', { params }),
  ]);
  return { fund, round, find, ...must(ideas), ...must(interests) };
};
