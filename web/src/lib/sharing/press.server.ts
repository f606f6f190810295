/** Answers with a card or a poster: drawn once for its words, kept by their digest. */
import { error, type RequestEvent } from '@sveltejs/kit';
import type { Press } from '@commonpot/server/platform/press/contract';
import { getLocale } from '#lib/paraglide/runtime.js';
import { loadProject, loadRound } from '#lib/votes/round.ts';
import { cardWords, posterWords } from './words.ts';

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

/** How long a messenger may show what it has without asking. */
const MINUTES = 5;

/** The picture or the sheet, or word that the one which was kept is still right. */
export async function answer(event: Event, kind: 'card' | 'poster'): Promise<Response> {
  if ((event.params as { language?: string }).language !== getLocale()) error(404, { message: '', code: 'not-found' });
  const { fund, round, project } = await loadSubject(event);
  const draws = press();
  const sheet = kind === 'poster' ? posterWords(fund, round, project, event.url.origin) : null;
  const card = cardWords(fund, round, project);
  const etag = `"${draws.digest(sheet ?? card)}"`;
  const headers = { etag, 'cache-control': `public, max-age=${MINUTES * 60}` };
  if (event.request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers });
  const bytes = await (sheet ? draws.poster(sheet) : draws.card(card));
  if (!bytes) return new Response(null, { status: 503, headers: { 'retry-after': '10', 'cache-control': 'no-store' } });
  const name = `${round.slug}${project ? `-${project.number.replace(/[^\w-]/g, '')}` : ''}.pdf`;
  return new Response(bytes, { headers: { ...headers, 'content-type': kind === 'card' ? 'image/png' : 'application/pdf', 'content-length': String(bytes.length), ...(kind === 'card' ? {} : { 'content-disposition': `inline; filename="${name}"` }) } });
}
