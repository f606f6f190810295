/** How a rule counts, in one sentence a voter understands; one for each preset. */
import { money, number } from '#lib/format.ts';
import { m } from '#lib/paraglide/messages.js';
import type { BallotForm } from './terms.ts';

type Rule = Record<string, unknown>;

interface Method {
  kind?: string;
  order?: string;
  tooExpensive?: string;
  utility?: string;
  raise?: { stopWhenExhaustive?: boolean } | null;
  completion?: string;
  comparison?: string;
}

const shares: Record<string, () => string> = {
  'cost': m.rule_shares, 'cost by-votes': m.rule_shares_completed, 'cost satisfaction': m.rule_shares_compared,
  'cost raise': m.rule_shares_raised, 'cost stop': m.rule_shares_raised_stop, 'cost stop by-votes': m.rule_shares_raised_completed, 'cost raise satisfaction': m.rule_shares_raised_compared,
  'cardinality': m.rule_shares_alike, 'cardinality raise': m.rule_shares_alike_raised, 'cardinality stop': m.rule_shares_alike_raised_stop,
  'points': m.rule_shares_points, 'points raise': m.rule_shares_points_raised, 'points stop': m.rule_shares_points_raised_stop, 'points stop by-votes': m.rule_shares_points_completed,
  'ranks': m.rule_shares_ranks, 'ranks stop by-votes': m.rule_shares_ranks_completed,
};

/** The method alone. */
export function methodWords(rule: Rule, form: BallotForm | null): string {
  const method = (rule.method ?? {}) as Method;
  if (method.kind === 'equal-shares') {
    const raise = method.raise ? (method.raise.stopWhenExhaustive ? 'stop' : 'raise') : '';
    const parts = [method.utility, raise, method.completion, method.comparison].filter((part) => part && part !== 'none');
    return (shares[parts.join(' ')] ?? m.round_counts_equal_shares)();
  }
  if (method.kind === 'phragmen') return m.round_counts_phragmen();
  const byPoints = form !== null && ['points', 'scores', 'ranking'].includes(form.kind);
  if (method.order === 'votes-per-cost') return byPoints ? m.rule_per_cost_points() : m.round_counts_per_cost();
  if (method.tooExpensive === 'stop') return byPoints ? m.rule_greedy_stop_points() : m.round_counts_greedy_stop();
  return byPoints ? m.rule_greedy_points() : m.round_counts_greedy();
}

/** The whole rule: the method, what a project needs, what excludes what, caps, and money of areas. */
export function countingWords(rule: Rule, form: BallotForm | null = null, currency = ''): string {
  const { threshold, conflicts, caps, pots } = rule as {
    threshold?: { kind?: string; atLeast?: number; percent?: number } | null; conflicts?: unknown[]; caps?: { categories: Record<string, number>; areas: Record<string, number> } | null;
    pots?: { unspent?: string } | null;
  };
  const words: string[] = [methodWords(rule, form)];
  if (form?.kind === 'ranking') words.push(m.rule_ranking_points());
  if (threshold?.kind === 'votes') words.push(m.round_threshold_votes({ n: number(threshold.atLeast ?? 0), count: threshold.atLeast ?? 0 }));
  if (threshold?.kind === 'share') words.push(m.round_threshold_share({ percent: number(threshold.percent ?? 0) }));
  if (conflicts?.length) words.push(m.rule_conflicts());
  for (const [name, minor] of [...Object.entries(caps?.categories ?? {}), ...Object.entries(caps?.areas ?? {})]) words.push(m.rule_cap({ name, amount: money(minor, currency) }));
  if (pots) words.push(pots.unspent === 'goes-to-whole' ? m.rule_pots_to_whole() : m.rule_pots_stay());
  return words.join(' ');
}
