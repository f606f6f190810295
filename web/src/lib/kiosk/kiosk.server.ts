/**
 * A browser that strangers share. With its cookie it shows the ballot of one round and nothing else: no script, no worker,
 * nothing kept in any store, and every look at the first page begins a new turn that knows nothing of the one before.
 */
import type { RequestEvent } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import type { signOut } from '@commonpot/server/people/contract';
import type { readKiosk } from '@commonpot/server/votes/kiosk/contract';
import { call } from '#lib/api.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';

const COOKIE = '__Host-kiosk';
/** The turn that a form belongs to: what the browser's history sends again later is of an earlier one. */
const TURN = 'turn';
/** Seconds until the tablet forgets somebody who walked away: while they choose, and once their receipt is shown. */
const [CHOOSING, AFTER] = [300, 60];

interface Kiosk {
  fund: string;
  round: string;
  vote: string;
}

/** The tablet's round, as its cookie has it; null for every other browser. */
export function kioskOf({ cookies }: Pick<RequestEvent, 'cookies'>): Kiosk | null {
  const [, fund, round] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.[\w-]+$/.exec(cookies.get(COOKIE) ?? '') ?? [];
  return fund && round ? { fund, round, vote: links.vote(fund, round) } : null;
}

const isFile = (path: string) => path.startsWith('/_app/') || path.endsWith('/vote/sums.css');

type Resolve = Parameters<Handle>[0]['resolve'];

/** Answers a tablet's request. */
export async function inKiosk(event: RequestEvent, kiosk: Kiosk, resolve: Resolve, page: (html: string) => string): Promise<Response> {
  const { pathname } = event.url;
  if (isFile(pathname)) return resolve(event);
  const { vote } = kiosk;
  const reply = await call<typeof readKiosk>(event, 'GET', '/funds/:fund/rounds/:round/kiosk', { params: { fund: kiosk.fund, round: kiosk.round } });
  if (reply.ok && !reply.value.isOpen) {
    return ended(event, kiosk);
  }
  const isPost = event.request.method === 'POST';
  const ballot = links.ballot(kiosk.fund, kiosk.round);
  const lead = (path: string) => sealed(new Response(null, { status: 303, headers: { location: path } }));
  if (isPost && pathname === links.signOut()) return lead(vote);
  if (isPost ? ![vote, ballot, links.language()].includes(pathname) : pathname !== vote && pathname !== ballot) return lead(ballot);
  if (pathname === vote && !isPost) await forget(event, vote);
  // A page that the browser's history sends again would show, or cast, what somebody else chose.
  if (pathname === ballot && isPost && (await turnOf(event.request)) !== event.cookies.get(TURN)) return lead(ballot);
  const turn = event.cookies.get(TURN) ?? newTurn(event);
  const response = await resolve(event, { transformPageChunk: ({ html }) => bare(page(html), kiosk, turn) });
  if ((pathname !== vote || isPost) && response.status === 200) response.headers.set('refresh', `${isPost && event.url.search === '?/cast' ? AFTER : CHOOSING};url=${vote}`);
  if (pathname === vote && !isPost) response.headers.set('clear-site-data', '"cache", "storage"');
  return sealed(response);
}

/** An ordinary browser again, in which nobody is signed in. */
async function ended(event: RequestEvent, kiosk: Kiosk): Promise<Response> {
  await call<typeof signOut>(event, 'POST', '/sign-out', {});
  const response = sealed(new Response(null, { status: 303, headers: { location: links.round(kiosk.fund, kiosk.round), 'clear-site-data': '"cache", "storage"' } }));
  for (const name of [COOKIE, '__Host-session']) response.headers.append('set-cookie', event.cookies.serialize(name, '', { path: '/', secure: true, httpOnly: true, sameSite: 'lax', maxAge: 0 }));
  return response;
}

async function turnOf(request: Request): Promise<string | null> {
  // What comes out of the history may have lost its body.
  const form = await request.clone().formData().catch(() => null);
  return String(form?.get(TURN) ?? '') || null;
}

/** Ends the turn: the session is over on the server too, and of all cookies only the tablet's own stays. */
async function forget(event: RequestEvent, vote: string): Promise<void> {
  if (event.cookies.get('__Host-session')) await call<typeof signOut>(event, 'POST', '/sign-out', {});
  for (const { name } of event.cookies.getAll()) {
    if (name === COOKIE || name.startsWith('__Host-')) continue;
    for (const path of ['/', vote]) event.cookies.delete(name, { path });
  }
  newTurn(event);
}

function newTurn(event: RequestEvent): string {
  const turn = crypto.randomUUID();
  event.cookies.set(TURN, turn, { path: '/', httpOnly: true, sameSite: 'lax' });
  return turn;
}

/** Nothing of an answer is kept anywhere, and nothing in it runs. */
function sealed(response: Response): Response {
  response.headers.set('cache-control', 'no-store');
  response.headers.append('content-security-policy', "script-src 'none'; worker-src 'none'");
  return response;
}

/** The page as it is without a script, with no way out of the ballot and a button that ends the turn. */
function bare(html: string, { vote }: Kiosk, turn: string): string {
  const plain = html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '').replace(/<template\b[\s\S]*?<\/template>/g, '').replace(/<link\b[^>]*rel="(?:modulepreload|manifest)"[^>]*>/g, '').replace(/<\/?noscript>/g, '')
    .replace(/<a\b[^>]*href="[^"]*\/projects\/[^"]*"[^>]*>[\s\S]*?<\/a>/g, '')
    .replace(/<a\b([^>]*?) href="([^"]*)"([^>]*)>([\s\S]*?)<\/a>/g, (whole, before: string, href: string, after: string, words: string) =>
      href.startsWith('#') || href.startsWith(vote) ? whole : `<span${before}${after}>${words}</span>`)
    .replace(/(<form\b[^>]*method="POST"[^>]*>)/g, `$1<input type="hidden" name="${TURN}" value="${turn}">`)
    .replace(/<form /g, '<form autocomplete="off" ');
  const isOver = plain.includes(`action="${links.signOut()}"`) && !plain.includes('name="salt"');
  const isBallot = isOver || plain.includes('data-choose') || plain.includes('name="salt"');
  const finish = `<form method="GET" action="${vote}" class="column"><button class="button full${isOver ? '' : ' quiet'}">${m.kiosk_finish()}</button><p class="small soft">${m.kiosk_forgets()}</p></form>`;
  return isBallot ? plain.replace('</main>', `${finish}</main>`) : plain;
}
