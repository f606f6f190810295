/** A poster: one A4 sheet as a PDF, real letters and lines, tagged so that it can be read aloud. */
import PDFDocument from 'pdfkit';
import { bytesOf } from './bytes.ts';
import type { Direction, PosterWords } from './contract.ts';
import { drawSquare } from './square.ts';
import { faceOf, fit, setLine, type Weight } from './type.ts';

/** A4 in points. */
export const [WIDTH, HEIGHT, MARGIN] = [595.28, 841.89, 48];
export const INNER = WIDTH - 2 * MARGIN;
const SQUARE = 208;
export const INK = { ink: '#1d1a17', soft: '#4d473f', pot: '#a8431f' };

/** The most height that a fact takes; one that does not fit above the foot is left out. */
const FACT = 66;

type Sizes = { size: number; most: number }[];

/** The sheet's bytes. They hold no time. */
export async function drawPoster(words: PosterWords): Promise<Buffer> {
  const document = new PDFDocument({
    size: [WIDTH, HEIGHT], margin: 0, pdfVersion: '1.7', tagged: true, lang: words.language, displayTitle: true, autoFirstPage: true,
    info: { Title: words.title, Author: words.fund, CreationDate: new Date(0), ModDate: new Date(0) },
  });
  return bytesOf(document, () => layOut(document, words));
}

function layOut(document: PDFKit.PDFDocument, words: PosterWords): void {
  const { direction } = words;
  const root = document.struct('Document');
  document.addStructure(root);
  const leading = direction === 'rtl' ? 1.5 : 1.2;
  /** Draws words as one element from `top`; the answer is where they end. */
  const put = (tag: string, text: string, weight: Weight, sizes: Sizes, top: number, colour = INK.ink, from = 0, width = INNER): number => {
    const set = fit(text, weight, sizes, width, direction);
    root.add(document.struct(tag, { actual: text.replace(/[\u2066-\u2069]/g, '') }, () => {
      set.lines.forEach((line, index) => drawLine(document, line, weight, set.size, direction, { left: MARGIN + from, width, baseline: top + set.size * (1 + index * leading) }, colour));
    }));
    return top + set.size * (1 + (set.lines.length - 1) * leading) + set.size * 0.3;
  };
  document.markContent('Artifact');
  drawPot(document, direction);
  document.endMarkedContent();
  const head = direction === 'rtl' ? 0 : 44;
  put('P', words.fund, 800, [{ size: 18, most: 1 }, { size: 13, most: 2 }], MARGIN + 6, INK.pot, head, INNER - 44);
  let y = put('P', words.kicker, 400, [{ size: 16, most: 1 }, { size: 13, most: 2 }], MARGIN + 56, INK.soft);
  y = put('H1', words.title, 800, [{ size: 50, most: 2 }, { size: 42, most: 3 }, { size: 34, most: 4 }, { size: 27, most: 5 }], y + 8);
  if (words.figure) y = put('P', words.figure, 800, [{ size: 34, most: 1 }, { size: 24, most: 1 }], y + 8, INK.pot);
  y = put('P', words.lead, 400, [{ size: 18, most: 3 }, { size: 15, most: 4 }], y + 10);
  const foot = HEIGHT - MARGIN - SQUARE;
  for (const fact of words.facts.slice(0, 4)) {
    if (y + FACT > foot - 20) break;
    y = put('H2', fact.label, 400, [{ size: 12, most: 1 }], y + 10, INK.soft);
    y = put('P', fact.value, 800, [{ size: 18, most: 1 }, { size: 14, most: 2 }], y + 1);
  }
  const beside = direction === 'rtl' ? 0 : SQUARE + 24;
  const width = INNER - SQUARE - 24;
  document.save().lineWidth(2).strokeColor(INK.pot).moveTo(MARGIN, foot - 14).lineTo(WIDTH - MARGIN, foot - 14).stroke().restore();
  root.add(document.struct('Figure', { alt: words.square, bbox: [squareLeft(direction), foot, squareLeft(direction) + SQUARE, foot + SQUARE] } as object, () => drawSquareAt(document, words.url, squareLeft(direction), foot, SQUARE)));
  let f = put('H2', words.how, 800, [{ size: 19, most: 2 }, { size: 16, most: 3 }], foot + 2, INK.ink, beside, width);
  f = put('P', words.link, 800, [{ size: 15, most: 1 }, { size: 12, most: 2 }, { size: 10, most: 3 }], f + 4, INK.pot, beside, width);
  f = put('P', words.withoutPhone, 400, [{ size: 14, most: 3 }, { size: 12, most: 4 }], f + 8, INK.ink, beside, width);
  put('P', words.ask, 400, [{ size: 12, most: 2 }, { size: 10, most: 3 }], f + 4, INK.soft, beside, width);
  root.end();
}

const squareLeft = (direction: Direction) => (direction === 'rtl' ? WIDTH - MARGIN - SQUARE : MARGIN);

/** One line as text, run by run at the places that were measured. */
export function drawLine(document: PDFKit.PDFDocument, text: string, weight: Weight, size: number, direction: Direction, at: { left: number; width: number; baseline: number }, colour: string): void {
  const line = setLine(text, weight, size, direction);
  const left = direction === 'rtl' ? at.left + at.width - line.width : at.left;
  document.fontSize(size).fillColor(colour);
  for (const piece of line.pieces) {
    document.registerFont(piece.face, faceOf(piece.face).data as never);
    // With features named, even none, a run is shaped as a whole and in its own direction.
    document.font(piece.face).text(piece.text, left + piece.x, at.baseline, { lineBreak: false, baseline: 'alphabetic', features: [] });
  }
}

/** The sign of the house, in the corner where reading begins. */
export function drawPot(document: PDFKit.PDFDocument, direction: Direction): void {
  document.save().translate(direction === 'rtl' ? WIDTH - MARGIN - 32 : MARGIN, MARGIN).scale(32 / 28);
  document.path('M4 9h20l-2.2 12.4A4 4 0 0 1 17.9 25h-7.8a4 4 0 0 1-3.9-3.6Z').fill(INK.pot);
  document.path('M2.5 6.5h23').lineWidth(3.2).lineCap('round').stroke(INK.pot).restore();
}

/** The square of an address, `side` points wide. */
export function drawSquareAt(document: PDFKit.PDFDocument, url: string, left: number, top: number, side: number): void {
  const { size, runs } = drawSquare(url);
  document.save().translate(left, top).scale(side / size).rect(0, 0, size, size).fill('#ffffff');
  for (const [x, y, length] of runs) document.rect(x, y, length, 1);
  document.fill('#000000').restore();
}
