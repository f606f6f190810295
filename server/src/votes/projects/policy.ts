/** What each role may do with the projects of a vote round. */
import type { Permission } from '../../platform/policy.ts';

export const projectPolicy = {
  edit: { action: 'project.edit', roles: ['administrator'], phases: ['draft', 'ideas', 'review', 'notice'] },
} as const satisfies Record<string, Permission>;
