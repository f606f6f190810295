/** Who makes a browser a voting tablet. */
import type { Permission } from '../../platform/policy.ts';

export const kioskPolicy = {
  keep: { action: 'kiosk.keep', roles: ['administrator'] },
} as const satisfies Record<string, Permission>;
