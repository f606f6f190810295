/** The press: letters of every language we speak, lines that never overflow, each thing drawn once, and nobody's telephone needed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawCard } from '@commonpot/server/platform/press/card';
import type { CardWords, LetterWords, PosterWords } from '@commonpot/server/platform/press/contract';
import { drawPoster } from '@commonpot/server/platform/press/poster';
import { makePress } from '@commonpot/server/platform/press/press';
import { drawSquare } from '@commonpot/server/platform/press/square';
import { fit, setLine } from '@commonpot/server/platform/press/type';

const card = (change: Partial<CardWords> = {}): CardWords => ({ direction: 'ltr', fund: 'Tanner Hill money', kicker: 'Autumn', title: 'Benches', figure: '£400', lead: 'Voting is open.', ...change });
const poster = (change: Partial<PosterWords> = {}): PosterWords => ({
  ...card(), language: 'en', facts: [{ label: 'When', value: 'Until Sunday' }], how: 'Point your phone’s camera at the square', withoutPhone: 'No phone? Ask.', ask: 'Ask the trust.', url: 'https://example.org/r/a/b', link: 'example.org/r/a/b', square: 'A square', ...change,
});

describe('type', () => {
  it.each([
    ['English', 'What £60,000 did – “91p of every pound”, it’s true…', 'ltr'], ['Polish', 'Zażółć gęślą jaźń, ŁÓDŹ „ćma”', 'ltr'], ['Arabic', 'مقاعد مظلّلة، لا تُنسى: ٪ ؟ «الحيّ»', 'rtl'],
  ] as const)('has a shape for every letter of %s', (_language, text, direction) => {
    const glyphs = setLine(text, 800, 10, direction).pieces.flatMap((piece) => piece.run.glyphs.map((glyph) => glyph.id));
    expect(glyphs.length).toBeGreaterThan(20);
    expect(glyphs).not.toContain(0);
  });

  it('joins Arabic letters, and puts words and numbers in the order in which they are read', () => {
    const [word] = setLine('بيت', 400, 10, 'rtl').pieces;
    expect(word?.run.glyphs.map((glyph) => (glyph as unknown as { name: string }).name).join(' ')).toMatch(/fina.*(init|medi)/);
    // From the left: what is said last, then the Latin words as they are, then what is said first; the brackets turned.
    expect(setLine('What should £60,000 do?', 400, 10, 'rtl').pieces.map((piece) => piece.text).join('')).toBe('What should £60,000 do?');
    expect(setLine('شارع (Kiln Street) وحديقة', 400, 10, 'rtl').pieces.map((piece) => piece.text.trim()).filter(Boolean)).toEqual([expect.stringContaining('وحديقة'), '(', 'Kiln Street', ')', expect.stringContaining('شارع')].map((each) => each));
  });

  it('wraps whatever people write into its lines, none wider than their place', () => {
    const letters = fc.constantFrom('Wi', 'żółw', 'مكتبة', ' ', ' ', '£1,200', '(', '😀', 'x'.repeat(40), '漢', '\u2068', 'а');
    fc.assert(fc.property(fc.array(letters, { maxLength: 60 }), fc.constantFrom('ltr' as const, 'rtl' as const), fc.integer({ min: 120, max: 700 }), (parts, direction, width) => {
      const set = fit(parts.join(''), 800, [{ size: 60, most: 2 }, { size: 30, most: 3 }], width, direction);
      expect(set.lines.length).toBeLessThanOrEqual(3);
      for (const line of set.lines) expect(setLine(line, 800, set.size, direction).width).toBeLessThanOrEqual(Math.max(width, set.size * 1.6));
    }), { numRuns: 30 });
  });
});

describe('the press', () => {
  it('draws a card of its size and a tagged sheet of one page, in each direction, without a font of the machine', async () => {
    const press = makePress();
    for (const direction of ['ltr', 'rtl'] as const) {
      const png = Buffer.from((await press.card(card({ direction, title: 'مقاعد and Łąki' }))) as Uint8Array);
      expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 1200, 630]);
      const pdf = Buffer.from((await press.poster(poster({ direction, title: 'مقاعد and Łąki' }))) as Uint8Array).toString('latin1');
      expect(pdf).toMatch(/^%PDF-1\.7/);
      for (const part of ['/Marked true', '/StructTreeRoot', '/S /H1', '/S /Figure', '/Lang (en)', '/FontFile2']) expect(pdf).toContain(part);
      expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
      // Real letters and lines: no picture in it.
      expect(pdf).not.toContain('/Subtype /Image');
    }
    expect(drawCard(card())).not.toMatch(/<text|font-family|<image/);
    // The same words, the same bytes.
    expect((await drawPoster(poster())).equals(await drawPoster(poster()))).toBe(true);
  });

  it('draws each thing once however many ask, one at a time, and refuses a crowd', async () => {
    let [drawn, now, most] = [0, 0, 0];
    const press = makePress(async () => {
      drawn += 1;
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return new Uint8Array(10);
    });
    expect((await Promise.all(Array.from({ length: 200 }, () => press.card(card())))).every((each) => each?.length === 10)).toBe(true);
    await press.card(card());
    expect(drawn).toBe(1);
    const crowd = await Promise.all(Array.from({ length: 60 }, (_, n) => press.card(card({ title: `Card ${n}` }))));
    expect([crowd.filter((each) => each === null).length, drawn, most]).toEqual([36, 25, 1]);
    // A fault keeps nobody else from being drawn, and is not kept.
    let broken = true;
    const shaky = makePress(async () => { if (broken) throw new Error('no ink'); return new Uint8Array(1); });
    await expect(shaky.card(card())).rejects.toThrow('no ink');
    broken = false;
    expect(await shaky.card(card())).toHaveLength(1);
  });

  it('draws a fund’s letters, however many strangers ask for cards', async () => {
    const press = makePress(async () => new Uint8Array(10));
    const crowd = Promise.all(Array.from({ length: 60 }, (_, n) => press.card(card({ title: `Card ${n}` }))));
    expect(await press.letters({} as LetterWords)).toHaveLength(10);
    expect((await crowd).filter((each) => each === null)).toHaveLength(36);
  });

  it('makes squares with the quiet zone that cameras need', () => {
    const { size, runs } = drawSquare('https://example.org/r/tanner-hill/autumn');
    for (const [x, y, length] of runs) expect(Math.min(x, y, size - y - 1, size - x - length)).toBeGreaterThanOrEqual(4);
  });
});
