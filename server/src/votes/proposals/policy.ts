/** What each role may do with ideas; whoever is signed in may propose and support. */
import type { Permission } from '../../platform/policy.ts';

export const proposalPolicy = {
  enter: { action: 'proposal.enter', roles: ['administrator'], phases: ['ideas', 'review'] },
  readProposer: { action: 'proposal.read-proposer', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
