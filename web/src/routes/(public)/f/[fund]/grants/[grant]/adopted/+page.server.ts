import { error } from '@sveltejs/kit';
import type { readAdoptions } from '@commonpot/server/grants/adoption/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const [fund, adoptions] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readAdoptions>(event, 'GET', '/funds/:fund/grants/:grant/adoptions', { params }),
  ]);
  const { route, ...rest } = must(adoptions);
  if (!route) error(404, { message: '', code: 'not-found' });
  return { fund: must(fund), grant: params.grant, ...rest, route };
};
