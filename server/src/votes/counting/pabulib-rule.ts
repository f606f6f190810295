/** The rule that a Pabulib file's META section names, with its threshold and caps. */
import type { Election } from './election.ts';
import type { PabulibFile } from './pabulib.ts';
import { readDecimal, toMinor } from './pabulib-money.ts';
import { Findings } from './pabulib-problems.ts';
import { listOf } from './pabulib-sections.ts';
import { presets } from './presets.ts';
import type { Rule, Threshold } from './rule.ts';

/** By the names that Pabulib's own checker knows and that say enough to count by; "greedy-custom" and "unknown" do not. */
const rulesByMetaName = new Map<string, Rule>([
  ['greedy', presets.greedy],
  ['greedy-no-skip', presets['greedy-no-skip']],
  ['greedy-threshold', presets['greedy-threshold']],
  ['greedy-exclusive', presets['greedy-exclusive']],
  ['equalshares', presets['equal-shares']],
  ['equalshares-comparison', presets['equal-shares-comparison']],
  ['equalshares/add1', presets.swiecie],
  ['equalshares/add1-comparison', presets.wieliczka],
]);

/** What META calls its rule; empty where it calls it nothing. */
export function metaRule(file: PabulibFile): string {
  return (file.meta.get('rule') ?? '').trim();
}

/** Undefined where META names no rule, or one that it does not define. */
export function ruleOfFile(file: PabulibFile): Rule | undefined {
  const named = rulesByMetaName.get(metaRule(file).toLowerCase());
  if (!named || (file.meta.get('scoring_fn') ?? 'Borda').trim() !== 'Borda') return undefined;
  const categories = capsOf(file, 'categories', 'budget_per_category');
  const areas = capsOf(file, 'neighborhoods', 'budget_per_neighborhood');
  if (!categories || !areas) return undefined;
  return { ...named, method: suited(named.method, file.election), threshold: thresholdOfFile(file), caps: { categories, areas } };
}

/** The fewest votes (points) that META asks of a project, or null. */
export function thresholdOfFile(file: PabulibFile): Threshold | null {
  const atLeast = Number(file.meta.get('min_project_score_threshold') ?? '');
  return atLeast > 0 ? { kind: 'votes', atLeast } : null;
}

/** Where ballots give points, a funded project is worth its points to whoever gave them. */
function suited(method: Rule['method'], election: Election): Rule['method'] {
  const hasPoints = election.voteType === 'cumulative' || election.voteType === 'scoring' || election.voteType === 'ordinal';
  return method.kind === 'equal-shares' && hasPoints ? { ...method, utility: 'points' } : method;
}

/** Two lists side by side; undefined where nobody can tell which amount is whose. */
function capsOf(file: PabulibFile, namesKey: string, amountsKey: string): Record<string, number> | undefined {
  const names = listOf(file.meta.get(namesKey) ?? '');
  const amounts = listOf(file.meta.get(amountsKey) ?? '');
  if (amounts.length === 0) return {};
  if (names.length !== amounts.length) return undefined;
  const caps: [string, number][] = [];
  for (const [index, name] of names.entries()) {
    const amount = readDecimal(amounts[index]!.trim(), 0, amountsKey, new Findings(true));
    const capMinor = amount && toMinor(amount, file.election.minorPerUnit);
    if (capMinor === undefined) return undefined;
    caps.push([name.trim(), capMinor]);
  }
  return Object.fromEntries(caps);
}
