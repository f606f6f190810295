import type { readPanels } from '@commonpot/server/grants/panels/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const [fund, panels] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }), call<typeof readPanels>(event, 'GET', '/funds/:fund/grants/:grant/panels', { params }),
  ]);
  return { fund: must(fund), ...must(panels), grant: params.grant };
};
