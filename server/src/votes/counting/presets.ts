/** Rules by name: the field's usual ones and those of real cities. The web has a sentence for each name. */
import { plainRule, type EqualSharesMethod, type Rule } from './rule.ts';

const shares: EqualSharesMethod = {
  kind: 'equal-shares', utility: 'cost', start: 'exact', raise: null, completion: 'none', comparison: 'none',
};
const raised: EqualSharesMethod = { ...shares, raise: { byUnits: 1, stopWhenExhaustive: false } };
const raisedExhaustive: EqualSharesMethod = { ...shares, raise: { byUnits: 1, stopWhenExhaustive: true } };
const byVotes = { kind: 'greedy', order: 'votes', tooExpensive: 'skip' } as const;

export const presets = {
  greedy: plainRule(byVotes),
  'greedy-no-skip': plainRule({ ...byVotes, tooExpensive: 'stop' }),
  /** The threshold and the conflicts are the round's; as they stand here these two count as plain greedy. */
  'greedy-threshold': plainRule(byVotes),
  'greedy-exclusive': plainRule(byVotes),
  'greedy-per-cost': plainRule({ ...byVotes, order: 'votes-per-cost' }),
  'equal-shares': plainRule(shares),
  'equal-shares-cardinality': plainRule({ ...shares, utility: 'cardinality' }),
  'equal-shares-points': plainRule({ ...shares, utility: 'points' }),
  'equal-shares-ranks': plainRule({ ...shares, utility: 'ranks' }),
  'equal-shares-add1': plainRule(raised),
  'equal-shares-add1-exhaustive': plainRule(raisedExhaustive),
  'equal-shares-add1-utilitarian': plainRule({ ...raisedExhaustive, completion: 'by-votes' }),
  'equal-shares-points-add1-utilitarian': plainRule({ ...raisedExhaustive, utility: 'points', completion: 'by-votes' }),
  'equal-shares-ranks-add1-utilitarian': plainRule({ ...raisedExhaustive, utility: 'ranks', completion: 'by-votes' }),
  'equal-shares-utilitarian': plainRule({ ...shares, completion: 'by-votes' }),
  'equal-shares-comparison': plainRule({ ...shares, comparison: 'satisfaction' }),
  'equal-shares-cardinality-add1': plainRule({ ...raised, utility: 'cardinality' }),
  'equal-shares-cardinality-add1-exhaustive': plainRule({ ...raisedExhaustive, utility: 'cardinality' }),
  'equal-shares-points-add1': plainRule({ ...raised, utility: 'points' }),
  'equal-shares-points-add1-exhaustive': plainRule({ ...raisedExhaustive, utility: 'points' }),
  phragmen: plainRule({ kind: 'phragmen' }),
  /** Wieliczka's Green Million of 2023: whole złoty to start with, and greedy instead where more ballots gain by it. */
  wieliczka: plainRule({ ...raised, start: 'whole-units', comparison: 'satisfaction' }),
  swiecie: plainRule({ ...raised, start: 'whole-units' }),
  assen: plainRule({ ...raised, start: 'whole-units' }),
} as const satisfies Record<string, Rule>;

export type PresetName = keyof typeof presets;

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}
