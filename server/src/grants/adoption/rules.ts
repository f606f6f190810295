/** Who adopts and by when. Pure. */
import { DAY, daysAfter } from '../../platform/days.ts';
import type { Charter } from '../../rounds/charter/rules.ts';
import type { GrantRound } from '../rounds/rules.ts';

export type AdoptingRoute = Extract<Charter['route'], { kind: 'agency-adopts' }>;

/** The route of money that is still the agency's; null where it was granted to the host. */
export function adoptingRoute({ route }: Pick<Charter, 'route'>): AdoptingRoute | null {
  return route.kind === 'agency-adopts' ? route : null;
}

/**
 * Whether what was awarded since the last list goes before the body now: a window's when it was decided, and then, as a rolling
 * round's, once a day.
 */
export function isPresenting({ kind, phase }: Pick<GrantRound, 'kind' | 'phase'>, lastAt: Date | null, now: Date): boolean {
  const isDecided = kind === 'rolling' ? phase !== 'draft' : phase === 'paying' || phase === 'closed';
  return isDecided && (lastAt === null || now.getTime() - lastAt.getTime() >= DAY);
}

/** By when the body adopts what is put before it now. */
export const dueFrom = (now: Date, { withinDays }: Pick<AdoptingRoute, 'withinDays'>): Date => daysAfter(now, withinDays);
