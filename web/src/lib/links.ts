/** Every URL of the site, built here and nowhere else. */
import type { Role } from '@commonpot/server/platform/policy';

export const links = {
  home: () => '/',
  fund: (fund: string) => `/f/${fund}`,
  signIn: (next?: string) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  enterCode: (next?: string) => (next ? `/sign-in/code?next=${encodeURIComponent(next)}` : '/sign-in/code'),
  signInCard: (next?: string) => (next ? `/sign-in/card?next=${encodeURIComponent(next)}` : '/sign-in/card'),
  signOut: () => '/sign-out',
  you: () => '/you',
  admin: (fund: string) => `/admin/${fund}`,
  agency: (fund: string) => `/agency/${fund}`,
  shop: (fund: string) => `/shop/${fund}`,
  /** Where a member of this role works. */
  workplace: (role: Role, fund: string): string =>
    role === 'administrator' ? links.admin(fund) : role === 'officer' ? links.agency(fund) : role === 'shop' ? links.shop(fund) : links.fund(fund),
  outbox: () => '/outbox',
} as const;

/** Where to go after signing in: a path of this site, or null for anything else. */
export function safeNext(next: string | null): string | null {
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
