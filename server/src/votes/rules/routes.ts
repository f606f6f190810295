/** Serves the rules' contracts: data that never changes while a process runs. */
import { serve } from '../../platform/serve.ts';
import type { WebApp } from '../../platform/services.ts';
import { ruleDigest } from '../counting/digest.ts';
import { presets, type PresetName } from '../counting/presets.ts';
import * as contract from './contract.ts';
import { ruleFileSchema } from './schema.ts';

export function ruleRoutes(app: WebApp): void {
  const schema = ruleFileSchema();
  const all = (Object.keys(presets) as PresetName[]).map((name) => ({ name, rule: presets[name], digest: ruleDigest(presets[name]) }));
  serve(app, contract.listRules, async () => ({ presets: all }));
  serve(app, contract.readRuleSchema, async () => schema);
}
