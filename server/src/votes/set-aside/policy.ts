/** Who sets a sealed result aside. */
import type { Permission } from '../../platform/policy.ts';

const PHASES = ['counting', 'results', 'delivery', 'closed'] as const;

export const setAsidePolicy = {
  setAside: { action: 'result.set-aside', roles: ['administrator'], phases: PHASES },
  voteAgain: { action: 'round.vote-again', roles: ['administrator'], phases: PHASES },
} as const satisfies Record<string, Permission>;
