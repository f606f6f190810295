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
  round: (fund: string, round: string) => `/f/${fund}/rounds/${round}`,
  /** A project's page; `number` is its public number, which may hold any letter. */
  project: (fund: string, round: string, number: string) => `${links.round(fund, round)}/projects/${encodeURIComponent(number)}`,
  results: (fund: string, round: string) => `${links.round(fund, round)}/results`,
  resultsFile: (fund: string, round: string) => `${links.round(fund, round)}/results.csv`,
  vote: (fund: string, round: string) => `${links.round(fund, round)}/vote`,
  joinRound: (fund: string, round: string) => `${links.vote(fund, round)}/join`,
  ballot: (fund: string, round: string) => `${links.vote(fund, round)}/ballot`,
  receipt: (fund: string, round: string) => `${links.vote(fund, round)}/receipt`,
  /** The style sheet that adds up a ballot where no script runs. */
  ballotSums: (fund: string, round: string) => `${links.vote(fund, round)}/sums.css`,
  castBallot: (fund: string, round: string) => `/api/v1/funds/${fund}/rounds/${round}/ballot`,
} as const;

/** Where to go after signing in: a path of this site, or null for anything else. */
export function safeNext(next: string | null): string | null {
  return next && /^\/(?![/\\])/.test(next) ? next : null;
}
