/** The form of a policy: what each role may do, in which phases. The guard and the pages read the same table. */

export type Role = 'resident' | 'administrator' | 'reviewer' | 'officer' | 'shop';

export interface Permission {
  /** The action's name, unique in the house: `round.create`. */
  action: string;
  /** Members with one of these roles may. */
  roles: readonly Role[];
  /** Where the subject has phases: only in these. */
  phases?: readonly string[];
}

/** What of a policy's actions these roles may do now; pages show only these. */
export function mayDo(policy: Record<string, Permission>, roles: readonly Role[], phase?: string): string[] {
  return Object.values(policy)
    .filter((permission) => permission.roles.some((role) => roles.includes(role)))
    .filter((permission) => phase === undefined || !permission.phases || permission.phases.includes(phase))
    .map((permission) => permission.action);
}
