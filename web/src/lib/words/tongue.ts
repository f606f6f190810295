/** In which language a text stands on the page, so that it is spoken and laid out rightly: a translation where there is one, else the original. */

/** What the `lang` and `dir` attributes say. */
export interface Speech {
  lang: string;
  dir: 'ltr' | 'rtl';
}

export interface Tongue extends Speech {
  /** Who translated it, and when it was corrected after the ballot was published; null for the original. */
  by: { translator: string; correctedAt: string | null } | null;
  /** What the translator left out stands in the original's words. */
  inSummary: Speech;
  inDescription: Speech;
  original: Speech & { title: string; summary: string; description: string };
}

interface Said {
  title: string;
  summary: string;
  /** Not in lists. */
  description?: string;
  translator: string;
  correctedAt: string | null;
}

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur', 'ps', 'ku', 'yi'];

/** The attributes of a text in this language. */
export function speech(language: string): Speech {
  return { lang: language, dir: RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr' };
}

/** A text in the words of its translation, as far as it goes. `written` is the original's language. */
export function inTongue<T extends { title: string; summary: string; description?: string; said: Said | null }>(text: T, written: string, reader: string): T & { tongue: Tongue } {
  const { title, summary, description = '', said } = text;
  const original = { ...speech(written), title, summary, description };
  const [own, other] = [speech(reader), speech(written)];
  if (!said) return { ...text, tongue: { ...other, inSummary: other, inDescription: other, by: null, original } };
  return {
    ...text, title: said.title, summary: said.summary || summary, ...(text.description === undefined ? {} : { description: said.description || description }),
    tongue: { ...own, inSummary: said.summary ? own : other, inDescription: said.description ? own : other, by: { translator: said.translator, correctedAt: said.correctedAt }, original },
  };
}
