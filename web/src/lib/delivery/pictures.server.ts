/** Pictures from a page's load and actions. */
import { fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { hidePicture, showPicture } from '@commonpot/server/platform/pictures/contract';
import type { listIdeaPictures } from '@commonpot/server/votes/proposals/contract';
import { call } from '#lib/api.ts';
import { textOf } from '#lib/proposals/form.ts';

type Event = Pick<RequestEvent, 'fetch' | 'params'>;

/** The pictures of the idea in the address; none where it has left the public pages. */
export async function loadPictures(event: Event) {
  const reply = await call<typeof listIdeaPictures>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea/pictures', { params: event.params as Record<string, string> });
  return reply.value ?? { pictures: [], most: 0, mayAdd: false, may: [] };
}

type Deciding = Event & Pick<RequestEvent, 'request' | 'url'>;

/** Hides the picture that a form names, and comes back to the page. */
export const hidePictureFrom = (event: Deciding) => decide(event, '/funds/:fund/pictures/:picture/hide');

/** Shows it again. */
export const showPictureFrom = (event: Deciding) => decide(event, '/funds/:fund/pictures/:picture/show');

async function decide(event: Deciding, path: (typeof hidePicture | typeof showPicture)['path']) {
  const form = await event.request.formData();
  const reply = await call<typeof hidePicture | typeof showPicture>(event, 'POST', path, { params: { fund: event.params.fund ?? '', picture: textOf(form, 'picture') }, body: { reason: textOf(form, 'reason') } });
  return reply.ok ? redirect(303, event.url.pathname) : fail(reply.problem.status, { problem: reply.problem, words: '' });
}
