/** Who has the order of projects in a hall drawn, and when. */
import type { Permission } from '../../platform/policy.ts';

export const hallPolicy = {
  draw: { action: 'hall.draw', roles: ['administrator'], phases: ['notice', 'voting'] },
} as const satisfies Record<string, Permission>;
