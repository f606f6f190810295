/**
 * Keeps the page of a ballot for a time without a line, with the styles and the script it names, and nothing else:
 * no answer of the API, no other page, no choice. It knows no file by name, so one of an older version serves the
 * pages of a newer. BALLOT_OFFLINE=false puts a worker in its place that removes everything (docs/operators/vote-day.md).
 */
import { ballotOf, forgetPages, STORE, UNSENT } from '#lib/votes/kept-pages.ts';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
/** How long a bad line is waited for while there is a copy, in milliseconds. */
const PATIENCE = 5000;
/** Counts what was forgotten, so that a page on its way to the store does not arrive after it. */
let forgotten = 0;

worker.addEventListener('install', () => void worker.skipWaiting());

worker.addEventListener('message', (event) => {
  const path: unknown = (event.data as { keep?: unknown } | null)?.keep;
  if (typeof path === 'string' && ballotOf(path) === path) event.waitUntil(keepLoaded(path));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== worker.location.origin) return;
  const ballot = ballotOf(pathname);
  if (request.mode === 'navigate') {
    // Whatever else a form is sent to may change who is here, or the language: sign-in, sign-out, a printed code.
    if (request.method !== 'GET') return ballot ? undefined : event.waitUntil(forget());
    if (ballot && search === '') event.respondWith(openPage(event, pathname, ballot));
  } else if (request.method === 'GET' && isAsset(pathname)) {
    event.respondWith(caches.match(pathname, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});

const isAsset = (path: string): boolean => path.startsWith('/_app/immutable/');

async function forget(): Promise<void> {
  forgotten += 1;
  await forgetPages();
}

/** From the server where it answers, and else from the store. */
async function openPage(event: FetchEvent, path: string, ballot: string): Promise<Response> {
  const since = forgotten;
  const unsent = await caches.match(ballot + UNSENT);
  const network = fetch(event.request).then((response) => {
    if (response.ok && path === ballot) event.waitUntil(keep(ballot, response.clone(), since));
    // Led elsewhere: voting is over, or nobody is signed in any more.
    if (response.type === 'opaqueredirect' && !unsent) event.waitUntil(caches.delete(STORE + ballot));
    return response;
  });
  event.waitUntil(network.catch(() => undefined));
  const answer = await Promise.race([network.catch(() => null), new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null))]);
  if (answer && answer.status < 500 && !(unsent && answer.type === 'opaqueredirect')) return answer;
  return (await caches.match(ballot, { ignoreVary: true })) ?? network;
}

/** Keeps a page that was there before the worker was, out of the browser's own cache. */
async function keepLoaded(ballot: string): Promise<void> {
  const since = forgotten;
  const response = await fetch(ballot, { cache: 'force-cache' });
  if (response.ok && !response.redirected) await keep(ballot, response, since);
}

/** Puts a page into its store with all it names, and drops what an earlier version of it named. */
async function keep(ballot: string, response: Response, since: number): Promise<void> {
  const html = await response.text();
  if (!html.includes(' data-ballot=')) return void (await caches.delete(STORE + ballot));
  const named = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address = '']) => new URL(address, worker.location.origin + ballot).pathname);
  const assets = [...new Set(named.filter(isAsset))];
  const store = await caches.open(STORE + ballot);
  await Promise.all(assets.map(async (asset) => (await store.match(asset, { ignoreVary: true })) ?? store.add(asset)));
  if (since !== forgotten) return;
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  await store.put(ballot, new Response(html.replace(' data-ballot=', ' data-kept data-ballot='), { headers }));
  for (const entry of await store.keys()) {
    const { pathname } = new URL(entry.url);
    if (isAsset(pathname) && !assets.includes(pathname)) await store.delete(entry);
  }
}
