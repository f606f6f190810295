/** The grant round that a page is about, and its fund. */
import type { RequestEvent } from '@sveltejs/kit';
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { readGrantRound } from '@commonpot/server/grants/rounds/contract';
import type { listSignposts } from '@commonpot/server/grants/signposts/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must } from '#lib/api.ts';

export type Grant = AnswerOf<typeof readGrantRound>;
export type Signpost = AnswerOf<typeof listSignposts>['signposts'][number];

type Event = Pick<RequestEvent, 'fetch' | 'params'>;

/** The fund, the grant round of the address, and where else there is help; what is not there becomes the error page. */
export async function loadGrant(event: Event) {
  const params = event.params as Record<string, string>;
  const [fund, grant, signposts] = await Promise.all([
    call<typeof readFund>(event, 'GET', '/funds/:fund', { params }),
    call<typeof readGrantRound>(event, 'GET', '/funds/:fund/grants/:grant', { params }),
    call<typeof listSignposts>(event, 'GET', '/funds/:fund/signposts', { params }),
  ]);
  return { fund: must(fund), grant: must(grant), signposts: signposts.value?.signposts ?? [] };
}
