/** Answers with a card or a poster: drawn once for its words, kept by their digest. */
import { error, type RequestEvent } from '@sveltejs/kit';
import type { CardWords, Press } from '@commonpot/server/platform/press/contract';
import type { readIdea } from '@commonpot/server/votes/proposals/contract';
import { call, must } from '#lib/api.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { loadProject, loadRound } from '#lib/votes/round.ts';
import { cardWords, ideaCardWords, posterWords } from './words.ts';

/** How long a messenger may show what it has without asking. */
const MINUTES = 5;

type Event = Pick<RequestEvent, 'fetch' | 'params' | 'url' | 'request'>;

/** What draws; pages that stand alone have none. */
export function press(): Press {
  if (!globalThis.commonpotPress) error(503, { message: '', code: 'unavailable' });
  return globalThis.commonpotPress;
}

/** The round and the project that an address names. Drafts are nobody's to hang up. */
export async function loadSubject(event: Event) {
  const number = (event.params as { number?: string }).number;
  const [{ fund, round }, project] = await Promise.all([loadRound(event), number === undefined ? null : loadProject(event, number)]);
  if (round.phase === 'draft') error(404, { message: '', code: 'not-found' });
  return { fund, round, project };
}

/** A card for these words, or word that the one which was kept is still right. */
async function card(event: Event, words: CardWords): Promise<Response> {
  const draws = press();
  return answerWith(event, draws.digest(words), () => draws.card(words), { 'content-type': 'image/png' });
}

/** The card of an idea, as long as it stands. */
export async function answerIdea(event: Event): Promise<Response> {
  const params = event.params as Record<string, string>;
  if (params.language !== getLocale()) error(404, { message: '', code: 'not-found' });
  const [{ fund, round }, idea] = await Promise.all([loadRound(event), call<typeof readIdea>(event, 'GET', '/funds/:fund/rounds/:round/ideas/:idea', { params })]);
  const found = must(idea);
  if (found.standing === 'withdrawn') error(404, { message: '', code: 'not-found' });
  return card(event, ideaCardWords(fund, round, found));
}

/** The picture or the sheet, or word that the one which was kept is still right. */
export async function answer(event: Event, kind: 'card' | 'poster'): Promise<Response> {
  if ((event.params as { language?: string }).language !== getLocale()) error(404, { message: '', code: 'not-found' });
  const { fund, round, project } = await loadSubject(event);
  if (kind === 'card') return card(event, cardWords(fund, round, project));
  const draws = press();
  const sheet = posterWords(fund, round, project, event.url.origin);
  const name = `${round.slug}${project ? `-${project.number.replace(/[^\w-]/g, '')}` : ''}.pdf`;
  return answerWith(event, draws.digest(sheet), () => draws.poster(sheet), { 'content-type': 'application/pdf', 'content-disposition': `inline; filename="${name}"` });
}

async function answerWith(event: Event, digest: string, draw: () => Promise<Uint8Array<ArrayBuffer> | null>, type: Record<string, string>): Promise<Response> {
  const etag = `"${digest}"`;
  const headers = { etag, 'cache-control': `public, max-age=${MINUTES * 60}` };
  if (event.request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers });
  const bytes = await draw();
  if (!bytes) return new Response(null, { status: 503, headers: { 'retry-after': '10', 'cache-control': 'no-store' } });
  return new Response(bytes, { headers: { ...headers, ...type, 'content-length': String(bytes.length) } });
}
