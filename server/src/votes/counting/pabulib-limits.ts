/**
 * The limits that a META section sets for every ballot. Not among them are the lengths per category:
 * Amsterdam declares them and counted ballots that break them (Oud Oost 2020), so they are no mark of a malformed file.
 */
import type { Project, VoteType } from './election.ts';

const lengths = ['min_length', 'max_length'] as const;
const points = ['min_points', 'max_points', 'min_sum_points', 'max_sum_points'] as const;
const amounts = ['min_sum_cost', 'max_sum_cost'] as const;

/** By the META keys of the format; amounts in minor units, points in those of the ballots. */
export type BallotLimits = Partial<Record<(typeof lengths)[number] | (typeof points)[number] | (typeof amounts)[number], number>>;

export const limitKeys = { lengths, points, amounts };

/**
 * The key of the first limit that a ballot breaks, or undefined. `projects` are indexes, `points` stand beside them.
 * Sums come last: the format's own checker forgives them alone, for cities counted such ballots.
 */
export function brokenLimit(
  limits: BallotLimits, voteType: VoteType, all: readonly Project[], projects: readonly number[], points: readonly number[],
): 'vote_type' | 'length' | 'points' | 'sum_cost' | 'sum_points' | undefined {
  const hasPoints = voteType === 'cumulative' || voteType === 'scoring';
  if (voteType === 'choose-1' && projects.length > 1) return 'vote_type';
  if (isOutside(projects.length, limits.min_length, limits.max_length)) return 'length';
  if (hasPoints && points.some((value) => isOutside(value, limits.min_points, limits.max_points))) return 'points';
  if (limits.min_sum_cost !== undefined || limits.max_sum_cost !== undefined) {
    const cost = projects.reduce((sum, index) => sum + all[index]!.costMinor, 0);
    if (isOutside(cost, limits.min_sum_cost, limits.max_sum_cost)) return 'sum_cost';
  }
  if (!hasPoints) return undefined;
  const sum = points.reduce((total, value) => total + value, 0);
  return isOutside(sum, limits.min_sum_points, limits.max_sum_points) ? 'sum_points' : undefined;
}

function isOutside(value: number, min = -Infinity, max = Infinity): boolean {
  return value < min || value > max;
}
