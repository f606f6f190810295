/** Who does what with paper ballots, and when. */
import type { Permission } from '../../platform/policy.ts';

export const paperPolicy = {
  see: { action: 'paper.see', roles: ['administrator'] },
  addBatch: { action: 'paper.add-batch', roles: ['administrator'], phases: ['notice', 'voting'] },
  /** After the close too, until the paper is in: the list at the table may be ahead of the screen. */
  strike: { action: 'paper.strike', roles: ['administrator'], phases: ['voting', 'counting'] },
  enter: { action: 'paper.enter', roles: ['administrator'], phases: ['counting'] },
} as const satisfies Record<string, Permission>;
