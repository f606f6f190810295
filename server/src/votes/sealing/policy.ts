/** What each role does between the close and the end of the turnout roll. */
import type { Permission } from '../../platform/policy.ts';

const BEFORE_VOTING = ['draft', 'ideas', 'review', 'notice'] as const;

export const sealingPolicy = {
  printSheet: { action: 'sealing.print-recovery-sheet', roles: ['administrator'], phases: BEFORE_VOTING },
  strike: { action: 'sealing.strike', roles: ['administrator'], phases: ['counting'] },
  enterDraw: { action: 'sealing.enter-draw', roles: ['administrator'], phases: ['counting'] },
  callSample: { action: 'sealing.call-sample', roles: ['administrator'], phases: ['counting', 'results', 'delivery', 'closed'] },
} as const satisfies Record<string, Permission>;
