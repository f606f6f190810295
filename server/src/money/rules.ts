/** What contributions and pledges are, as pure functions of their facts. */

export type PledgeState = 'waiting' | 'checking' | 'partly' | 'arrived' | 'withdrawn';
export type ContributionState = 'entered' | 'confirmed' | 'dropped' | 'reversal-asked' | 'reversed';

/** Where a contribution stands, from what was decided about it. */
export function contributionState(facts: { decision: 'confirmed' | 'dropped' | null; reversalAsked: boolean; reversed: boolean }): ContributionState {
  if (facts.decision !== 'confirmed') return facts.decision ?? 'entered';
  if (facts.reversed) return 'reversed';
  return facts.reversalAsked ? 'reversal-asked' : 'confirmed';
}

/** Where a pledge stands. Amounts are minor units; `checking` says that an entry waits for a second person. */
export function pledgeState(facts: { withdrawn: boolean; amountMinor: number; arrivedMinor: number; checking: boolean }): PledgeState {
  if (facts.withdrawn) return 'withdrawn';
  if (facts.arrivedMinor >= facts.amountMinor) return 'arrived';
  if (facts.checking) return 'checking';
  return facts.arrivedMinor > 0 ? 'partly' : 'waiting';
}
