/** Pages for members: somebody who is not signed in signs in first and comes back. */
import { redirect, type RequestEvent } from '@sveltejs/kit';
import type { readFund } from '@commonpot/server/people/contract';
import { call, must, type Reply } from '#lib/api.ts';
import { links } from '#lib/links.ts';

type Opening = Pick<RequestEvent, 'url'>;

/** The value of a reply that only members get. */
export function mustBeMember<T>(event: Opening, reply: Reply<T>): T {
  if (!reply.ok && reply.problem.code === 'signed-out') redirect(303, links.signIn(event.url.pathname + event.url.search));
  return must(reply);
}

/** The fund of the page. */
export async function readPageFund(event: Pick<RequestEvent, 'fetch'> & { params: { fund: string } }) {
  return must(await call<typeof readFund>(event, 'GET', '/funds/:fund', { params: { fund: event.params.fund } }));
}
