/** What one more yes or no makes of a request. Pure. */
import type { Agree, RequestState } from '@commonpot/db/grants';

export type Seat = 'first' | 'second' | 'appeal';

export interface Step {
  seat: Seat;
  to: RequestState;
}

/**
 * The seat a verdict takes and where it leads, or null when the request waits for no administrator. Two agree one after
 * the other; one no is enough, because an appeal goes to somebody else; what an appeal says stands.
 */
export function stepOf(state: RequestState, agree: Agree, verdict: 'yes' | 'no'): Step | null {
  if (state === 'appealed') return { seat: 'appeal', to: verdict === 'yes' ? 'awarded' : 'upheld' };
  if (state === 'half') return { seat: 'second', to: verdict === 'yes' ? 'awarded' : 'declined' };
  if (state !== 'asked') return null;
  if (verdict === 'no') return { seat: 'first', to: 'declined' };
  return { seat: 'first', to: agree === 'two' ? 'half' : 'awarded' };
}
