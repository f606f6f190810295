/** Who tells how a project comes along: those who answer for it in the fund. */
import type { Permission } from '../../platform/policy.ts';

export const deliveryPolicy = {
  plan: { action: 'delivery.plan', roles: ['administrator'], phases: ['results', 'delivery'] },
  publish: { action: 'delivery.publish', roles: ['administrator'], phases: ['results', 'delivery'] },
} as const satisfies Record<string, Permission>;
