/** The ways of choosing and counting that a person picks from, as the data the API takes. Pure. */
import type { AdminRound } from './steps.ts';

type BallotForm = NonNullable<AdminRound['ballotForm']>;
type Rule = NonNullable<AdminRound['rule']>;

export const PRESETS = ['basket', 'shares', 'one'] as const;
export type Preset = (typeof PRESETS)[number];
export const USUAL_PICKS = 5;
export const PICKS_MAX = 100;

const byVotes = { kind: 'greedy', order: 'votes', tooExpensive: 'skip' };
/** The Method of Equal Shares, every share raised until the next raise would overspend; what is left goes by votes. */
const equalShares = {
  kind: 'equal-shares', utility: 'cost', start: 'exact', raise: { byUnits: 1, stopWhenExhaustive: true }, completion: 'by-votes', comparison: 'none',
};

/** What a preset means to the API. `picks` is the most that one person may choose; `votesNeeded` what a project needs at least. */
export function fromPreset(preset: Preset, picks: number, votesNeeded: number | null): { ballotForm: BallotForm; rule: Rule } {
  const rule = {
    version: 1, method: preset === 'shares' ? equalShares : byVotes,
    threshold: votesNeeded === null ? null : { kind: 'votes', atLeast: votesNeeded },
    conflicts: [], caps: { categories: {}, areas: {} }, pots: null, ties: ['lower-cost', 'more-votes'],
  };
  const ballotForm: BallotForm = preset === 'basket' ? { kind: 'knapsack' } : preset === 'one' ? { kind: 'one' } : { kind: 'up-to', k: picks };
  return { ballotForm, rule };
}

/** The preset a round was set up with, or null for none and for one made elsewhere. */
export function presetOf({ ballotForm, rule }: Pick<AdminRound, 'ballotForm' | 'rule'>): Preset | null {
  const kind = (rule?.method as { kind?: string } | undefined)?.kind;
  return PRESETS.find((preset) => {
    const made = fromPreset(preset, 1, null);
    return made.ballotForm.kind === ballotForm?.kind && (made.rule.method as { kind: string }).kind === kind;
  }) ?? null;
}

/** The votes a project needs at least, where the rule says so. */
export function votesNeeded(rule: AdminRound['rule']): number | null {
  const threshold = rule?.threshold as { kind?: string; atLeast?: number } | null | undefined;
  return threshold?.kind === 'votes' ? (threshold.atLeast ?? null) : null;
}
