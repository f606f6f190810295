import type { readWords } from '@commonpot/server/rounds/words/contract';
import { call, must } from '#lib/api.ts';
import { locales } from '#lib/paraglide/runtime.js';
import { paramsOf } from '#lib/rounds/admin.server.ts';
import { openTexts } from '#lib/words/desk.server.ts';

export const load = async (event) => {
  const { fund, round, texts } = await openTexts(event);
  const inEach = await Promise.all(locales.map(async (language) => ({ language, words: must(await call<typeof readWords>(event, 'GET', '/funds/:fund/rounds/:round/words/:language', { params: { ...paramsOf(event), language } })) })));
  const isThere = (language: string, subject: string) => {
    const words = inEach.find((each) => each.language === language)?.words;
    return {
      language,
      isTranslated: subject === 'round' ? words?.round !== null : (words?.projects.some((each) => each.project === subject) ?? false),
      isRecorded: words?.recordings.some((each) => each.subject === subject && each.language === language) ?? false,
    };
  };
  return { fund, round, texts: texts.map((text) => ({ ...text, languages: locales.map((language) => isThere(language, text.subject)) })) };
};
