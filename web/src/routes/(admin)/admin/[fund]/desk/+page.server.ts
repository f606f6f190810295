import type { listReported } from '@commonpot/server/community/discussion/contract';
import type { readDesk } from '@commonpot/server/votes/review/contract';
import { call, must } from '#lib/api.ts';
import { openDesk } from '#lib/community/desk.server.ts';

export const load = async (event) => {
  const fund = await openDesk(event);
  const { params } = event;
  const [desk, reported] = await Promise.all([call<typeof readDesk>(event, 'GET', '/funds/:fund/review-desk', { params }), call<typeof listReported>(event, 'GET', '/funds/:fund/moderation', { params })]);
  return { fund, rounds: must(desk).rounds, comments: must(reported).waiting.filter((each) => each.mayDecide).length };
};
