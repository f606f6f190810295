/** The rule that a Pabulib file's META section names, with its threshold and caps. */
import type { Election } from './election.ts';
import type { PabulibFile } from './pabulib.ts';
import { canonicalJson } from './digest.ts';
import { moneyText, readDecimal, toMinor } from './pabulib-money.ts';
import { Findings } from './pabulib-problems.ts';
import { listOf } from './pabulib-sections.ts';
import { isPresetName, presets } from './presets.ts';
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
export function metaRule(file: Pick<PabulibFile, 'meta'>): string {
  return (file.meta.get('rule') ?? '').trim();
}

/** Undefined where META names no rule, or one that neither it nor our presets define. */
export function ruleOfFile(file: Pick<PabulibFile, 'meta'> & { election: MetaElection }): Rule | undefined {
  const named = namedRule(metaRule(file).toLowerCase(), file.election);
  if (!named || (file.meta.get('scoring_fn') ?? 'Borda').trim() !== 'Borda') return undefined;
  const categories = capsOf(file, 'categories', 'budget_per_category');
  const areas = capsOf(file, 'neighborhoods', 'budget_per_neighborhood');
  if (!categories || !areas) return undefined;
  return { ...named, threshold: thresholdOfFile(file), caps: { categories, areas } };
}

/** META's rows for a rule, from which `ruleOfFile` reads the same again; "unknown" where META cannot hold it. */
export function metaOfRule(rule: Rule, election: MetaElection): [string, string][] {
  const limits: [string, string][] = [
    ...(rule.threshold?.kind === 'votes' ? [['min_project_score_threshold', String(rule.threshold.atLeast)] as [string, string]] : []),
    ...capRows(rule.caps.categories, 'categories', 'budget_per_category', election),
    ...capRows(rule.caps.areas, 'neighborhoods', 'budget_per_neighborhood', election),
  ];
  const wanted = canonicalJson(rule);
  for (const name of [...(rule.threshold ? ['greedy-threshold'] : []), ...rulesByMetaName.keys(), ...Object.keys(presets)]) {
    const rows: [string, string][] = [['rule', name], ...limits];
    const read = ruleOfFile({ meta: new Map(rows), election });
    if (read && canonicalJson(read) === wanted) return rows;
  }
  return [['rule', 'unknown']];
}

type MetaElection = Pick<Election, 'voteType' | 'minorPerUnit'>;

function namedRule(name: string, election: MetaElection): Rule | undefined {
  const format = rulesByMetaName.get(name);
  if (format) return { ...format, method: suited(format.method, election) };
  return isPresetName(name) ? presets[name] : undefined;
}

/** The fewest votes (points) that META asks of a project, or null. */
export function thresholdOfFile(file: Pick<PabulibFile, 'meta'>): Threshold | null {
  const atLeast = Number(file.meta.get('min_project_score_threshold') ?? '');
  return atLeast > 0 ? { kind: 'votes', atLeast } : null;
}

/** Where ballots give points, a funded project is worth its points to whoever gave them. */
function suited(method: Rule['method'], election: MetaElection): Rule['method'] {
  const hasPoints = election.voteType === 'cumulative' || election.voteType === 'scoring' || election.voteType === 'ordinal';
  return method.kind === 'equal-shares' && hasPoints ? { ...method, utility: 'points' } : method;
}

/** Two lists side by side; undefined where nobody can tell which amount is whose. */
function capsOf(file: Parameters<typeof ruleOfFile>[0], namesKey: string, amountsKey: string): Record<string, number> | undefined {
  const names = listOf(file.meta.get(namesKey) ?? '');
  const amounts = listOf(file.meta.get(amountsKey) ?? '');
  if (amounts.length === 0) return {};
  if (names.length !== amounts.length) return undefined;
  const caps: [string, number][] = [];
  for (const [index, name] of names.entries()) {
    const amount = readDecimal(amounts[index]!.trim(), 0, amountsKey, new Findings(false));
    const capMinor = amount && toMinor(amount, file.election.minorPerUnit);
    if (capMinor === undefined) return undefined;
    caps.push([name.trim(), capMinor]);
  }
  return Object.fromEntries(caps);
}

function capRows(caps: Readonly<Record<string, number>>, namesKey: string, amountsKey: string, { minorPerUnit }: MetaElection): [string, string][] {
  const all = Object.entries(caps);
  if (all.length === 0) return [];
  return [[namesKey, all.map(([name]) => name).join(',')], [amountsKey, all.map(([, minor]) => moneyText(minor, minorPerUnit)).join(',')]];
}
