/** What one more yes or no makes of a request, and what surrounds a decision. Pure. */
import type { Agree, RequestState } from '@commonpot/db/grants';
import type { Charter } from '../../rounds/charter/rules.ts';

export type Seat = 'first' | 'second' | 'appeal';

export interface Step {
  seat: Seat;
  to: RequestState;
}

/** Why somebody must not decide a request. */
export const NOT_YOU = ['you-decided', 'your-interest', 'you-helped', 'your-own', 'your-door', 'panel'] as const;
export type NotYou = (typeof NOT_YOU)[number];

/** Requests in one batch: an evening's. */
export const BATCH_MOST = 40;

/** Tries to see a proof of address after which meeting somebody is offered instead. */
const TRIES_BEFORE_MEETING = 2;

/** How long a decider's door is kept, in days; then they say it again. */
export const DOOR_DAYS = 365;

/** How many administrators agree to a request, the first time and on appeal; null where a panel does. */
export const agreeing = (agree: Agree): number | null => ({ 'at-once': 1, one: 1, two: 2, panel: null })[agree];

/**
 * The seat a verdict takes and where it leads, or null when the request waits for no administrator. Two agree one after
 * the other; one no is enough, because an appeal goes to somebody else; what an appeal says stands, and on appeal as many agree
 * as the first time. `looked` is how many have said yes on appeal.
 */
export function stepOf(state: RequestState, agree: Agree, verdict: 'yes' | 'no', looked: number): Step | null {
  if (state === 'appealed' && verdict === 'no') return { seat: 'appeal', to: 'upheld' };
  if (state === 'appealed') return { seat: 'appeal', to: looked + 1 < (agreeing(agree) ?? Infinity) ? 'appealed' : 'awarded' };
  if (state === 'half') return { seat: 'second', to: verdict === 'yes' ? 'awarded' : 'declined' };
  if (state !== 'asked') return null;
  if (verdict === 'no') return { seat: 'first', to: 'declined' };
  return { seat: 'first', to: agree === 'two' ? 'half' : 'awarded' };
}

/** Whether a request may be given together with others: one person agrees to it, nobody has looked at it yet, and nothing is missing. */
export function fitsBatch(given: { batches: boolean; agree: Agree; state: RequestState; proof: Proof | null }): boolean {
  return given.batches && (given.agree === 'one' || given.agree === 'at-once') && given.state === 'asked' && given.proof !== 'missing' && given.proof !== 'offer-meeting';
}

export type Proof = 'missing' | 'offer-meeting' | 'seen' | 'met';

/** What a person has seen of an address, of all the tries. */
export function proofOf(tries: readonly { how: 'unclear' | 'seen' | 'met' }[]): Proof {
  const done = tries.find((each) => each.how !== 'unclear')?.how;
  if (done === 'seen' || done === 'met') return done;
  return tries.length >= TRIES_BEFORE_MEETING ? 'offer-meeting' : 'missing';
}

/** Whether the charter asks for a proof of address at this sum. */
export function asksForProof(charter: Charter, cumulativeMinor: number): boolean {
  return charter.bands.find((band) => cumulativeMinor <= band.upToMinor)?.proofOfAddress ?? false;
}

/** What is left of a proof that the charter asks for, after these tries: to look at one, or to meet the person; null where nothing is. */
export function proofStillNeeded(charter: Charter, cumulativeMinor: number, tries: Parameters<typeof proofOf>[0]): 'look' | 'meet' | null {
  if (!asksForProof(charter, cumulativeMinor)) return null;
  const proof = proofOf(tries);
  return proof === 'missing' ? 'look' : proof === 'offer-meeting' ? 'meet' : null;
}
