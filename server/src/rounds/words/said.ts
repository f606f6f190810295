/** The shape of a translation, for every contract that shows a text. */
import { z } from 'zod';
import { shapes } from '../../platform/contract.ts';
import { languages } from '../../platform/words.ts';

/** Asks for the words of a round or its projects in the reader's language as well. */
export const readersLanguage = z.object({ language: z.enum(languages).optional() });

export const said = z.object({
  title: z.string(), summary: z.string(), description: z.string(), translator: z.string(),
  /** When it was changed after the ballot had been published; null for what was there before. */
  correctedAt: shapes.moment.nullable(),
});
