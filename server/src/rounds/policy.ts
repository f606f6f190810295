/** What each role may do with rounds and their roll, in which phases. */
import type { Permission } from '../platform/policy.ts';

const BEFORE_VOTING = ['draft', 'ideas', 'review', 'notice'] as const;

export const roundPolicy = {
  create: { action: 'round.create', roles: ['administrator'] },
  change: { action: 'round.change', roles: ['administrator'], phases: BEFORE_VOTING },
  move: { action: 'round.move', roles: ['administrator'], phases: [...BEFORE_VOTING, 'voting', 'counting', 'results', 'delivery'] },
  preflight: { action: 'round.preflight', roles: ['administrator'] },
  acceptNoRecoverySheet: { action: 'round.accept-no-recovery-sheet', roles: ['administrator'], phases: BEFORE_VOTING },
  readRoll: { action: 'roll.read', roles: ['administrator'] },
  addToRoll: { action: 'roll.add', roles: ['administrator'], phases: [...BEFORE_VOTING, 'voting'] },
  seeConsent: { action: 'roll.see-consent', roles: ['administrator'], phases: [...BEFORE_VOTING, 'voting'] },
  removeFromRoll: { action: 'roll.remove', roles: ['administrator'], phases: BEFORE_VOTING },
} as const satisfies Record<string, Permission>;
