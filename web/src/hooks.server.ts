/** Every page's request: its language, and its calls to the API, which stay inside the process. */
import type { Handle, HandleFetch, HandleServerError } from '@sveltejs/kit/hooks';
import { inKiosk, kioskOf } from '#lib/kiosk/kiosk.server.ts';
import { fillUp } from '#lib/votes/length.server.ts';
import { paraglideMiddleware } from '#lib/paraglide/server.js';

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur'];

/** Cards and posters name their language in their address, because who asks for them sends no cookie. */
function inItsLanguage({ request, url }: Parameters<Handle>[0]['event']): Request {
  const language = /\/(?:card|poster)-([a-z]{2})\.(?:png|pdf)$/.exec(url.pathname)?.[1];
  return language && request.method !== 'POST' ? new Request(request.url, { headers: { cookie: `language=${language}` } }) : request;
}

/** The pages that choices are sent to, and come back from, where no script runs. */
const BALLOT = '/(resident)/f/[fund]/rounds/[round]/vote/ballot';

export const handle: Handle = ({ event, resolve }) =>
  paraglideMiddleware(inItsLanguage(event), ({ locale }) => {
    const inLanguage = (html: string) => html.replace('%lang%', locale).replace('%dir%', RIGHT_TO_LEFT.includes(locale) ? 'rtl' : 'ltr');
    const kiosk = kioskOf(event);
    const answered = kiosk ? inKiosk(event, kiosk, resolve, inLanguage) : resolve(event, { transformPageChunk: ({ html }) => inLanguage(html) });
    return event.request.method === 'POST' && event.route.id === BALLOT ? Promise.resolve(answered).then(fillUp) : answered;
  });

/**
 * Headers of the visitor that the API needs to see beside their cookies: with what they come, and whether through a proxy.
 * The address itself is settled: a header cannot change it, for only a proxy's word is believed.
 */
const FORWARDED = ['user-agent', 'accept-language', 'idempotency-key', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];

/**
 * Injects calls to `/api/` into the app of this process. The page's own request was already held to its
 * origin, so the inner call says same-origin. Cookies that the API sets are repeated on the page's answer.
 */
export const handleFetch: HandleFetch = async ({ event, request, fetch }) => {
  const url = new URL(request.url);
  const api = globalThis.commonpotApi;
  if (!api || url.origin !== event.url.origin || !url.pathname.startsWith('/api/')) return fetch(request);
  const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin', host: event.request.headers.get('host') ?? event.url.host };
  for (const name of FORWARDED) {
    const value = request.headers.get(name) ?? event.request.headers.get(name);
    if (value) headers[name] = value;
  }
  const cookies = ownCookies(event);
  if (cookies) headers.cookie = cookies;
  const type = request.headers.get('content-type');
  if (type) headers['content-type'] = type;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && type !== null;
  const answer = await api({
    method: request.method, url: url.pathname + url.search, headers, address: event.getClientAddress(),
    body: hasBody ? Buffer.from(await request.arrayBuffer()) : undefined,
  });
  for (const [name, value] of answer.headers) {
    if (name === 'set-cookie') repeatCookie(event, value);
  }
  return new Response(answer.status === 204 ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers.filter(([name]) => name !== 'set-cookie') });
};

/** The cookies that the API set, an earlier call of this request included. The others are the pages' own and no business of the API's. */
function ownCookies({ cookies }: Parameters<HandleFetch>[0]['event']): string {
  return cookies.getAll().filter(({ name, value }) => name.startsWith('__Host-') && value).map(({ name, value }) => `${name}=${encodeURIComponent(value ?? '')}`).join('; ');
}

function repeatCookie(event: Parameters<HandleFetch>[0]['event'], header: string): void {
  const [pair = '', ...attributes] = header.split(/;\s*/);
  const name = pair.slice(0, pair.indexOf('='));
  const find = (key: string) => attributes.find((each) => each.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
  const expires = find('expires');
  const maxAge = find('max-age');
  event.cookies.set(name, decodeURIComponent(pair.slice(name.length + 1)), {
    path: '/', httpOnly: true, secure: true, sameSite: 'lax',
    ...(expires ? { expires: new Date(expires) } : {}), ...(maxAge ? { maxAge: Number(maxAge) } : {}),
  });
}

/** What a page threw, without the words of the error: they could hold something a person typed. */
export const handleError: HandleServerError = (caught) => {
  if (caught.kind === 'unknown') {
    const { name, stack } = caught.error as Error;
    console.error(JSON.stringify({ level: 50, event: 'page-failed', route: caught.event.route.id, error: name, frames: stack?.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 5) }));
  }
};
