/** Which rule `pnpm count` counts by: a preset's name, a rule file, or what the election's file says. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Lot } from '../../../server/src/votes/counting/lot.ts';
import type { PabulibFile } from '../../../server/src/votes/counting/pabulib.ts';
import { metaRule, ruleOfFile, thresholdOfFile } from '../../../server/src/votes/counting/pabulib-rule.ts';
import { isPresetName, presets } from '../../../server/src/votes/counting/presets.ts';
import { ruleSchema, wholeMinor, type Rule } from '../../../server/src/votes/counting/rule.ts';

export interface ChosenRule {
  readonly name: string;
  /** Undefined where the file names no rule that can be counted by. */
  for(file: PabulibFile): Rule | undefined;
  /** Whether ballots must be kept apart by area. */
  readonly needsAreas: boolean;
  /** What the whole has, in minor units: of a round's rule.json, the file's budget is all of the money, the areas' included. */
  budgetMinor(file: PabulibFile): number;
}

/** Throws an Error in plain words where `argument` is neither a preset nor a readable rule. */
export function chooseRule(argument: string | undefined): ChosenRule | undefined {
  if (argument === undefined) return undefined;
  const plain = { name: argument, needsAreas: false, budgetMinor: ({ election }: PabulibFile) => election.budgetMinor };
  if (argument === 'greedy-threshold') return { ...plain, for: (file) => ({ ...presets[argument], threshold: thresholdOfFile(file) }) };
  if (isPresetName(argument)) return { ...plain, for: () => presets[argument] };
  if (!existsSync(argument)) throw new Error(`no rule and no file is called ${argument}`);
  const json = readJson(argument);
  const published = publishedSchema.safeParse(json);
  const parsed = ruleSchema.safeParse(published.success ? published.data.counting.rule : json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${argument} is no rule: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const rule = parsed.data;
  return {
    ...plain, needsAreas: rule.pots !== null, for: () => rule,
    ...(published.success && { budgetMinor: ({ election }) => Math.max(0, wholeMinor(election.budgetMinor, rule)) }),
  };
}

/** A published round's rule.json has more in it than the rule. */
const publishedSchema = z.looseObject({ counting: z.looseObject({ rule: z.unknown() }) });

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is no rule: ${(error as Error).message}`, { cause: error });
  }
}

export function ruleNamedBy(file: PabulibFile): { name: string; rule: Rule | undefined } {
  return { name: metaRule(file), rule: ruleOfFile(file) };
}

/** "id", or a seed: 64 hexadecimal digits as bytes, anything else as UTF-8 text. */
export function parseLot(argument: string | undefined): Lot | undefined {
  if (argument === undefined) return undefined;
  if (argument === 'id') return { kind: 'id' };
  return { kind: 'seed', seed: Buffer.from(argument, /^[0-9a-f]{64}$/i.test(argument) ? 'hex' : 'utf8') };
}
