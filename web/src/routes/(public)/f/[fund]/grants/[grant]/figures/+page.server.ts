import type { readAdoptions } from '@commonpot/server/grants/adoption/contract';
import type { readFigures } from '@commonpot/server/grants/figures/contract';
import type { listStories } from '@commonpot/server/grants/stories/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const [fund, figures, stories, adoptions] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readFigures>(event, 'GET', '/funds/:fund/grants/:grant/figures', { params }),
    call<typeof listStories>(event, 'GET', '/funds/:fund/grants/:grant/stories', { params }),
    call<typeof readAdoptions>(event, 'GET', '/funds/:fund/grants/:grant/adoptions', { params }),
  ]);
  return { fund: must(fund), figures: must(figures), stories: must(stories).stories.filter((each) => each.published), grant: params.grant, adopts: Boolean(adoptions.value?.route) };
};
