/** rule.json as a JSON schema (draft 2020-12), made from the shape that the code itself reads it with. Pure. */
import { z } from 'zod';
import { statementSchema } from '../published/record.ts';

export function ruleFileSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(statementSchema),
    title: 'rule.json',
    description: 'Everything that is frozen and published when the voting of a round opens: the projects, the ballot, the rule of the count, the log’s key and the lot.',
  };
}
