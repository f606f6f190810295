/** What each role may do with the charter. */
import type { Permission } from '../../platform/policy.ts';

export const charterPolicy = {
  publish: { action: 'charter.publish', roles: ['administrator'] },
  preview: { action: 'charter.preview', roles: ['administrator'] },
  statePot: { action: 'pot.state', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
