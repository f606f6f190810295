/** A round's and its projects' words in other languages and read aloud. The original is what is voted on; these stand beside it. */
import { z } from 'zod';
import { route, shapes } from '../../platform/contract.ts';
import { languages } from '../../platform/words.ts';
import { roundParams } from '../contract.ts';
import { wordsPolicy } from './policy.ts';
import { said } from './said.ts';

const done = z.object({ done: z.literal(true) });
const language = z.enum(languages);
/** `round`, or a project's id. */
const subject = z.union([z.literal('round'), shapes.id]);
const subjectParams = roundParams.extend({ subject, language });

const heard = z.object({ language, reader: z.string(), seconds: z.int() });

export const readWords = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/words/:language', access: 'anyone',
  summary: 'What a round and its projects say in one language, where somebody translated it, and what was read aloud in any. Projects from the notice on; before that for those who translate.',
  params: roundParams.extend({ language }),
  answer: z.object({
    /** The language of the fund, in which everything is written that names no other. */
    original: z.string(),
    round: said.nullable(),
    projects: z.array(said.extend({ project: shapes.id })),
    recordings: z.array(heard.extend({ subject })),
  }),
  problems: [],
});

export const readWordsOf = route({
  method: 'GET', path: '/funds/:fund/rounds/:round/words/of/:subject', access: 'anyone',
  summary: 'Every translation of one text, each as it is now and as it was on the published ballot before its corrections, and its recordings.',
  params: roundParams.extend({ subject }),
  answer: z.object({
    original: z.string(),
    translations: z.array(said.extend({ language, before: z.array(said) })),
    recordings: z.array(heard), may: z.array(z.string()),
  }),
  problems: [],
});

export const translate = route({
  method: 'PUT', path: '/funds/:fund/rounds/:round/words/:subject/:language', access: wordsPolicy.translate,
  summary: 'Keeps a translation by a named person. Once the ballot is published it is a correction, with its date; the original never changes.',
  params: subjectParams,
  body: z.object({
    title: z.string().trim().min(1).max(200), summary: shapes.text.default(''), description: z.string().trim().max(8000).default(''),
    /** As the translator agreed to be named in public. */
    translator: shapes.name,
  }),
  answer: done, problems: ['wrong-phase', 'same-language'],
});

export const recordReading = route({
  method: 'POST', path: '/funds/:fund/rounds/:round/words/:subject/:language/recording', access: wordsPolicy.record, status: 201, files: 1,
  summary: 'Keeps a reading (form field `recording`: MP3, M4A, Ogg or WAV, up to 5 MB and five minutes), in the place of the one before. Only the sound is kept: names, places, pictures and dates in the file are left out.',
  params: subjectParams, body: z.object({ reader: shapes.name }),
  answer: z.object({ seconds: z.int() }), problems: ['wrong-phase', 'audio-too-large', 'not-audio', 'audio-too-long'],
});

export const removeReading = route({
  method: 'DELETE', path: '/funds/:fund/rounds/:round/words/:subject/:language/recording', access: wordsPolicy.withdraw,
  summary: 'Takes a reading away for good: a voice is its owner’s.',
  params: subjectParams, answer: done, problems: [],
});
