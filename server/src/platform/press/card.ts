/** A share card: 1200 by 630 pixels, drawn as outlines only, so that every machine shows the same letters. */
import type { CardWords, Direction } from './contract.ts';
import { faceOf, fit, setLine, type Line, type Weight } from './type.ts';

const CARD_WIDTH = 1200;
const CARD_HEIGHT = 630;
const MARGIN = 72;
const POT_WIDTH = 250;
const COLUMN = CARD_WIDTH - 2 * MARGIN - POT_WIDTH - 48;
const INK = { paper: '#fffdf9', ink: '#1d1a17', soft: '#615a52', pot: '#a8431f', deep: '#7d2f13', wash: '#f6f0e6' };

const round = (value: number) => Math.round(value * 100) / 100;

/** A line as outlines; `baseline` and `edge`, where it begins, in pixels. */
function outline(line: Line, edge: number, baseline: number, size: number, colour: string, direction: Direction): string {
  const left = direction === 'rtl' ? edge - line.width : edge;
  const glyphs = line.pieces.flatMap(({ face, run, x }) => {
    const scale = size / faceOf(face).font.unitsPerEm;
    let pen = 0;
    return run.glyphs.map((glyph, index) => {
      const position = run.positions[index] ?? { xAdvance: 0, xOffset: 0, yOffset: 0 };
      const at = `matrix(${round(scale * 1000) / 1000} 0 0 ${-round(scale * 1000) / 1000} ${round(left + x + (pen + position.xOffset) * scale)} ${round(baseline - position.yOffset * scale)})`;
      pen += position.xAdvance;
      const path = glyph.path.toSVG();
      return path ? `<path transform="${at}" d="${path}"/>` : '';
    });
  });
  return `<g fill="${colour}">${glyphs.join('')}</g>`;
}

/** The card as SVG. Nothing of it can overflow: every line is measured, and what does not fit is cut with an ellipsis. */
export function drawCard(words: CardWords): string {
  const { direction } = words;
  const edge = direction === 'rtl' ? CARD_WIDTH - MARGIN : MARGIN;
  const potX = direction === 'rtl' ? MARGIN : CARD_WIDTH - MARGIN - POT_WIDTH;
  const parts: string[] = [];
  const lines = (text: string, weight: Weight, sizes: { size: number; most: number }[], width: number, from: number, colour: string, leading: number): number => {
    const set = fit(text, weight, sizes, width, direction);
    let baseline = from;
    for (const line of set.lines) {
      baseline += set.size * leading;
      parts.push(outline(setLine(line, weight, set.size, direction), edge, baseline, set.size, colour, direction));
    }
    return baseline;
  };
  lines(words.fund, 800, [{ size: 34, most: 1 }, { size: 28, most: 1 }], CARD_WIDTH - 2 * MARGIN, 52, INK.pot, 1);
  const kicker = lines(words.kicker, 400, [{ size: 30, most: 1 }], COLUMN, 124, INK.soft, 1);
  // Arabic letters reach further up and down.
  const leading = direction === 'rtl' ? 1.38 : 1.12;
  const title = lines(words.title, 800, [{ size: 76, most: 2 }, { size: 64, most: 3 }, { size: 54, most: direction === 'rtl' ? 3 : 4 }, { size: 44, most: 4 }], COLUMN, kicker + 8, INK.ink, leading);
  const figure = words.figure ? lines(words.figure, 800, [{ size: 52, most: 1 }, { size: 40, most: 1 }], COLUMN, Math.max(title + 14, 396), INK.pot, 1) : Math.max(title, 420);
  lines(words.lead, 400, [{ size: 32, most: 2 }, { size: 28, most: 2 }], COLUMN, Math.min(figure + 12, 506), INK.ink, direction === 'rtl' ? 1.4 : 1.25);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}" viewBox="0 0 ${CARD_WIDTH} ${CARD_HEIGHT}">
<rect width="${CARD_WIDTH}" height="${CARD_HEIGHT}" fill="${INK.paper}"/><rect y="610" width="${CARD_WIDTH}" height="20" fill="${INK.pot}"/>
<g transform="translate(${potX} 196) scale(${POT_WIDTH / 28})"><path d="M4 9h20l-2.2 12.4A4 4 0 0 1 17.9 25h-7.8a4 4 0 0 1-3.9-3.6Z" fill="${INK.pot}"/><path d="M4.62 12.5h18.76L21.8 21.4A4 4 0 0 1 17.9 25h-7.8a4 4 0 0 1-3.9-3.6Z" fill="${INK.deep}"/><path d="M2.5 6.5h23" stroke="${INK.pot}" stroke-width="3.2" stroke-linecap="round" fill="none"/></g>
${parts.join('\n')}
</svg>`;
}
