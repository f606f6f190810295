/** The charter that an administrator is writing. */
import type { RequestEvent } from '@sveltejs/kit';
import type { keepDraft, readCharter, readDraft } from '@commonpot/server/rounds/charter/contract';
import type { CharterContent } from '@commonpot/server/rounds/charter/contract';
import { call, must } from '#lib/api.ts';
import { openFund } from '#lib/rounds/admin.server.ts';

type Event = Pick<RequestEvent, 'fetch' | 'url'> & { params: { fund: string } };

/** The fund, its charter with every version, and this administrator's draft. */
export async function openCharter(event: Event) {
  const fund = await openFund(event);
  const { params } = event;
  const [charter, draft] = await Promise.all([
    call<typeof readCharter>(event, 'GET', '/funds/:fund/charter', { params }), call<typeof readDraft>(event, 'GET', '/funds/:fund/charter/draft', { params }),
  ]);
  return { fund, charter: must(charter), ...must(draft) };
}

/** Keeps a draft, written from version `after`. */
export function keep(event: Event, content: CharterContent, after: number | null) {
  return call<typeof keepDraft>(event, 'PUT', '/funds/:fund/charter/draft', { params: event.params, body: { content, after } });
}
