/** A request's private link becomes a cookie of this browser, so that the token stands in no address, history or picture of a screen. */
import type { Cookies } from '@sveltejs/kit';
import { links } from '#lib/links.ts';

const NAME = 'asked';
const DAYS = 30;
const TOKEN = /^[A-Za-z0-9_-]{22}/;

/** Keeps the token for thirty days, for this fund's page of a request alone; false for what is none. What a mail program hung onto the link falls off. */
export function keepToken(cookies: Cookies, fund: string, given: string): boolean {
  const [token] = TOKEN.exec(given) ?? [];
  if (!token) return false;
  cookies.set(NAME, token, { path: links.asked(fund), httpOnly: true, secure: true, sameSite: 'lax', maxAge: DAYS * 86_400 });
  return true;
}

export function readToken(cookies: Cookies): string | null {
  return cookies.get(NAME) ?? null;
}

export function forgetToken(cookies: Cookies, fund: string): void {
  cookies.delete(NAME, { path: links.asked(fund) });
}
