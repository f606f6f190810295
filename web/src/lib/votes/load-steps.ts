/** The steps of a round's count, as the API has them. */
import type { RequestEvent } from '@sveltejs/kit';
import type { readSteps } from '@commonpot/server/votes/steps/contract';
import { call, must } from '#lib/api.ts';
import type { CountSteps } from './count-steps.ts';

/** The steps of the round of the address; null while its result is not final. */
export async function loadSteps(event: Pick<RequestEvent, 'fetch' | 'params'>): Promise<CountSteps | null> {
  const reply = await call<typeof readSteps>(event, 'GET', '/funds/:fund/rounds/:round/tally/steps', { params: event.params as Record<string, string> });
  return !reply.ok && reply.problem.code === 'not-found' ? null : must(reply);
}
