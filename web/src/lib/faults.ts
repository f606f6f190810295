/** The sentence for each problem of the API. A test holds that every code has one. */
import { m } from '#lib/paraglide/messages.js';

type Facts = { code: string; [fact: string]: unknown };

/** Says what went wrong and how to mend it. */
export function faultSentence(problem: Facts): string {
  const key = `problem_${problem.code.replaceAll('-', '_')}` as keyof typeof m;
  const sentence = m[key] as ((facts: Record<string, unknown>) => string) | undefined;
  return sentence ? sentence(problem) : m.problem_unexpected();
}
