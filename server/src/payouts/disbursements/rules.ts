/** Where a payout may go from where it stands, and who may take it there. Pure. */
import { refuse, type Refusal } from '../../platform/problems.ts';

export type PayoutState = 'open' | 'paid' | 'failed' | 'unknown' | 'returned';

const NEXT: Record<PayoutState, readonly PayoutState[]> = { open: ['paid', 'failed', 'unknown'], unknown: ['paid', 'failed'], paid: ['returned'], failed: [], returned: [] };

export interface Step {
  to: PayoutState;
  /** Typed again by whoever says that money moved. */
  amountMinor?: number | undefined;
  actorId: string;
}

/**
 * Why a step may not be taken, or null. Money is said to have moved only by a second person; and once nobody can say
 * what became of a transfer, the one who ordered it does not decide alone that it may be ordered again.
 */
export function refuseStep(payout: { state: PayoutState; amountMinor: number; recordedBy: string }, step: Step): Refusal | null {
  if (!NEXT[payout.state].includes(step.to)) return refuse('already-decided', { state: payout.state });
  const needsSecond = step.to === 'paid' || (payout.state === 'unknown' && step.to === 'failed');
  if (needsSecond && step.actorId === payout.recordedBy) return refuse('same-person');
  if ((step.to === 'paid' || step.to === 'returned') && step.amountMinor !== payout.amountMinor) return refuse('amount-differs');
  return null;
}
