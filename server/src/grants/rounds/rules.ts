/** Where a grant round can go, and whether somebody can ask. Pure. */
import type { GrantPhase, grantRound } from '@commonpot/db/grants';

export type GrantRound = typeof grantRound.$inferSelect;

export const nextGrantPhase: Record<GrantPhase, GrantPhase | null> = { draft: 'open', open: 'deciding', deciding: 'paying', paying: 'closed', closed: null };

/** Whether a window's last moment to ask is over, or a pause. */
export const isOver = (until: Date | null, now: Date): boolean => until !== null && until <= now;

/** Whether somebody can ask at `now`: it is open, its window has not ended, and nobody paused it. */
export function isAsking(round: Pick<GrantRound, 'phase' | 'closesAt' | 'pausedUntil'>, now: Date): boolean {
  return round.phase === 'open' && (!round.closesAt || now < round.closesAt) && (!round.pausedUntil || now >= round.pausedUntil);
}
