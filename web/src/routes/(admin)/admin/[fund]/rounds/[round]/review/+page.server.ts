import type { listReviews } from '@commonpot/server/votes/review/contract';
import { call, must } from '#lib/api.ts';
import { openReview } from '#lib/proposals/review.server.ts';
import { paramsOf } from '#lib/rounds/admin.server.ts';

export const load = async (event) => {
  const { fund, round } = await openReview(event);
  return { fund, round, ...must(await call<typeof listReviews>(event, 'GET', '/funds/:fund/rounds/:round/review', { params: paramsOf(event) })) };
};
