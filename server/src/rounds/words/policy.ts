/** What each role may do with translations and recordings, in which phases. */
import type { Permission } from '../../platform/policy.ts';

const phases = ['draft', 'ideas', 'review', 'notice', 'voting'] as const;

export const wordsPolicy = {
  translate: { action: 'words.translate', roles: ['administrator', 'reviewer'], phases },
  record: { action: 'words.record', roles: ['administrator', 'reviewer'], phases },
  /** Whoever lent a voice may take it back, whenever. */
  withdraw: { action: 'words.withdraw', roles: ['administrator', 'reviewer'] },
} as const satisfies Record<string, Permission>;
