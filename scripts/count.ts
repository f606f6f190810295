/** `pnpm count FILE.pb …`: counts elections with no server at all. `--help` says the rest. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { count } from '../server/src/votes/counting/count.ts';
import type { Lot } from '../server/src/votes/counting/lot.ts';
import type { NeedsLot, Outcome } from '../server/src/votes/counting/outcome.ts';
import { readPabulib, type PabulibFile } from '../server/src/votes/counting/pabulib.ts';
import { moneyText } from '../server/src/votes/counting/pabulib-money.ts';
import { pointsText } from '../server/src/votes/counting/pabulib-points.ts';
import type { Problem, Repair } from '../server/src/votes/counting/pabulib-problems.ts';
import { runCounting } from './lib/count/entry.ts';
import { chooseRule, parseLot, ruleNamedBy, type ChosenRule } from './lib/count/rule.ts';
import { presetSentences, problemText, reasonText } from './lib/count/words.ts';

const help = `pnpm count FILE.pb ... [--rule NAME or FILE] [--lot id or SEED] [--json] [--lenient]

Counts elections in the Pabulib format, exactly.

  --rule     a name from the list below, or a rule.json, also that of a published round; without it, the rule and limits of the file's META
  --lot      breaks the last ties: "id" by project id as text, or the seed of a lot (64 hexadecimal digits, or text)
  --json     one JSON object a line and file: file, rule, winners, cost, selected, identical, parse_ms, count_ms, peak_mb
             (cost in the file's money; identical: the winners are those that the file marks with selected = 1;
             peak_mb is of the process so far)
  --lenient  counts what a person would, and says what was repaired

Leaves with 1 where a file is malformed, names no countable rule, or a tie needs a lot, and with 2 where one cannot be read at all.

Rules:
${Object.entries(presetSentences).map(([name, sentence]) => `  ${name.padEnd(42)}${sentence}`).join('\n')}`;

interface Counted {
  readonly file: PabulibFile;
  readonly repairs: readonly Repair[];
  readonly rule: string;
  /** All there is, areas' own money included. */
  readonly moneyMinor: number;
  readonly outcome: Outcome | NeedsLot;
  readonly parseMs: number;
  readonly countMs: number;
}

type Result = Counted | { readonly problems: readonly Problem[] } | { readonly unknownRule: string };

function readBytes(path: string): Uint8Array | Error {
  try {
    return readFileSync(path);
  } catch (error) {
    return error as Error;
  }
}

function countFile(bytes: Uint8Array, chosen: ChosenRule | undefined, lot: Lot | undefined, lenient: boolean): Result {
  const start = performance.now();
  const reading = readPabulib(bytes, { lenient, areas: chosen?.needsAreas ?? false });
  const parsed = performance.now();
  if (!reading.ok) return { problems: reading.problems };
  const { name, rule } = chosen ? { name: chosen.name, rule: chosen.for(reading.file) } : ruleNamedBy(reading.file);
  if (!rule) return { unknownRule: name };
  const budgetMinor = chosen?.budgetMinor(reading.file) ?? reading.file.election.budgetMinor;
  const outcome = count({ ...reading.file.election, budgetMinor }, rule, lot);
  const moneyMinor = (rule.pots?.areas ?? []).reduce((sum, pot) => sum + pot.budgetMinor, budgetMinor);
  const countMs = performance.now() - parsed;
  return { file: reading.file, repairs: reading.repairs, rule: name, moneyMinor, outcome, parseMs: parsed - start, countMs };
}

/** The machine's answer: one flat object. */
function toJson(path: string, result: Result): object {
  const file = basename(path);
  if ('problems' in result) {
    return { file, error: 'malformed', problems: result.problems.map((problem) => ({ ...problem, reason: problemText(problem) })) };
  }
  if ('unknownRule' in result) return { file, error: 'unknown-rule', rule: result.unknownRule };
  const { outcome } = result;
  const decided = outcome.kind === 'decided' ? outcome : undefined;
  const { minorPerUnit } = result.file.election;
  return {
    file, rule: result.rule, winners: decided?.winners ?? null, cost: decided ? decided.costMinor / minorPerUnit : null,
    selected: result.file.selected ?? null, identical: isIdentical(result),
    parse_ms: rounded(result.parseMs), count_ms: rounded(result.countMs), peak_mb: rounded(process.resourceUsage().maxRSS / 1024),
    ...(decided ? { ties: decided.ties } : { error: 'needs-lot', tied: (outcome as NeedsLot).tied }),
    ...(result.repairs.length > 0 && { repairs: result.repairs.map((repair) => ({ ...repair, reason: problemText(repair) })) }),
  };
}

/** Null where there is nothing to compare. */
function isIdentical({ file, outcome }: Counted): boolean | null {
  if (!file.selected || outcome.kind !== 'decided') return null;
  const winners = new Set(outcome.winners);
  return winners.size === file.selected.length && file.selected.every((id) => winners.has(id));
}

function toText(path: string, result: Result): string {
  const title = basename(path);
  if ('problems' in result) return [`${title}: malformed, not counted`, ...result.problems.map((problem) => `  ${problemText(problem)}`)].join('\n');
  if ('unknownRule' in result) return `${title}: META's rule "${result.unknownRule}" does not say how to count; name one with --rule`;
  const { file, outcome, repairs } = result;
  const lines = [`${title}: ${result.rule}, ${file.election.ballots.count} ballots, read in ${rounded(result.parseMs)} ms, counted in ${rounded(result.countMs)} ms`];
  lines.push(...repairs.map((repair) => `  counted all the same, ${problemText(repair)}`));
  if (outcome.kind === 'needs-lot') return [...lines, `  a lot must decide between ${outcome.tied.join(', ')}: give one with --lot`].join('\n');
  const money = (minor: number) => moneyText(minor, file.election.minorPerUnit);
  for (const { projectId, votes, reason } of outcome.decisions) {
    lines.push(`  ${reason.kind === 'won' ? '+' : ' '} ${projectId.padEnd(16)} ${pointsText(votes, file.election.pointsPerUnit).padStart(8)} votes  ${reasonText(reason, money)}`);
  }
  const identical = isIdentical(result);
  const compared = identical === null ? '' : identical ? ', as the file has it' : ', not what the file has';
  lines.push(`  ${outcome.winners.length} funded for ${money(outcome.costMinor)} of ${money(result.moneyMinor)}${compared}`);
  lines.push(...outcome.ties.map(({ tied }) => `  the lot decided between ${tied.join(', ')}`));
  return lines.join('\n');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function main(): number {
  const { values, positionals: paths } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: 'string' }, lot: { type: 'string' }, json: { type: 'boolean' }, lenient: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help || paths.length === 0) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  const chosen = chooseRule(values.rule);
  const lot = parseLot(values.lot);
  let failed = 0;
  for (const [index, path] of paths.entries()) {
    if (paths.length > 1 && process.stderr.isTTY) process.stderr.write(`\r[${index + 1}/${paths.length}] `);
    const bytes = readBytes(path);
    if (bytes instanceof Error) {
      console.error(`${path}: ${bytes.message}`);
      if (values.json) console.log(JSON.stringify({ file: basename(path), error: 'unreadable' }));
      failed = 2;
      continue;
    }
    const result = countFile(bytes, chosen, lot, values.lenient ?? false);
    if (!('outcome' in result) || result.outcome.kind === 'needs-lot') failed = Math.max(failed, 1);
    console.log(values.json ? JSON.stringify(toJson(path, result)) : toText(path, result));
  }
  return failed;
}

await runCounting(main);
