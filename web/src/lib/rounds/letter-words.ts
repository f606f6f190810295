/** What a letter with a printed code says, in the language chosen for the letters. */
import type { AnswerOf } from '@commonpot/server/platform/contract';
import type { LetterWords } from '@commonpot/server/platform/press/contract';
import type { readFund } from '@commonpot/server/people/contract';
import { moment, money } from '#lib/format.ts';
import { links } from '#lib/links.ts';
import { m } from '#lib/paraglide/messages.js';
import { serverAsyncLocalStorage } from '#lib/paraglide/runtime.js';
import type { AdminRound } from './steps.ts';

export type LetterLanguage = 'en' | 'pl' | 'ar';
export const LETTER_LANGUAGES: readonly LetterLanguage[] = ['en', 'pl', 'ar'];

interface Given {
  locale: LetterLanguage;
  help: string;
  origin: string;
  letters: LetterWords['letters'];
}

/** Whatever `say` says, in this language instead of the page's. */
function inLanguage<T>(locale: LetterLanguage, say: () => T): T {
  const storage = serverAsyncLocalStorage;
  return storage ? storage.run({ ...storage.getStore(), locale }, say) : say();
}

/** `help` is the number or address that the letter names; `origin` is the address of this site. */
export function letterWords(fund: AnswerOf<typeof readFund>, round: AdminRound, given: Given): LetterWords {
  return inLanguage(given.locale, () => wordsOf(fund, round, given));
}

function wordsOf(fund: AnswerOf<typeof readFund>, round: AdminRound, given: Given): LetterWords {
  const { locale, help, origin, letters } = given;
  const url = origin + links.vote(fund.slug, round.slug);
  const link = url.replace(/^https?:\/\//, '');
  const budget = money(round.budgetMinor ?? 0, round.currency);
  const until = round.votingClosesAt ? m.letter_until({ date: moment(round.votingClosesAt, fund.timeZone) }) : '';
  return {
    language: locale, direction: locale === 'ar' ? 'rtl' : 'ltr', fund: fund.name, title: m.letter_title({ title: round.title }),
    greeting: m.letter_greeting({ name: '{name}' }), toWhom: m.letter_neighbour(), what: round.isPractice ? m.letter_what_practice() : m.letter_what({ budget }),
    codeLabel: m.letter_code(), codeHow: m.letter_code_how(), where: m.letter_where(), url, link, until,
    square: m.letter_square({ link }), lostLabel: m.letter_lost_label(), lost: m.letter_lost(), secret: m.letter_secret(),
    help: m.letter_help({ help }), letters,
  };
}
