/** What each role may do with awards. */
import type { Permission } from '../../platform/policy.ts';

export const awardsPolicy = {
  read: { action: 'award.read', roles: ['administrator'] },
  plan: { action: 'award.plan', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
