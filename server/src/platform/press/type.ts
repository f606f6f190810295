/**
 * Setting lines of type without any font of the machine: Noto Sans from its packages, Arabic shaped and in its own
 * direction (Unicode's bidirectional algorithm), every line measured before it is drawn.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';
import { create, type Font, type GlyphRun } from 'fontkit';
import type { Direction } from './contract.ts';

export type Weight = 400 | 800;

/** A run of glyphs in one font, at its place in the line. */
export interface Piece {
  face: string;
  /** As the font's own shaping expects it, mirrored where it runs from right to left. */
  text: string;
  run: GlyphRun;
  /** From the line's left edge, in pixels or points. */
  x: number;
  width: number;
}

export interface Line {
  pieces: Piece[];
  width: number;
}

const require = createRequire(import.meta.url);
const bidi = (require('bidi-js') as () => Bidi)();
/** Tried in this order; a character that none of them has is left out. */
const SUBSETS = [
  ['noto-sans', 'latin'], ['noto-sans', 'latin-ext'], ['noto-sans-arabic', 'arabic'], ['noto-sans', 'cyrillic'], ['noto-sans', 'cyrillic-ext'],
  ['noto-sans', 'greek'], ['noto-sans', 'vietnamese'],
] as const;
/** Marks that steer direction and have no shape. */
const CONTROLS = /[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufe0f]/;
const RIGHT_TO_LEFT = /\p{Script=Arabic}/u;
/** What makes a line one of Arabic words: its letters, and its comma, semicolon and question mark. */
const ARABIC_WORDS = /[\p{Script=Arabic}،؛؟]/u;
const fonts = new Map<string, { font: Font; data: Buffer }>();

/** A face's file and font, read once. */
export function faceOf(face: string): { font: Font; data: Buffer } {
  const known = fonts.get(face);
  if (known) return known;
  const [family = '', subset = '', weight = ''] = face.split('/');
  const data = readFileSync(require.resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`));
  const made = { font: create(data) as Font, data };
  fonts.set(face, made);
  return made;
}

/** The face for a character, the one before where it has it; null when none has. */
function faceFor(character: string, weight: Weight, before: string | null): string | null {
  const point = character.codePointAt(0) ?? 0;
  const has = (face: string) => faceOf(face).font.hasGlyphForCodePoint(point);
  if (before && has(before)) return before;
  return SUBSETS.map(([family, subset]) => `${family}/${subset}/${weight}`).find(has) ?? null;
}

/** A line of somebody's words in another script keeps its own direction, so that its question mark ends it. */
function directionOf(text: string, direction: Direction): Direction {
  return /\p{L}/u.test(text) && !ARABIC_WORDS.test(text) ? 'ltr' : direction;
}

/** One line of type at a size, in visual order. */
export function setLine(text: string, weight: Weight, size: number, direction: Direction): Line {
  const { levels } = bidi.getEmbeddingLevels(text, directionOf(text, direction));
  const segments: { level: number; face: string; text: string }[] = [];
  let at = 0;
  for (const character of text) {
    const level = levels[at] ?? 0;
    at += character.length;
    if (CONTROLS.test(character)) continue;
    const last = segments.at(-1);
    const face = faceFor(/\s/.test(character) ? ' ' : character, weight, last?.face ?? null);
    if (!face) continue;
    const shown = /\s/.test(character) ? ' ' : level % 2 === 1 ? (bidi.getMirroredCharacter(character) ?? character) : character;
    if (last && last.level === level && last.face === face) last.text += shown;
    else segments.push({ level, face, text: shown });
  }
  let x = 0;
  const pieces = inVisualOrder(segments).map(({ face, text: logical, level }) => {
    const { font } = faceOf(face);
    // Letters of a script that runs from right to left are turned when they are shaped; what is between them is turned here.
    const isShaped = level % 2 === 1 && RIGHT_TO_LEFT.test(logical);
    const words = level % 2 === 1 && !isShaped ? [...logical].reverse().join('') : logical;
    const run = font.layout(words, undefined, undefined, undefined, isShaped ? 'rtl' : 'ltr');
    const width = (run.advanceWidth * size) / font.unitsPerEm;
    const piece = { face, text: words, run, x, width };
    x += width;
    return piece;
  });
  return { pieces, width: x };
}

/** Rule L2: from the highest level down, whatever is at it or above is turned around. */
function inVisualOrder<T extends { level: number }>(segments: readonly T[]): T[] {
  const order = [...segments];
  for (let level = Math.max(0, ...order.map((each) => each.level)); level > 0; level -= 1) {
    for (let from = 0; from < order.length; from += 1) {
      if ((order[from] as T).level < level) continue;
      let to = from;
      while (to + 1 < order.length && (order[to + 1] as T).level >= level) to += 1;
      order.splice(from, to - from + 1, ...order.slice(from, to + 1).reverse());
      from = to;
    }
  }
  return order;
}

/** Longer words are cut before anything is measured, so that nobody's text is a long calculation. */
const CHARACTERS_MAX = 700;
/** Letters of neighbouring words may lean on each other by a hair: lines keep this share of their width free. */
const SLACK = 0.005;

type Ruler = (words: string) => number;

/** Measures words in units of the type's size, each once. Words do not change each other's shapes, so a line is as wide as its words and spaces. */
function rulerFor(weight: Weight, direction: Direction): Ruler {
  const known = new Map<string, number>();
  const ruler: Ruler = (words) => {
    const found = known.get(words) ?? setLine(words, weight, 1, direction).width;
    known.set(words, found);
    return found;
  };
  return (line) => {
    const words = line.split(' ');
    return words.reduce((sum, word) => sum + ruler(word), 0) + (words.length - 1) * ruler(' ');
  };
}

/** How many of these letters fit. */
function lettersThatFit(letters: readonly string[], fits: (line: string) => boolean): number {
  let [least, most] = [1, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(letters.slice(0, middle).join(''))) least = middle;
    else most = middle - 1;
  }
  return least;
}

function wrapWith(ruler: Ruler, text: string, size: number, width: number, most: number): { lines: string[]; isWhole: boolean } {
  const fits = (line: string) => ruler(line) * size <= width * (1 - SLACK);
  const words = text.slice(0, CHARACTERS_MAX).split(/\s+/).filter(Boolean);
  const lines: string[] = [];
  let line = '';
  while (words.length > 0 && lines.length <= most) {
    const word = words.shift() as string;
    const longer = line ? `${line} ${word}` : word;
    if (fits(longer)) line = longer;
    else if (line) {
      lines.push(line);
      line = '';
      words.unshift(word);
    } else {
      const letters = [...word];
      const count = lettersThatFit(letters, fits);
      lines.push(letters.slice(0, count).join(''));
      if (count < letters.length) words.unshift(letters.slice(count).join(''));
    }
  }
  if (line) lines.push(line);
  if (lines.length <= most && text.length <= CHARACTERS_MAX) return { lines, isWhole: true };
  const kept = lines.slice(0, most);
  const letters = [...(kept.pop() ?? '')];
  const count = lettersThatFit(letters, (short) => fits(`${short}…`));
  return { lines: [...kept, `${letters.slice(0, count).join('').trimEnd()}…`], isWhole: false };
}

/**
 * The words in lines no wider than `width`, at the largest of these sizes at which all of them fit; else at the last.
 * A word that is too long for a line is broken, and what does not fit at all ends in an ellipsis.
 */
export function fit(text: string, weight: Weight, sizes: readonly { size: number; most: number }[], width: number, direction: Direction): { size: number; lines: string[] } {
  const ruler = rulerFor(weight, direction);
  let set = { size: 0, lines: [] as string[] };
  for (const { size, most } of sizes) {
    const { lines, isWhole } = wrapWith(ruler, text, size, width, most);
    set = { size, lines };
    if (isWhole) break;
  }
  return set;
}
