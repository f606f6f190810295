/** Who says where copies of the logs' heads go. */
import type { Permission } from '../../platform/policy.ts';

export const logPolicy = {
  keepMirrors: { action: 'mirror.keep', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
