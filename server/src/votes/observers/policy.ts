/** What each role does while a small round waits for its observers. */
import type { Permission } from '../../platform/policy.ts';

export const observersPolicy = {
  waive: { action: 'observers.waive', roles: ['administrator'], phases: ['counting'] },
} as const satisfies Record<string, Permission>;
