/** What each role may do with members. */
import type { Permission } from '../platform/policy.ts';

export const peoplePolicy = {
  readMembers: { action: 'member.read', roles: ['administrator'] },
  invite: { action: 'member.invite', roles: ['administrator'] },
  endMembership: { action: 'member.end', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
