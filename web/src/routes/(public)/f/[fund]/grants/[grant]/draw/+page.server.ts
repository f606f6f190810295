import type { readDraws } from '@commonpot/server/grants/draw/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const [fund, drawn] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }), call<typeof readDraws>(event, 'GET', '/funds/:fund/grants/:grant/draws', { params }),
  ]);
  return { fund: must(fund), ...must(drawn), origin: event.url.origin };
};
