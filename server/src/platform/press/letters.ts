/** Letters that carry a printed code: a page each, real words in a tagged PDF (PDF/UA-1), so that they can be read aloud. */
import PDFDocument from 'pdfkit';
import { bytesOf } from './bytes.ts';
import type { LetterWords } from './contract.ts';
import { drawLine, drawPot, drawSquareAt, HEIGHT, INK, INNER, MARGIN, WIDTH } from './poster.ts';
import { fit, type Weight } from './type.ts';

const SQUARE = 132;
/** The largest at which everything is on the sheet. */
const SCALES = [1, 0.86];
const SMALLEST = 0.72;
type Sizes = { size: number; most: number }[];
type Set = ReturnType<typeof fit>;

/** The bytes of all letters. They hold no time. */
export async function drawLetters(words: LetterWords): Promise<Buffer> {
  // The types do not know PDF/UA yet.
  const document = new PDFDocument({
    size: [WIDTH, HEIGHT], margin: 0, pdfVersion: '1.7', subset: 'PDF/UA' as 'PDF/A-1', tagged: true, lang: words.language, displayTitle: true, autoFirstPage: false,
    info: { Title: words.title, Author: words.fund, CreationDate: new Date(0), ModDate: new Date(0) },
  });
  return bytesOf(document, () => layOutAll(document, words));
}

function layOutAll(document: PDFKit.PDFDocument, words: LetterWords): void {
  const root = document.struct('Document');
  document.addStructure(root);
  // What stands on every letter is measured once.
  const measured = new Map<string, Set>();
  for (const letter of words.letters) {
    document.addPage();
    const section = document.struct('Sect');
    root.add(section);
    layOut(document, section, words, letter, measured, SCALES.find((scale) => layOut(document, null, words, letter, measured, scale) < HEIGHT - MARGIN / 2) ?? SMALLEST);
    section.end();
  }
  root.end();
}

/** Lays a letter out and answers where it ends; draws it where there is a section to draw it into. */
function layOut(document: PDFKit.PDFDocument, section: PDFKit.PDFStructureElement | null, words: LetterWords, letter: LetterWords['letters'][number], measured: Map<string, Set>, scale: number): number {
  const { direction } = words;
  const leading = direction === 'rtl' ? 1.5 : 1.3;
  const at = (...sizes: [size: number, most: number][]): Sizes => sizes.map(([size, most]) => ({ size: size * scale, most }));
  /** Draws words as one element from `top`; the answer is where they end. */
  const put = (tag: string, text: string, weight: Weight, sizes: Sizes, top: number, colour = INK.ink, from = 0, width = INNER): number => {
    const key = `${text}\0${weight}\0${width}\0${sizes[0]?.size}`;
    const set = measured.get(key) ?? fit(text, weight, sizes, width, direction);
    if (measured.size < 1000) measured.set(key, set);
    section?.add(document.struct(tag, { actual: text.replace(/[\u2066-\u2069]/g, '') }, () => {
      set.lines.forEach((line, index) => drawLine(document, line, weight, set.size, direction, { left: MARGIN + from, width, baseline: top + set.size * (1 + index * leading) }, colour));
    }));
    return top + set.size * (1 + (set.lines.length - 1) * leading) + set.size * 0.3;
  };
  const body: Sizes = at([14, 8], [12, 10]);
  if (section) {
    document.markContent('Artifact');
    drawPot(document, direction);
    document.endMarkedContent();
  }
  put('P', words.fund, 800, [{ size: 16, most: 1 }, { size: 12, most: 2 }], MARGIN + 6, INK.pot, direction === 'rtl' ? 0 : 44, INNER - 44);
  // Where a window envelope shows it.
  let y = put('P', letter.name ? [letter.name, letter.postcode].filter(Boolean).join(', ') : words.toWhom, 400, [{ size: 13, most: 2 }], MARGIN + 92);
  y = put('H1', words.title, 800, at([26, 2], [21, 3]), Math.max(y + 28, MARGIN + 150));
  y = put('P', words.greeting.replace('{name}', letter.name ?? words.toWhom), 400, body, y + 12);
  y = put('P', words.what, 400, body, y + 6);
  y = put('H2', words.codeLabel, 800, at([15, 1]), y + 16);
  // A code is read from left to right in every language.
  y = put('P', `\u2066${letter.code}\u2069`, 800, [{ size: 44, most: 1 }, { size: 34, most: 1 }], y + 4, INK.pot);
  y = put('P', words.codeHow, 400, body, y + 8);
  y = put('H2', words.where, 800, at([15, 1]), y + 16);
  const squareTop = y + 8;
  const left = direction === 'rtl' ? WIDTH - MARGIN - SQUARE : MARGIN;
  section?.add(document.struct('Figure', { alt: words.square, bbox: [left, squareTop, left + SQUARE, squareTop + SQUARE] } as object, () => drawSquareAt(document, words.url, left, squareTop, SQUARE)));
  const [beside, width] = [direction === 'rtl' ? 0 : SQUARE + 20, INNER - SQUARE - 20];
  let side = put('P', words.link, 800, at([14, 2], [11, 4]), squareTop, INK.pot, beside, width);
  side = put('P', words.until, 400, body, side + 6, INK.ink, beside, width);
  y = Math.max(side, squareTop + SQUARE);
  y = put('H2', words.lostLabel, 800, at([15, 1]), y + 14);
  y = put('P', words.lost, 400, body, y + 4);
  y = put('P', words.secret, 400, body, y + 6);
  return put('P', words.help, 800, body, y + 10);
}
