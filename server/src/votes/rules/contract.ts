/** The rules that a round may be counted by, and the shape of the file that freezes one. */
import { z } from 'zod';
import { route } from '../../platform/contract.ts';
import { presets } from '../counting/presets.ts';

export const listRules = route({
  method: 'GET', path: '/rules', access: 'anyone', params: z.object({}),
  summary: 'The presets: the field’s usual rules and those of real cities, by name. A round may take one as it is, or with a threshold, caps, conflicts and pots of its own.',
  answer: z.object({
    presets: z.array(z.object({
      name: z.enum(Object.keys(presets) as [string, ...string[]]),
      rule: z.record(z.string(), z.unknown()),
      /** SHA-256 of the rule as it is, 64 hexadecimal digits. */
      digest: z.string(),
    })),
  }),
  problems: [],
});

export const readRuleSchema = route({
  method: 'GET', path: '/rules/schema', access: 'anyone', params: z.object({}),
  summary: 'The JSON schema of rule.json, which every round publishes when voting opens.',
  answer: z.record(z.string(), z.unknown()),
  problems: [],
});
