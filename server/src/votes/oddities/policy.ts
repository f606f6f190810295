/** Who is shown what looks odd: those who answer for the round, and those whose money it is. */
import type { Permission } from '../../platform/policy.ts';

export const oddityPolicy = {
  read: { action: 'oddities.read', roles: ['administrator', 'officer'], phases: ['counting', 'results', 'delivery', 'closed'] },
} as const satisfies Record<string, Permission>;
