/** What the pages hand to the press, and what it gives them. */

export type Direction = 'ltr' | 'rtl';

export interface CardWords {
  direction: Direction;
  /** Whose money it is. */
  fund: string;
  /** What it is part of; one line. */
  kicker: string;
  title: string;
  /** A price, or all the money of a round; null without one. */
  figure: string | null;
  /** When, or what to do; at most two lines. */
  lead: string;
}

export interface PosterWords {
  language: string;
  direction: Direction;
  fund: string;
  kicker: string;
  title: string;
  figure: string | null;
  lead: string;
  /** What and when, a heading and its words each; at most four. */
  facts: { label: string; value: string }[];
  /** What to do, and what to do without a telephone. */
  how: string;
  withoutPhone: string;
  /** Whom one can ask. */
  ask: string;
  /** Where the square leads, and the same in short as one types it. */
  url: string;
  link: string;
  /** What the square is, for who cannot see it. */
  square: string;
}

/** Letters with printed codes: what stands on all of them, and on each. */
export interface LetterWords {
  language: string;
  direction: Direction;
  fund: string;
  title: string;
  /** With `{name}` where the name goes; `toWhom` stands there without one. */
  greeting: string;
  toWhom: string;
  what: string;
  codeLabel: string;
  codeHow: string;
  where: string;
  url: string;
  link: string;
  until: string;
  square: string;
  lostLabel: string;
  lost: string;
  secret: string;
  help: string;
  letters: readonly { code: string; name: string | null; postcode: string | null }[];
}

export interface Square {
  size: number;
  /** Dark runs of modules: x, y, length. */
  runs: [number, number, number][];
}

export interface Press {
  /** Changes with the words and with how they are drawn. */
  digest(words: CardWords | PosterWords): string;
  /** PNG, 1200 by 630; null while too many others wait. */
  card(words: CardWords): Promise<Uint8Array<ArrayBuffer> | null>;
  /** PDF, one A4 sheet; null while too many others wait. */
  poster(words: PosterWords): Promise<Uint8Array<ArrayBuffer> | null>;
  /** PDF, one A4 sheet a letter. Kept nowhere: codes are on it. Null while too many others wait. */
  letters(words: LetterWords): Promise<Uint8Array<ArrayBuffer> | null>;
  square(text: string): Square;
}
