import type { listContributions } from '@commonpot/server/money/contract';
import { call } from '#lib/api.ts';
import { mustBeMember, readPageFund } from '#lib/money/member.server.ts';

export const load = async (event) => {
  const cursor = event.url.searchParams.get('cursor') ?? undefined;
  const page = mustBeMember(event, await call<typeof listContributions>(event, 'GET', '/funds/:fund/contributions', { params: event.params, query: { cursor } }));
  return { fund: await readPageFund(event), page, isNewest: cursor === undefined };
};
