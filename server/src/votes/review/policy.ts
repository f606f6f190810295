/** What reviewers and administrators do with the ideas of a vote round. */
import type { Permission } from '../../platform/policy.ts';

export const reviewPolicy = {
  read: { action: 'review.read', roles: ['reviewer', 'administrator'] },
  write: { action: 'review.write', roles: ['reviewer', 'administrator'], phases: ['review'] },
  join: { action: 'review.join', roles: ['reviewer', 'administrator'], phases: ['review'] },
  declare: { action: 'review.declare-interest', roles: ['reviewer', 'administrator'], phases: ['ideas', 'review', 'notice'] },
  accept: { action: 'review.accept', roles: ['administrator'], phases: ['review', 'notice'] },
} as const satisfies Record<string, Permission>;
