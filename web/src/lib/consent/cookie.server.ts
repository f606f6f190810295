/** A parent's link becomes a cookie of this browser, so that the token stands in no address, history or picture of a screen. */
import type { Cookies } from '@sveltejs/kit';
import { links } from '#lib/links.ts';

const NAME = 'consent';
const HOURS = 2;
const TOKEN = /^[A-Za-z0-9_-]{22}/;

/** Keeps the token of a link for two hours, for this round's consent page alone; false for what is none. What a mail program hung onto the link falls off. */
export function keepToken(cookies: Cookies, params: { fund: string; round: string; token: string }): boolean {
  const [token] = TOKEN.exec(params.token) ?? [];
  if (!token) return false;
  cookies.set(NAME, token, { path: links.consent(params.fund, params.round), httpOnly: true, secure: true, sameSite: 'lax', maxAge: HOURS * 3600 });
  return true;
}

export function readToken(cookies: Cookies): string | null {
  return cookies.get(NAME) ?? null;
}
