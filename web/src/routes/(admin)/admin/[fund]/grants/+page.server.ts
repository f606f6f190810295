import type { listGrantDesks } from '@commonpot/server/grants/rounds/contract';
import { call, must } from '#lib/api.ts';
import { openCharter } from '#lib/grants/charter.server.ts';

export const load = async (event) => {
  const [{ fund, charter }, desks] = await Promise.all([openCharter(event), call<typeof listGrantDesks>(event, 'GET', '/funds/:fund/grant-desks', { params: event.params })]);
  return { fund, charter, ...must(desks) };
};
