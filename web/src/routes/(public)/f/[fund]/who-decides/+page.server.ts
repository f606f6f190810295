import type { listGrantRounds } from '@commonpot/server/grants/rounds/contract';
import type { readFund } from '@commonpot/server/people/contract';
import type { readCharter } from '@commonpot/server/rounds/charter/contract';
import { call, must } from '#lib/api.ts';

export const load = async (event) => {
  const { params } = event;
  const version = event.url.searchParams.get('version') ?? undefined;
  const [fund, charter, grants] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readCharter>(event, 'GET', '/funds/:fund/charter', { params, query: { version } }),
    call<typeof listGrantRounds>(event, 'GET', '/funds/:fund/grants', { params }),
  ]);
  return { fund: must(fund), ...must(charter), asking: must(grants).rounds.find((each) => each.isAsking) ?? null };
};
