/**
 * A deliverer's link becomes a cookie of this browser, so that the token stands in no address, history or picture of a
 * screen. Two cookies of one name: for the page, and for the address that takes its form with photos.
 */
import type { Cookies } from '@sveltejs/kit';
import { links } from '#lib/links.ts';

const NAME = 'deliverer';
const DAYS = 30;
const TOKEN = /^[A-Za-z0-9_-]{22}/;

const paths = ({ fund, round }: { fund: string; round: string }) => [links.deliver(fund, round), links.tellByLink(fund, round)];

/** Keeps the token for thirty days; false for what is none. What a mail program hung onto the link falls off. */
export function keepToken(cookies: Cookies, params: { fund: string; round: string; token: string }): boolean {
  const [token] = TOKEN.exec(params.token) ?? [];
  if (!token) return false;
  for (const path of paths(params)) cookies.set(NAME, token, { path, httpOnly: true, secure: true, sameSite: 'lax', maxAge: DAYS * 86_400 });
  return true;
}

export function readToken(cookies: Cookies): string | null {
  return cookies.get(NAME) ?? null;
}
