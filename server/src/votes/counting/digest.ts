/** One text, and so one digest, for a rule however its keys are ordered: RFC 8785 for the plain data that rules are. */
import { createHash } from 'node:crypto';
import { compareText } from './lot.ts';
import type { Rule } from './rule.ts';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Keys sorted by UTF-16 code units, no spaces. Numbers in rules are whole and safe, which JSON writes one way only. */
export function canonicalJson(value: Plain): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value).sort(compareText);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`).join(',')}}`;
}

/** SHA-256 of the rule's canonical text in UTF-8, as 64 hexadecimal digits: what is published when a rule is frozen. */
export function ruleDigest(rule: Rule): string {
  return createHash('sha256').update(canonicalJson(rule), 'utf8').digest('hex');
}

function isList(value: object): value is readonly Plain[] {
  return Array.isArray(value);
}
