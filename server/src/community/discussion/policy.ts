/** What each role may do with comments; whoever is signed in may write, report, and take back their own. */
import type { Permission } from '../../platform/policy.ts';

export const discussionPolicy = {
  moderate: { action: 'comment.moderate', roles: ['administrator', 'reviewer'] },
} as const satisfies Record<string, Permission>;
