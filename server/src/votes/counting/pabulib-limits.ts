/**
 * The limits that a META section sets for every ballot. Not among them are the lengths per category:
 * Amsterdam declares them and counted ballots that break them (Oud Oost 2020), so they are no mark of a malformed file.
 */
import type { Project, VoteType } from './election.ts';

const wholeNumbers = ['min_length', 'max_length', 'min_points', 'max_points', 'min_sum_points', 'max_sum_points'] as const;
const amounts = ['min_sum_cost', 'max_sum_cost'] as const;

/** By the META keys of the format; amounts in minor units. */
export type BallotLimits = Partial<Record<(typeof wholeNumbers)[number] | (typeof amounts)[number], number>>;

export const limitKeys = { wholeNumbers, amounts };

/** The key of the first limit that a ballot breaks, or undefined. `projects` are indexes, `points` stand beside them. */
export function brokenLimit(
  limits: BallotLimits, voteType: VoteType, all: readonly Project[], projects: readonly number[], points: readonly number[],
): string | undefined {
  if (voteType === 'choose-1' && projects.length > 1) return 'vote_type';
  if (isOutside(projects.length, limits.min_length, limits.max_length)) return 'length';
  if (limits.min_sum_cost !== undefined || limits.max_sum_cost !== undefined) {
    const cost = projects.reduce((sum, index) => sum + all[index]!.costMinor, 0);
    if (isOutside(cost, limits.min_sum_cost, limits.max_sum_cost)) return 'sum_cost';
  }
  if (voteType === 'cumulative' || voteType === 'scoring') {
    if (points.some((value) => isOutside(value, limits.min_points, limits.max_points))) return 'points';
    const sum = points.reduce((total, value) => total + value, 0);
    if (isOutside(sum, limits.min_sum_points, limits.max_sum_points)) return 'sum_points';
  }
  return undefined;
}

function isOutside(value: number, min = -Infinity, max = Infinity): boolean {
  return value < min || value > max;
}
